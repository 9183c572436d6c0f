import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sharedFolder } from "../../lib/files";

const lock = readFileSync(join(__dirname, "requirements.txt"));
const folder = join(sharedFolder(), "test-python", createHash("sha256").update(lock).digest("hex").slice(0, 16));

/** Python with the packages of `requirements.txt`; `npm test` makes it, see scripts/setup/test-environment.mjs. */
export const testPython = join(folder, "bin", "python");
export const hasTestPython = existsSync(join(folder, "complete.json"));
/** For the names of tests that are skipped without it. */
export const needsTestPython = hasTestPython ? "" : " (needs the Python packages of the tests: npm test installs them)";
