import { join } from "node:path";
import type { Converter } from "tslab/dist/converter";
import { activity, nextBackgroundError, settled, takeBackgroundError } from "./background";
import { asCell, type Cell } from "./cell";
import { LibCheck } from "./check-lib";
import { compileCell } from "./compile";
import { CellInterrupted, FailedInBackground } from "./errors";
import { cellFileName } from "./failure";
import { LibModules } from "./modules";
import { Scope } from "./scope";
import { restartTranspiler } from "./transpiler";

/** After an interrupt a cell may tidy up for so long, such as save a checkpoint. */
const GRACE_MS = 2000;
/** Timers and requests that a cell leaves at work are waited for so long; nobody looks at a headless run later. */
const SETTLE_MS = { atHand: 300, headless: 5000 };
const IMPORTS_LIB = /["'`]\.\/lib\b/;

/** The notebook's state between cells, and how one cell is run. */
export class Session {
  readonly modules: LibModules;
  readonly #check: LibCheck;
  readonly #scope: Scope;
  #converter: Converter;
  #declarations = "";
  #lastStartMs = Date.now();

  constructor(
    root: string,
    private readonly openConverter: () => Converter,
    readonly headless: boolean,
  ) {
    this.modules = new LibModules(join(root, "lib"));
    this.#check = new LibCheck(root, this.modules);
    this.#scope = new Scope(root);
    this.#converter = openConverter();
  }

  /** tslab's compiler, which also completes and explains. */
  get converter(): Converter {
    return this.#converter;
  }

  /** What cells have declared so far, for completion and inspection. */
  get declarations(): string {
    return this.#declarations;
  }

  /** Starts checking `lib`, so that the first cell that imports it need not wait. */
  warmUp(): void {
    this.#check.pass().catch(() => {});
  }

  /**
   * Compiles and runs a cell, and waits for what it started.
   * @returns the value of its last expression
   * @throws what the cell throws, CellDoesNotCompile, LibDoesNotCompile, Interrupted, FailedInBackground
   */
  async execute(cell: Cell): Promise<unknown> {
    const left = takeBackgroundError();
    if (left !== undefined) throw new FailedInBackground(left.count, left.thrown);
    this.modules.note(this.#lastStartMs);
    this.#lastStartMs = cell.startedAtMs;
    const checked = IMPORTS_LIB.test(cell.source) ? this.#renewLib() : Promise.resolve();
    // The check is a process of its own, so both go on at once; a cell that does not compile says so first.
    checked.catch(() => {});
    const compiled = compileCell(this.#converter, cellFileName(cell.count), cell.source, this.#declarations);
    await checked;
    // An interrupt may have come while the cell was compiled.
    await new Promise((resolve) => setImmediate(resolve));
    cell.signal.throwIfAborted();
    const { code, declarations, lastExpression } = compiled;
    if (code !== undefined) await this.#run(cell, () => this.#scope.run(code, cellFileName(cell.count)));
    this.#declarations = declarations;
    return lastExpression === undefined ? undefined : this.#scope.take(lastExpression);
  }

  async #renewLib(): Promise<void> {
    if (this.modules.refresh()) this.#renewConverter();
    await this.#check.pass();
  }

  /** The compiler remembers what it looked for in vain. */
  #renewConverter(): void {
    this.#converter.close();
    this.#converter = this.openConverter();
  }

  /** Whatever comes first: the cell's end, a failure in its background, or an interrupt and the time to tidy up. */
  async #run(cell: Cell, code: () => Promise<void>): Promise<void> {
    const before = activity();
    const failed = nextBackgroundError();
    try {
      await Promise.race([asCell(cell, async () => code()), failed, interrupted(cell.signal)]);
    } catch (thrown) {
      cell.interrupt();
      if (!isInterrupt(thrown)) throw thrown;
      restartTranspiler();
      throw new CellInterrupted();
    }
    cell.signal.throwIfAborted();
    await settled(before, this.headless ? SETTLE_MS.headless : SETTLE_MS.atHand);
    const backgroundError = takeBackgroundError();
    if (backgroundError === undefined) return;
    cell.interrupt();
    throw backgroundError.thrown;
  }
}

/** Node's own word for Ctrl-C in code that never awaits. */
const isInterrupt = (thrown: unknown) =>
  thrown instanceof Error && "code" in thrown && thrown.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";

function interrupted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => setTimeout(() => reject(signal.reason), GRACE_MS).unref(), { once: true });
  });
}
