import { run } from "./command.mjs";
import { SetupFailed } from "./failure.mjs";

const oldest = [3, 10];
const names = ["python3", "python", "python3.13", "python3.12", "python3.11", "python3.10"];
const question = "import sys; print(*sys.version_info[:2]); print(sys.executable)";

/**
 * The first Python on PATH that is new enough.
 * @returns {Promise<string>} its full path
 * @throws SetupFailed SETUP_PYTHON_MISSING with what was found instead
 */
export async function findPython(environment) {
  const tooOld = [];
  for (const name of names) {
    const answer = await run(name, ["-c", question], { environment }).catch(() => undefined);
    if (answer === undefined) continue;
    const [version, path] = answer.trim().split("\n");
    const [major, minor] = version.split(" ").map(Number);
    if (major === oldest[0] && minor >= oldest[1]) return path;
    tooOld.push(`${name} ${major}.${minor}`);
  }
  throw new SetupFailed("SETUP_PYTHON_MISSING", {
    what: `no Python >= ${oldest.join(".")} on PATH (found: ${tooOld.join(", ") || "none"})`,
    next: "install Python 3.10 or newer (Debian: apt install python3 python3-venv; macOS: brew install python), then npm run setup",
  });
}
