import { existsSync } from "node:fs";
import { join } from "node:path";
import { sharedFolder } from "../../files";
import { LibraryMissing } from "../errors";

/** The version of TensorFlow whose wheel the setup unpacks. */
export const TENSORFLOW_VERSION = "2.21.0";

export type Variant = "cpu" | "gpu";

/** A library found on this machine. */
export interface Library {
  /** libtensorflow_cc; libtensorflow_framework is in the same folder. */
  path: string;
  variant: Variant;
}

/** The folder where the setup puts a variant. */
export function cacheFolder(variant: Variant, environment: NodeJS.ProcessEnv = process.env): string {
  return join(sharedFolder(environment), "tensorflow", `${TENSORFLOW_VERSION}-${variant}`);
}

/** File name of the library inside the wheel. */
export function libraryName(platform: NodeJS.Platform = process.platform): string {
  return platform === "darwin" ? "libtensorflow_cc.2.dylib" : "libtensorflow_cc.so.2";
}

/**
 * Looks for TensorFlow's library: in `folder`, else in THUMBRANK_TF_DIR, else in the user's cache, where a
 * complete.json marks a finished setup. THUMBRANK_TF chooses: cpu, gpu or off.
 * @throws LibraryMissing with the reason
 */
export function findLibrary(folder?: string, environment: NodeJS.ProcessEnv = process.env): Library {
  const choice = environment.THUMBRANK_TF || undefined;
  if (choice === "off") throw new LibraryMissing("THUMBRANK_TF is off");
  if (choice !== undefined && choice !== "cpu" && choice !== "gpu")
    throw new LibraryMissing(`THUMBRANK_TF is "${choice}", not cpu, gpu or off`);
  const given = folder ?? (environment.THUMBRANK_TF_DIR || undefined);
  if (given !== undefined) return inFolder(given, choice ?? "cpu");
  return inCache(choice ? [choice] : ["cpu", "gpu"], environment);
}

function inFolder(folder: string, variant: Variant): Library {
  const places = [join(folder, libraryName()), join(folder, "tensorflow", libraryName())];
  const path = places.find(existsSync);
  if (path === undefined) throw new LibraryMissing(`${folder} holds no ${libraryName()}`);
  return { path, variant };
}

function inCache(variants: Variant[], environment: NodeJS.ProcessEnv): Library {
  const variant = variants.find((each) => existsSync(join(cacheFolder(each, environment), "complete.json")));
  if (variant !== undefined) return inFolder(cacheFolder(variant, environment), variant);
  const searched = variants.map((each) => cacheFolder(each, environment));
  const begun = searched.find(existsSync);
  throw new LibraryMissing(
    begun === undefined
      ? `${searched.join(" and ")} do not exist`
      : `${begun} is incomplete (the set-up was interrupted)`,
  );
}
