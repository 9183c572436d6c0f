import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { findPython } from "./python.mjs";

// The kernel gives a flock back when its owner dies, however it dies: there are no stale locks to guess about.
// Node has no flock, Python has; its end of input, which comes with our death too, is the release.
const hold = `
import fcntl, sys
file = open(sys.argv[1], "w")
try:
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("waiting", flush=True)
    fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
`;

/**
 * Keeps a second set-up of this user waiting until this one is done.
 * @param {{ cache: string, environment: NodeJS.ProcessEnv }} places
 * @param {(line: string) => void} say told when there is somebody to wait for
 * @returns {Promise<() => void>} the release
 */
export async function lock({ cache, environment }, say) {
  mkdirSync(cache, { recursive: true });
  const python = await findPython(environment);
  const holder = spawn(python, ["-c", hold, join(cache, "setup.lock")], { stdio: ["pipe", "pipe", "inherit"] });
  await new Promise((resolve, reject) => {
    holder.on("error", reject);
    holder.on("exit", (code) => reject(new Error(`the lock could not be taken (exit code ${code})`)));
    holder.stdout.on("data", (said) => {
      if (String(said).includes("waiting")) say("another set-up is running: waiting for it");
      if (String(said).includes("held")) resolve();
    });
  });
  return () => holder.stdin.end();
}
