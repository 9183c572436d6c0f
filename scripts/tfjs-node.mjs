// npm run setup:tfjs-node: builds the addon of TensorFlow.js for Node on the library that the set-up fetched.
import { createRequire } from "node:module";
import { show } from "./setup/failure.mjs";
import { placesOf } from "./setup/places.mjs";
import { setUp } from "./setup/set-up.mjs";
import { loadTypeScript } from "./setup/typescript.mjs";
import { addon } from "./tfjs-node/addon.mjs";
import { headers } from "./tfjs-node/headers.mjs";
import { sources } from "./tfjs-node/sources.mjs";

const load = createRequire(import.meta.url);
loadTypeScript();
// The engine knows which library it takes and where it will look for the addon.
const { findLibrary } = load("../lib/engine/native/library.ts");
const { isBuilt, tfjsNodeOn, HANDED_OVER, TFJS_NODE_VERSION } = load("../lib/engine/tfjs-node/place.ts");

try {
  const place = tfjsNodeOn(findLibrary());
  const job = { ...placesOf(), place, version: TFJS_NODE_VERSION, handedOver: HANDED_OVER, isBuilt };
  await setUp(job, undefined, [sources, headers, addon]);
} catch (failure) {
  process.stderr.write(`${show(failure)}\n`);
  process.exitCode = 1;
}
