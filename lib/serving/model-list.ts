import { type ListedVersion, type LoadedModel, listModels } from "../deployment";

/** A version that is in use or in the models folder. */
export interface KnownVersion extends Pick<ListedVersion, "name" | "version" | "isCurrent" | "card"> {
  /** Whether the service uses it now. */
  isLoaded: boolean;
  /** Whether its files cannot be used. What is in use stays so. */
  isDamaged: boolean;
}

/** A version that the service uses. */
interface VersionInUse {
  name: string;
  version: number;
  loaded: LoadedModel;
}

/** A read checks the hashes of all files, and requests must not be able to cause more of that. */
const KEPT_MS = 10_000;

/** The versions of the models folder, read again only some seconds after the last read, however many ask. */
export class ModelList {
  #versions: Promise<ListedVersion[]> | undefined;
  #keptUntil = 0;

  /** @param folder of the exported models */
  constructor(private readonly folder: string) {}

  /** Lists what is in use, then all other versions by name and version. */
  async versions(inUse: readonly VersionInUse[]): Promise<KnownVersion[]> {
    const listed = await this.#read();
    const used = inUse.map(({ name, version, loaded: { card } }) => {
      const onDisk = listed.find((one) => one.name === name && one.version === version);
      const isDamaged = (onDisk?.damage ?? null) !== null;
      return { name, version, card, isCurrent: onDisk?.isCurrent ?? false, isLoaded: true, isDamaged };
    });
    const others = listed
      .filter(({ name, version }) => !used.some((one) => one.name === name && one.version === version))
      .map(({ name, version, card, isCurrent, damage }) => {
        return { name, version, card, isCurrent, isLoaded: false, isDamaged: damage !== null };
      });
    return [...used, ...others];
  }

  /** Has the folder read again for the next who asks. */
  forget(): void {
    this.#versions = undefined;
  }

  #read(): Promise<ListedVersion[]> {
    if (this.#versions !== undefined && performance.now() < this.#keptUntil) return this.#versions;
    const versions = listModels(this.folder);
    this.#versions = versions;
    // The time counts from the end of a read, so that slow reads do not follow each other.
    this.#keptUntil = Number.POSITIVE_INFINITY;
    const keep = () => {
      if (this.#versions === versions) this.#keptUntil = performance.now() + KEPT_MS;
    };
    versions.then(keep, keep);
    return versions;
  }
}
