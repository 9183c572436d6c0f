import type { FileWatcherEventKind, System } from "@tslab/typescript-for-tslab";

const CREATED: FileWatcherEventKind.Created = 0;
const CHANGED: FileWatcherEventKind.Changed = 1;

type FileCallback = Parameters<NonNullable<System["watchFile"]>>[1];
type DirectoryCallback = Parameters<NonNullable<System["watchDirectory"]>>[1];

/**
 * Tells the compiler of changed files when we know of them, in place of watchers of the system: nothing changes
 * behind a cell's back, and a large node_modules costs nothing.
 */
export class FileWatch {
  readonly #files = new Map<string, FileCallback>();
  readonly #folders = new Map<string, DirectoryCallback>();

  /** The watching half of TypeScript's System. */
  system(): Pick<System, "watchFile" | "watchDirectory"> {
    return {
      watchFile: (path, callback) => this.#keep(this.#files, path, callback),
      watchDirectory: (path, callback) => this.#keep(this.#folders, path, callback),
    };
  }

  /** The compiler reads this file again before the next cell; one it did not know may now be found. */
  changed(path: string): void {
    const known = this.#files.get(path);
    known?.(path, CHANGED);
    if (known === undefined) this.#seek(path);
  }

  /** A file that the compiler looked for in vain has appeared. */
  appeared(path: string): void {
    this.#files.get(path)?.(path, CREATED);
    this.#seek(path);
  }

  #seek(path: string): void {
    for (const [folder, callback] of this.#folders) if (path.startsWith(`${folder}/`)) callback(path);
  }

  #keep<Callback>(where: Map<string, Callback>, path: string, callback: Callback): { close(): void } {
    where.set(path, callback);
    return { close: () => void where.delete(path) };
  }
}
