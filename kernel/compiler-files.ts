import type { FileWatcherEventKind, System } from "@tslab/typescript-for-tslab";

const CHANGED: FileWatcherEventKind.Changed = 1;

type FileCallback = Parameters<NonNullable<System["watchFile"]>>[1];

/**
 * The files as the compiler of cells sees them. It is notified of changes when we know of them, instead of by file
 * system watchers: nothing changes behind a cell's back, and a large node_modules costs nothing.
 */
export class CompilerFiles {
  readonly #watched = new Map<string, FileCallback>();
  #texts: ReadonlyMap<string, string> = new Map();

  /** What differs from TypeScript's own System. @param readFile reads from disk */
  system(readFile: System["readFile"]): Pick<System, "readFile" | "watchFile" | "watchDirectory"> {
    return {
      readFile: (path, encoding) => this.#texts.get(path) ?? readFile(path, encoding),
      watchFile: (path, callback) => {
        this.#watched.set(path, callback);
        return { close: () => void this.#watched.delete(path) };
      },
      watchDirectory: () => ({ close: () => {} }),
    };
  }

  /** From the next cell on the compiler reads these texts in place of the files at these absolute paths. */
  replace(texts: ReadonlyMap<string, string>): void {
    const before = this.#texts;
    this.#texts = texts;
    for (const path of new Set([...before.keys(), ...texts.keys()])) {
      if (before.get(path) !== texts.get(path)) this.#watched.get(path)?.(path, CHANGED);
    }
  }
}
