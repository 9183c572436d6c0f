/** One finding of `thumbrank doctor`. */
export interface Finding {
  subject: string;
  /** ok: nothing to do; note: works, but could be better; problem: something will not work. */
  state: "ok" | "note" | "problem";
  value: string;
  /** What to do about a note or a problem. */
  next?: string;
}

export const ok = (subject: string, value: string): Finding => ({ subject, state: "ok", value });

export const note = (subject: string, value: string, next?: string): Finding => ({
  subject,
  state: "note",
  value,
  ...(next === undefined ? {} : { next }),
});

export const problem = (subject: string, value: string, next: string): Finding => ({
  subject,
  state: "problem",
  value,
  next,
});
