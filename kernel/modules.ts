import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** The modules of `lib` that are loaded, and which of them are older than their files. */
export class LibModules {
  readonly #loadedAtMs = new Map<string, number>();
  #known = new Set<string>();

  /** @param folder `lib`, as an absolute path */
  constructor(readonly folder: string) {
    this.#known = new Set(sourcesBelow(folder));
  }

  /** Records what has been loaded since the last call. @param sinceMs when the cell that loaded it began */
  note(sinceMs: number): void {
    for (const path of this.#loaded()) if (!this.#loadedAtMs.has(path)) this.#loadedAtMs.set(path, sinceMs);
  }

  /**
   * Drops modules whose file has changed, and all modules that import them: the next import reads them from disk.
   * @returns whether there are new source files
   */
  refresh(): boolean {
    const sources = sourcesBelow(this.folder);
    const grew = sources.some((path) => !this.#known.has(path));
    this.#known = new Set(sources);
    const stale = this.#loaded().filter((path) => changedAtMs(path) > (this.#loadedAtMs.get(path) ?? 0));
    this.#forget(new Set(stale));
    return grew;
  }

  /** Drops all modules. */
  reload(): void {
    this.refresh();
    this.#forget(new Set(this.#loaded()));
  }

  /** Drops modules whose loading was terminated midway. */
  forgetUnfinished(): void {
    for (const [path, module] of Object.entries(require.cache))
      if (module?.loaded === false) delete require.cache[path];
  }

  /** A string that changes with every source change; the compiler's verdict on `lib` holds until then. */
  state(): string {
    const sources = sourcesBelow(this.folder);
    return `${sources.length} ${Math.max(...sources.map(changedAtMs))}`;
  }

  #loaded(): string[] {
    return Object.keys(require.cache).filter((path) => path.startsWith(join(this.folder, "/")));
  }

  #forget(stale: Set<string>): void {
    for (const path of this.#withImporters(stale)) {
      delete require.cache[path];
      this.#loadedAtMs.delete(path);
    }
  }

  #withImporters(stale: Set<string>): Set<string> {
    const more = this.#loaded().filter((path) => !stale.has(path) && importsOneOf(path, stale));
    return more.length === 0 ? stale : this.#withImporters(new Set([...stale, ...more]));
  }
}

const importsOneOf = (path: string, stale: Set<string>) =>
  require.cache[path]?.children.some(({ filename }) => stale.has(filename)) ?? false;

/** The source files in a folder and below it, as paths that begin with the folder, in the order of their names. */
export const sourcesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort((one, other) => (one < other ? -1 : 1))
    .map((name) => join(folder, name));

/** A deleted file counts as changed just now. */
const changedAtMs = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
