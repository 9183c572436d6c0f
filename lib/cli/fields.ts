import { z } from "zod";

/** A single line of text, such as a title or a path, of limited length. */
export const plainText = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .regex(/^\P{Cc}*$/u);

/** A path of a file or folder. An address (with "://") is refused: it would make folders named after a password. */
export const Path = plainText(4096).refine(
  (text) => !text.includes("://"),
  "must be a path; an address (with ://) goes into an environment variable",
);

/** The name of a run or model: a single plain folder name, so that nothing outside is read or written. */
export const PlainName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
export const PLAIN_NAME_FORM = "letters, digits, dots, dashes and underscores, at most 64, the first a letter or digit";

/** Folder with encoders that were downloaded elsewhere. */
export const ModelFolder = Path.optional().meta({
  placeholder: "folder",
  description: "folder with the encoders in the hub's layout, where the hub is out of reach",
});

/** Whether a command waits for the next day's quota when today's is used up. */
export const WaitForQuota = z.boolean().default(false).meta({
  description: "when the day's quota is used up, sleep until midnight in California and continue",
});
