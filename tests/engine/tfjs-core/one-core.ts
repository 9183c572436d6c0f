import Module from "node:module";
import { join } from "node:path";

/** Where tfjs-core lies, with its tests beside the modules that they test. */
export const CORE = join(__dirname, "..", "..", "..", "node_modules", "@tensorflow", "tfjs-core", "dist");

interface Resolver {
  _resolveFilename(request: string, ...rest: unknown[]): string;
}

/**
 * The tests import tfjs-core's single modules, the engine its bundle: both would be whole, with tensors of their own. From
 * now on whoever asks for the package gets the modules.
 */
const resolver = Module as unknown as Resolver;
const resolve = resolver._resolveFilename;
resolver._resolveFilename = function (request, ...rest) {
  return resolve.call(this, request === "@tensorflow/tfjs-core" ? join(CORE, "index.js") : request, ...rest);
};
