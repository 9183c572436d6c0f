import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../setup/command.mjs";
import { SetupFailed } from "../setup/failure.mjs";
import { emptyAside, putInPlace, readJson, writeWhole } from "../setup/files.mjs";

/**
 * The packages, pinned by content: tfjs-node itself, what its backend asks for, and the headers of Node's own interface.
 * Its other dependencies serve its install script, and a second TensorFlow.js would be useless beside the program's.
 */
export const pinned = {
  "@tensorflow/tfjs-node@4.22.0":
    "sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==",
  "google-protobuf@3.21.4":
    "sha512-MnG7N936zcKTco4Jd2PX2U96Kf9PxygAPKBug+74LHzmHXmceN16MmRcdgZv+DGef/S9YvQAfRsNCn4cjf9yyQ==",
  "node-api-headers@1.9.0":
    "sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==",
};

const modulesOf = ({ place }) => join(place.folder, "node_modules");
const stampOf = (job) => join(modulesOf(job), "complete.json");

/** Refuses a file of other content than the pinned one. */
export function requireIntegrity(path, integrity) {
  const found = `sha512-${createHash("sha512").update(readFileSync(path)).digest("base64")}`;
  if (found !== integrity) throw new Error(`${path} has the content ${found}, not ${integrity}`);
}

async function fetchPackage(specifier, integrity, folder, { environment }) {
  const downloads = join(folder, ".download");
  mkdirSync(downloads, { recursive: true });
  const args = ["pack", specifier, "--ignore-scripts", "--json", "--loglevel=error", "--pack-destination", downloads];
  const [{ filename }] = JSON.parse(await run("npm", args, { environment }));
  const packed = join(downloads, filename.replace("@", "").replace("/", "-"));
  requireIntegrity(packed, integrity);
  const target = join(folder, specifier.slice(0, specifier.lastIndexOf("@")));
  mkdirSync(target, { recursive: true });
  await run("tar", ["-xzf", packed, "-C", target, "--strip-components=1"]);
  rmSync(downloads, { recursive: true });
}

/** In place of the package's own TensorFlow.js: hands over the one of the program that loads it. */
function writeStandIns(folder, handedOver) {
  for (const name of ["tfjs", "tfjs-core"]) {
    const target = join(folder, "@tensorflow", name);
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, "index.js"), `module.exports = globalThis[Symbol.for("${handedOver}")];\n`);
  }
}

/** tfjs-node's package out of npm, outside of the project: `npm ci` would delete it there. No install script runs. */
export const sources = {
  name: "tfjs-node's package",

  check(job) {
    const stamp = readJson(stampOf(job));
    const same = stamp?.handedOver === job.handedOver && JSON.stringify(stamp.pinned) === JSON.stringify(pinned);
    return same ? job.version : undefined;
  },

  plan: ({ version }) => `fetching ${version} (1 MB)`,

  async run(job) {
    try {
      const aside = emptyAside(modulesOf(job));
      for (const [specifier, integrity] of Object.entries(pinned)) {
        await fetchPackage(specifier, integrity, aside, job);
      }
      writeStandIns(aside, job.handedOver);
      writeWhole(join(aside, "complete.json"), JSON.stringify({ pinned, handedOver: job.handedOver }));
      putInPlace(aside, modulesOf(job));
    } catch (error) {
      throw new SetupFailed("SETUP_TFJS_NODE_FETCH_FAILED", {
        what: `tfjs-node's sources could not be fetched: ${error.message}`,
        next: "check the connection to the npm registry (npm ping), then npm run setup:tfjs-node; training does not need it",
      });
    }
    return modulesOf(job);
  },
};
