import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ended, olderNode, Project, until } from "./project";

let project: Project;
beforeEach(() => {
  project = new Project();
});
afterEach(() => project.remove());

const script = (text: string) => writeFileSync(join(project.folder, "scripts", "planted.mjs"), text);
const planted = (...args: string[]) => project.run("scripts/run.mjs", ["scripts/planted.mjs", ...args], olderNode);

test("another Node fetches Node 22 once, pinned by a lock file of its own", async () => {
  const first = await project.setUp(olderNode);
  expect(first.output).toMatch(/Node 22: this is Node 20.20.2, fetching 22\.\d+\.\d+ \.\.\.\nNode 22: done/);
  expect(first.code).toBe(0);
  project.calls();
  expect((await project.setUp(olderNode)).output).toMatch(/Node 22: already there/);
  expect(project.calls()).toEqual([]);
});

test("a Node package that npm skips in silence is an error", async () => {
  const { code, output } = await project.setUp({ ...olderNode, FAKE_NPM: "empty" });
  expect(output).toMatch(/SETUP_NODE_FAILED: .*Next: .*install Node 22 yourself/s);
  expect(code).toBe(1);
});

test("a script run after the set-up gets Node 22, its arguments, and gives its exit code", async () => {
  script("console.log(process.versions.node, process.argv.slice(2), process.env.PATH.split(':')[0]); process.exit(7)");
  const { code, output } = await planted("one", "--two");
  expect(output).toContain(`${process.versions.node} [ 'one', '--two' ]`);
  expect(output).toMatch(/cache\/thumbrank\/node\/22[\d.]+\/bin/);
  expect(code).toBe(7);
});

test("SIGTERM reaches the script, which may end in its own way", async () => {
  await project.setUp(olderNode);
  script(`import { writeFileSync } from "node:fs";
    process.on("SIGTERM", () => { console.log("saved"); process.exit(3); });
    setInterval(() => {}, 1000);
    writeFileSync(process.argv[2], "");`);
  const started = join(project.home, "started");
  const child = project.start("scripts/run.mjs", ["scripts/planted.mjs", started], olderNode);
  const end = ended(child);
  await until(() => existsSync(started));
  child.kill("SIGTERM");
  expect(await end).toMatchObject({ code: 3, output: expect.stringContaining("saved") });
});

test("before the set-up the command says what is missing", async () => {
  const { code, output } = await project.run("bin/thumbrank.mjs", ["doctor"], olderNode);
  expect(output).toBe("SETUP_MISSING: not set up yet: Node 22 and the npm packages\nNext: npm run setup\n");
  expect(code).toBe(1);
});

/** A Node before 22 in the PATH, if there is one. */
const older = (process.env.PATH ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "node"))
  .find((node) => existsSync(node) && !execFileSync(node, ["--version"], { encoding: "utf8" }).startsWith("v22"));

test.skipIf(older === undefined)("a real older Node hands over to Node 22 (needs one in the PATH)", () => {
  const command = [join(__dirname, "..", "..", "bin", "thumbrank.mjs"), "--version"];
  expect(execFileSync(older ?? "", command, { encoding: "utf8" })).toMatch(/^\d+\.\d+\.\d+\n$/);
});
