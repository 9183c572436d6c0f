import type { Diagnostic } from "tslab/dist/converter";
import { ThumbrankError } from "../lib/base/errors";

/** A cell that the compiler rejects; none of it has run. */
export class CellDoesNotCompile extends ThumbrankError {
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super("CELL_DOES_NOT_COMPILE", {
      what: diagnostics.map(describe).join("; "),
      next: "correct the cell; nothing of it has run",
    });
  }

  /** The first line that is rejected, counted from 1. */
  get line(): number | undefined {
    const [first] = this.diagnostics;
    return first === undefined ? undefined : first.start.line + 1;
  }
}

const describe = ({ start, messageText, code }: Diagnostic) => `line ${start.line + 1}: ${messageText} (TS${code})`;

/** `lib` on disk has type errors; cells that import it do not run. */
export class LibDoesNotCompile extends ThumbrankError {
  constructor(readonly lines: readonly string[]) {
    super("LIB_DOES_NOT_COMPILE", {
      what: lines.join("\n"),
      next: "correct lib, then run this cell again",
    });
  }
}

/** The user pressed stop. */
export class CellInterrupted extends ThumbrankError {
  constructor() {
    super("CELL_INTERRUPTED", {
      what: "the cell was stopped",
      next: "run it again; long jobs continue from where they were",
    });
  }
}

/** Something that an earlier cell started without awaiting it failed after that cell had ended. */
export class FailedInBackground extends ThumbrankError {
  constructor(count: number | undefined, thrown: unknown) {
    super("CELL_FAILED_IN_BACKGROUND", {
      what: `what cell [${count ?? "?"}] left running has failed: ${thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)}`,
      next: "await in that cell what it starts; then run this one again",
      cause: thrown,
    });
  }
}
