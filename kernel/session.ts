import { join } from "node:path";
import type { Converter } from "tslab/dist/converter";
import { activity, nextBackgroundError, settled, takeBackgroundError } from "./background";
import { asCell, type Cell } from "./cell";
import { LibCheck } from "./check-lib";
import { compileCell } from "./compile";
import { CellInterrupted, FailedInBackground } from "./errors";
import { cellFileName, type Failure, toFailure } from "./failure";
import { LibModules } from "./modules";
import { Scope } from "./scope";
import { toBundle } from "./shown";

/** Time that a cell has to clean up after an interrupt, for example to save a checkpoint. */
const GRACE_MS = 2000;
/** How long to wait for timers and requests that a cell leaves active; nobody looks at a headless run later. */
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

  /** tslab's compiler, which also provides completion and inspection. */
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
   * @returns what is shown for the value of its last expression
   * @throws what the cell throws, CellDoesNotCompile, LibDoesNotCompile, CellInterrupted, FailedInBackground
   */
  async execute(cell: Cell): Promise<Record<string, unknown> | undefined> {
    const left = takeBackgroundError();
    if (left !== undefined) {
      throw await this.#untilInterrupt(cell, () => new FailedInBackground(left.count, left.thrown));
    }
    this.modules.note(this.#lastStartMs);
    this.#lastStartMs = cell.startedAtMs;
    const checked = IMPORTS_LIB.test(cell.source) ? this.#renewLib() : Promise.resolve();
    // The check also makes the declarations that the cell is compiled with; a cell's own errors are reported first.
    await checked.catch(() => {});
    const compiled = compileCell(this.#converter, cellFileName(cell.count), cell.source, this.#declarations);
    await checked;
    const { code, declarations, lastExpression } = compiled;
    if (code !== undefined) await this.#run(cell, () => this.#scope.run(code, cellFileName(cell.count)));
    this.#declarations = declarations;
    const value = lastExpression === undefined ? undefined : this.#scope.take(lastExpression);
    return value == null ? undefined : this.#untilInterrupt(cell, () => toBundle(value));
  }

  /**
   * Describes a thrown value. Reading it may run code of the cell, such as a getter, which may throw or never end.
   * @param cell one that is not interrupted yet
   */
  async describe(cell: Cell, thrown: unknown): Promise<Failure> {
    try {
      return await this.#untilInterrupt(cell, () => toFailure(thrown, cell.count, cell.source));
    } catch (reason) {
      const shown = reason instanceof CellInterrupted ? reason : new Error("what was thrown cannot be shown as text");
      return toFailure(shown, cell.count, cell.source);
    }
  }

  /**
   * Runs code of a cell in its own turn of the event loop, and continues in another: if an interrupt terminates code,
   * V8 drops all microtasks of that turn, and none of them may be ours.
   */
  async #untilInterrupt<Result>(cell: Cell, code: () => Result | Promise<Result>): Promise<Result> {
    const begin = () => {
      // The interrupt may have come just before this turn, and code that has not begun is not notified.
      cell.signal.throwIfAborted();
      return code();
    };
    const done = new Promise<Result>((resolve, reject) => {
      setImmediate(() =>
        asCell(cell, async (): Promise<Result> => begin()).then(
          (result) => setImmediate(resolve, result),
          (thrown) => setImmediate(reject, thrown),
        ),
      );
    });
    const result = await Promise.race([done, interrupted(cell)]);
    cell.signal.throwIfAborted();
    return result;
  }

  async #renewLib(): Promise<void> {
    if (this.modules.refresh()) this.#renewConverter();
    await this.#check.pass();
  }

  /** The compiler caches failed look-ups. */
  #renewConverter(): void {
    this.#converter.close();
    this.#converter = this.openConverter();
  }

  /** Ends at the first of: the cell's end, a failure in its background, or an interrupt plus the grace period. */
  async #run(cell: Cell, code: () => Promise<void>): Promise<void> {
    const before = activity();
    const failed = nextBackgroundError();
    try {
      await Promise.race([this.#untilInterrupt(cell, code), failed]);
    } catch (thrown) {
      cell.interrupt();
      throw thrown;
    }
    await settled(before, this.headless ? SETTLE_MS.headless : SETTLE_MS.atHand, cell.signal);
    cell.signal.throwIfAborted();
    const backgroundError = takeBackgroundError();
    if (backgroundError === undefined) return;
    cell.interrupt();
    throw backgroundError.thrown;
  }
}

function interrupted(cell: Cell): Promise<never> {
  const { signal } = cell;
  return new Promise((_, reject) => {
    const stop = () => setTimeout(() => reject(signal.reason), cell.ended ? 0 : GRACE_MS).unref();
    signal.addEventListener("abort", stop, { once: true });
  });
}
