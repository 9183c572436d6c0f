import { join } from "node:path";
import { messageOf } from "../base";
import {
  foldersIn,
  isPlainName,
  lockFolder,
  makeFolder,
  namesIn,
  readFolder,
  readPlain,
  writeAtomically,
} from "../files";
import { type ModelCard, parseCard } from "./card";
import {
  CurrentVersionDamaged,
  ModelDamaged,
  ModelLocked,
  ModelMissing,
  ModelReferenceInvalid,
  ModelVersionMissing,
} from "./errors";

/** Holds the number of the version that a model's plain name stands for. Not a link: archives and buckets lose links. */
const CURRENT = "current";
/** Up to nine digits without leading zeros, as Triton takes them. */
const VERSION = /^(0|[1-9]\d{0,8})$/;

/** A version of an exported model. Version 0 is an export of the time before versions, which lies in the model's folder. */
export interface ModelVersion {
  name: string;
  version: number;
  /** `models/<name>/<version>`, or `models/<name>` for version 0. */
  folder: string;
}

/** A version as a list shows it. */
export interface ListedVersion extends ModelVersion {
  isCurrent: boolean;
  /** Null for a damaged version. */
  card: ModelCard | null;
  /** Why it cannot be used; null if it can. */
  damage: string | null;
}

/**
 * Finds the version that a reference means: `NAME@VERSION`, or `NAME` for the current one.
 * @param modelsFolder such as `models`
 * @throws ModelReferenceInvalid, ModelMissing, ModelVersionMissing, CurrentVersionDamaged
 */
export async function resolveModel(modelsFolder: string, reference: string): Promise<ModelVersion> {
  const { name, version } = parseReference(reference);
  const folder = join(modelsFolder, name);
  const versions = await versionsIn(folder);
  if (versions.length === 0) throw new ModelMissing(folder, await foldersIn(modelsFolder));
  const chosen = version ?? (await currentVersion(folder, versions));
  if (!versions.includes(chosen)) throw new ModelVersionMissing({ name, version: chosen, versions, folder });
  return { name, version: chosen, folder: versionFolder(folder, chosen) };
}

/**
 * Finds the folder to load by a path: that of one version, or that of a model, which stands for the current one.
 * @throws ModelVersionMissing, CurrentVersionDamaged
 */
export async function resolveModelPath(path: string): Promise<string> {
  const versions = await versionsIn(path);
  if (versions.length === 0) return path;
  const version = await currentVersion(path, versions);
  if (!versions.includes(version)) throw new ModelVersionMissing({ name: path, version, versions, folder: path });
  return versionFolder(path, version);
}

/** Lists all versions of all models, by name and version, after checking the files of each; damaged ones say why. */
export async function listModels(modelsFolder: string): Promise<ListedVersion[]> {
  const listed: ListedVersion[] = [];
  for (const name of await foldersIn(modelsFolder)) {
    const folder = join(modelsFolder, name);
    const versions = await versionsIn(folder);
    const current = await currentVersion(folder, versions).catch(() => undefined);
    for (const version of versions) {
      const place = { name, version, folder: versionFolder(folder, version) };
      listed.push({ ...place, isCurrent: version === current, ...(await examine(place.folder)) });
    }
  }
  return listed;
}

/**
 * Makes a version the current one, also an earlier one.
 * @param reference `NAME@VERSION`
 * @throws ModelDamaged for a version that cannot be used, with the current one left as it is; ModelLocked; and what
 * `resolveModel` throws
 */
export async function setCurrentVersion(modelsFolder: string, reference: string): Promise<ModelVersion> {
  if (parseReference(reference).version === undefined)
    throw new ModelReferenceInvalid(reference, "it names no version");
  const model = await resolveModel(modelsFolder, reference);
  const { damage } = await examine(model.folder);
  if (damage !== null) throw new ModelDamaged(model.folder, damage);
  await withModelLocked(join(modelsFolder, model.name), (folder) => writeCurrent(folder, model.version));
  return model;
}

/**
 * Adds a version: finds its number, has it written, and makes it the current one.
 * @param name a plain name
 * @param write writes the version's folder
 * @throws ModelLocked
 */
export async function addVersion(
  modelsFolder: string,
  name: string,
  write: (folder: string, version: number) => Promise<void>,
): Promise<string> {
  return withModelLocked(join(modelsFolder, name), async (folder) => {
    const used = await versionsIn(folder);
    const version = Math.max(0, ...used, (await readCurrent(folder).catch(() => undefined)) ?? 0) + 1;
    const target = versionFolder(folder, version);
    await write(target, version);
    await writeCurrent(folder, version);
    return target;
  });
}

async function withModelLocked<Result>(folder: string, work: (folder: string) => Promise<Result>): Promise<Result> {
  await makeFolder(folder);
  const lock = await lockFolder(folder, (holder) => new ModelLocked(holder));
  try {
    return await work(folder);
  } finally {
    await lock.release();
  }
}

function parseReference(reference: string): { name: string; version?: number } {
  const [name = "", version, ...more] = reference.split("@");
  if (!isPlainName(name) || more.length > 0) throw new ModelReferenceInvalid(reference);
  if (version === undefined) return { name };
  if (!VERSION.test(version)) throw new ModelReferenceInvalid(reference, "a version is a whole number, such as 2");
  return { name, version: Number(version) };
}

const versionFolder = (folder: string, version: number): string =>
  version === 0 ? folder : join(folder, String(version));

/** Numbers of a model's versions, in order; 0 if an unversioned export lies in the folder. */
async function versionsIn(folder: string): Promise<number[]> {
  const names = await namesIn(folder);
  const unversioned = names.includes("model.json") || names.includes("manifest.json") ? [0] : [];
  const numbered = (await foldersIn(folder)).filter((name) => VERSION.test(name) && name !== "0").map(Number);
  return [...unversioned, ...numbered].sort((one, other) => one - other);
}

/** Without `current`, an unversioned export is meant, else the last version. @throws CurrentVersionDamaged */
async function currentVersion(folder: string, versions: readonly number[]): Promise<number> {
  return (await readCurrent(folder)) ?? (versions[0] === 0 ? 0 : (versions.at(-1) ?? 0));
}

async function readCurrent(folder: string): Promise<number | undefined> {
  if (!(await namesIn(folder)).includes(CURRENT)) return undefined;
  const text = (await readPlain(join(folder, CURRENT))).subarray(0, 20).toString().trim();
  if (!VERSION.test(text)) throw new CurrentVersionDamaged(join(folder, CURRENT), text);
  return Number(text);
}

const writeCurrent = (folder: string, version: number): Promise<void> =>
  writeAtomically(join(folder, CURRENT), `${version}\n`);

async function examine(folder: string): Promise<Pick<ListedVersion, "card" | "damage">> {
  try {
    return { card: parseCard((await readFolder(folder))["model.json"]), damage: null };
  } catch (error) {
    return { card: null, damage: messageOf(error) };
  }
}
