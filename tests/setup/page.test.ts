import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "../house/files";

/** The set-up's step, as far as it is used here. */
interface Step {
  check(places: { project: string }): string | undefined;
  run(places: { project: string }): Promise<string>;
}

let page: Step;
let project: string;
beforeEach(async () => {
  ({ page } = await import(join(root, "scripts/setup/page.mjs")));
  project = mkdtempSync(join(tmpdir(), "page-setup-"));
  mkdirSync(join(project, "scripts", "setup"), { recursive: true });
  for (const name of ["lib", "scripts/page", "scripts/setup/kernelspec", "package.json", "package-lock.json"])
    cpSync(join(root, name), join(project, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
});
afterEach(() => rmSync(project, { recursive: true }));

const built = (name: string) => join(project, "dist", "page", name);

test("the page is bundled once, and again where one of its files changed", async () => {
  expect(page.check({ project })).toBeUndefined();
  expect(await page.run({ project })).toBe(join(project, "dist", "page"));
  for (const name of ["index.html", "page.js", "browser.js", "page.css", "icon.svg", "ort-wasm-simd-threaded.wasm"])
    expect(existsSync(built(name))).toBe(true);
  expect(readFileSync(built("page.css"), "utf8")).toContain("--paper: light-dark(");
  // What the service's page loads is small: the model's runtime and schemas are in the other script.
  expect(readFileSync(built("page.js")).length).toBeLessThan(60_000);
  expect(page.check({ project })).toBe(join(project, "dist", "page"));
  const style = join(project, "lib", "serving", "page", "page.css");
  writeFileSync(style, `${readFileSync(style, "utf8")}\n.new { color: red }\n`);
  expect(page.check({ project })).toBeUndefined();
});

test("something of Node that reaches the page fails the set-up with its name, and keeps the page before", async () => {
  await page.run({ project });
  const before = readFileSync(built("page.js"), "utf8");
  const words = join(project, "lib", "serving", "page", "words.ts");
  const planted = `import { cpus } from "node:os";\nglobalThis.cores = cpus();\n`;
  writeFileSync(words, `${planted}${readFileSync(words, "utf8")}`);
  await expect(page.run({ project })).rejects.toMatchObject({
    code: "SETUP_PAGE_FAILED",
    message: expect.stringContaining("node:os"),
  });
  expect(readFileSync(built("page.js"), "utf8")).toBe(before);
});
