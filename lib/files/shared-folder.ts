import { homedir } from "node:os";
import { join } from "node:path";

/** Our folder in the user's cache, shared by all clones; anything missing in it is made again. */
export function sharedFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const standard = process.platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
  return join(environment.XDG_CACHE_HOME || standard, "thumbrank");
}
