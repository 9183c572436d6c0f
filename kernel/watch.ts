import type { FileWatcherEventKind, System } from "@tslab/typescript-for-tslab";

const CHANGED: FileWatcherEventKind.Changed = 1;

type FileCallback = Parameters<NonNullable<System["watchFile"]>>[1];

/**
 * Notifies the compiler of changed files when we know of them, instead of file system watchers: nothing changes behind
 * a cell's back, and a large node_modules costs nothing.
 */
export class FileWatch {
  readonly #files = new Map<string, FileCallback>();

  /** The file-watching half of TypeScript's System. */
  system(): Pick<System, "watchFile" | "watchDirectory"> {
    return {
      watchFile: (path, callback) => {
        this.#files.set(path, callback);
        return { close: () => void this.#files.delete(path) };
      },
      watchDirectory: () => ({ close: () => {} }),
    };
  }

  /** Makes the compiler read this file again before the next cell. */
  changed(path: string): void {
    this.#files.get(path)?.(path, CHANGED);
  }
}
