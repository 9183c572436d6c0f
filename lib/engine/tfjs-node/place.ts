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
 * Name of the global symbol under which the program's own TensorFlow.js is handed to the package: two copies of it would
 * know nothing of each other's backends.
 */
export const HANDED_OVER = "thumbrank.tfjs";

/** tfjs-node as `npm run setup:tfjs-node` leaves it, for one library. */
export interface TfjsNode {
  /** Holds node_modules with the package and what it needs; shared by all variants of the library. */
  folder: string;
  /** The compiled addon. */
  binding: string;
  /** Written when the addon is built and has computed. */
  stamp: string;
  library: Library;
}

/** What the stamp says. */
const Stamp = z.object({ library: z.string() });

/** Where tfjs-node for a library belongs: in the user's cache, shared by all clones. */
export function tfjsNodeOn(library: Library, environment: NodeJS.ProcessEnv = process.env): TfjsNode {
  const folder = join(sharedFolder(environment), "tfjs-node", `${TFJS_NODE_VERSION}-${TENSORFLOW_VERSION}`);
  const built = join(folder, library.variant);
  return { folder, library, binding: join(built, "tfjs_binding.node"), stamp: join(built, "complete.json") };
}

/** Whether the addon was built on this very library. */
export function isBuilt({ stamp, binding, library }: TfjsNode): boolean {
  if (!existsSync(stamp) || !existsSync(binding)) return false;
  const { data } = Stamp.safeParse(parsed(readFileSync(stamp, "utf8")));
  return data?.library === library.path;
}

/**
 * Looks for tfjs-node built on the library that this program takes.
 * @param libraryFolder of that library, where it is not the usual one
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
