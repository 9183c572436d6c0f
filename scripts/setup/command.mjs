import { spawn } from "node:child_process";

/** npm says first what is wrong, pip last. */
function extract(output) {
  const lines = output.trim().split("\n");
  return (lines.length > 12 ? [...lines.slice(0, 8), "...", ...lines.slice(-4)] : lines).join("\n").slice(0, 2000);
}

/** A program that ended badly: an extract of what it said, and all of it. */
export class CommandFailed extends Error {
  constructor(command, code, output) {
    const said = extract(output);
    super(`${command} ended with ${code}${said ? `:\n${said}` : ""}`);
    this.name = "CommandFailed";
    this.output = output;
  }
}

/** Takes a child along when we are ended; a terminal's Ctrl-C reaches it by itself. Returns what ends that bond. */
function endWithUs(child) {
  const end = () => {
    child.kill("SIGTERM");
    process.exit(143);
  };
  process.once("SIGTERM", end);
  return () => process.off("SIGTERM", end);
}

/**
 * Runs a program to its end, silently.
 * @returns what it printed on stdout
 * @throws CommandFailed with the last lines it printed
 */
export function run(command, args, { cwd, environment = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const part = endWithUs(child);
    let stdout = "";
    let all = "";
    child.stdout.on("data", (piece) => {
      stdout += piece;
      all += piece;
    });
    child.stderr.on("data", (piece) => {
      all += piece;
    });
    const name = [command, ...args.slice(0, 3)].join(" ");
    child.on("error", (error) => {
      part();
      reject(new CommandFailed(name, error.code ?? "an error", error.message));
    });
    child.on("close", (code, signal) => {
      part();
      if (code === 0) resolve(stdout);
      else reject(new CommandFailed(name, signal ?? `exit code ${code}`, all));
    });
  });
}
