/** A step of the set-up that could not be done; docs/ERRORS.md has a row for each code. */
export class SetupFailed extends Error {
  /**
   * @param {string} code
   * @param {{ what: string, next: string }} facts
   */
  constructor(code, { what, next }) {
    super(`${what}. Next: ${next}`);
    this.name = code;
    this.code = code;
    this.what = what;
    this.next = next;
  }
}

/** Says what failed, in the form that every message of ours has, those of lib included. */
export function show(failure) {
  return failure?.what !== undefined && failure.next !== undefined
    ? `${failure.code}: ${failure.what}\nNext: ${failure.next}`
    : String(failure?.stack ?? failure);
}
