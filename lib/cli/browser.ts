import { spawn } from "node:child_process";

/** Tries to open an address in the user's browser, if there seems to be one. @returns whether it tried */
export function openBrowser(address: string, environment: NodeJS.ProcessEnv = process.env): boolean {
  const program = programFor(environment);
  if (program === null) return false;
  const child = spawn(program, [address], { stdio: "ignore", detached: true });
  child.on("error", () => {}); // the address is on the screen too
  child.unref();
  return true;
}

function programFor({ DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION }: NodeJS.ProcessEnv): string | null {
  if (SSH_CONNECTION) return null;
  if (process.platform === "darwin") return "open";
  return DISPLAY || WAYLAND_DISPLAY ? "xdg-open" : null;
}
