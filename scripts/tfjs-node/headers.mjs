import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../setup/command.mjs";
import { pythonOf } from "../setup/environment.mjs";
import { SetupFailed } from "../setup/failure.mjs";
import { emptyAside, putInPlace } from "../setup/files.mjs";
import { download, unzip } from "../setup/tensorflow.mjs";
import { wheels } from "../setup/wheels.mjs";

const keptIn = ({ place }) => join(place.folder, "headers");
const fetched = (job) => join(keptIn(job), "tensorflow", "include");

/** Beside the library, where the set-up put them, or fetched by us; undefined where there are none. */
export function headersFolder(job) {
  const places = [join(dirname(job.place.library.path), "include"), fetched(job)];
  return places.find((folder) => existsSync(join(folder, "tensorflow", "c", "c_api.h")));
}

/** The headers are the same for the CUDA library, whose wheel is much larger. */
function sourceOf({ machine }) {
  const source = wheels[`cpu ${machine}`];
  if (source === undefined) throw new Error(`TensorFlow has no wheel for ${machine}`);
  return source;
}

/** The headers of TensorFlow's C API, for libraries that an older set-up unpacked without them. */
export const headers = {
  name: "TensorFlow's headers",

  check: headersFolder,

  plan: (job) => `fetching the wheel once more for them (${sourceOf(job).megabytes} MB, of which 1 MB is kept)`,

  async run(job) {
    const downloads = join(job.place.folder, "wheel");
    try {
      await download(job, sourceOf(job), downloads);
      const aside = emptyAside(keptIn(job));
      await run(pythonOf(job), [unzip, downloads, aside, "headers"], job);
      putInPlace(aside, keptIn(job));
    } catch (error) {
      throw new SetupFailed("SETUP_TFJS_NODE_FETCH_FAILED", {
        what: `TensorFlow's headers could not be fetched: ${error.message}`,
        next: "check the connection to the Python package index, then npm run setup:tfjs-node; training does not need it",
      });
    }
    rmSync(downloads, { recursive: true });
    return fetched(job);
  },
};
