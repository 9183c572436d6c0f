import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { findNode } from "./node22.mjs";

/** The environment in which whatever we start finds Node 22 as `node`. */
function environmentFor(node, environment) {
  return { ...environment, PATH: [dirname(node), environment.PATH].join(delimiter) };
}

function hasTerminal() {
  try {
    closeSync(openSync("/dev/tty"));
    return true;
  } catch {
    return false;
  }
}

/** Passes signals on, so that training can save; a terminal sends Ctrl-C to the child by itself, once is enough. */
export function forwardSignals(child) {
  const interrupts = hasTerminal();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (!(interrupts && signal === "SIGINT")) child.kill(signal);
    });
  }
}

function runAsChild(node, script, args, environment) {
  const child = spawn(node, [script, ...args], { stdio: ["inherit", "inherit", "inherit", "ipc"], env: environment });
  forwardSignals(child);
  child.on("error", (error) => {
    throw error;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}

/** To be called by what runs as such a child: ends it at once when its parent was killed without warning. */
export function endWithParent() {
  process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
  process.channel?.unref();
}

/**
 * Runs a script by Node 22 with these arguments: in this process where it is Node 22, else in a child whose signals
 * and exit code are ours.
 */
export async function runUnderNode22(places, script, args) {
  const node = findNode(places);
  const environment = environmentFor(node, places.environment);
  if (node !== process.execPath) return runAsChild(node, script, args, environment);
  process.env.PATH = environment.PATH;
  process.argv = [node, script, ...args];
  await import(pathToFileURL(script).href);
}
