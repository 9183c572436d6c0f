import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { messageOf } from "../../base";
import { sharedFolder } from "../../files";
import { TfjsNodeMissing } from "../errors";
import { findLibrary, type Library, TENSORFLOW_VERSION } from "../native/library";

/** The release of @tensorflow/tfjs-node that is built. */
export const TFJS_NODE_VERSION = "4.22.0";

/**
 * Name of the global symbol that passes the program's own TensorFlow.js to the package: two copies would not share
 * backends.
 */
export const HANDED_OVER = "thumbrank.tfjs";

/** A tfjs-node as installed by `npm run setup:tfjs-node`, for one library. */
export interface TfjsNode {
  /** Contains node_modules with the package and its dependencies; shared by all variants of the library. */
  folder: string;
  /** The compiled addon. */
  binding: string;
  /** Written once the addon is built and has computed something. */
  stamp: string;
  library: Library;
}

/** Content of the stamp. */
const Stamp = z.object({ library: z.string() });

/** Where tfjs-node for a library is kept: in the user's cache, shared by all clones. */
export function tfjsNodeOn(library: Library, environment: NodeJS.ProcessEnv = process.env): TfjsNode {
  const folder = join(sharedFolder(environment), "tfjs-node", `${TFJS_NODE_VERSION}-${TENSORFLOW_VERSION}`);
  const built = join(folder, library.variant);
  return { folder, library, binding: join(built, "tfjs_binding.node"), stamp: join(built, "complete.json") };
}

/** Whether the addon was built on this exact library. */
export function isBuilt({ stamp, binding, library }: TfjsNode): boolean {
  if (!existsSync(stamp) || !existsSync(binding)) return false;
  const { data } = Stamp.safeParse(parsed(readFileSync(stamp, "utf8")));
  return data?.library === library.path;
}

/**
 * Looks for a tfjs-node built on the library that this program uses.
 * @param libraryFolder folder of that library, if not the default
 * @throws TfjsNodeMissing with the reason
 */
export function findTfjsNode(libraryFolder?: string, environment: NodeJS.ProcessEnv = process.env): TfjsNode {
  const place = tfjsNodeOn(libraryIn(libraryFolder, environment), environment);
  if (!isBuilt(place)) throw new TfjsNodeMissing(`it is not built on ${place.library.path}`);
  return place;
}

function libraryIn(folder: string | undefined, environment: NodeJS.ProcessEnv): Library {
  try {
    return findLibrary(folder, environment);
  } catch (failure) {
    throw new TfjsNodeMissing(messageOf(failure));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
