import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, tracked } from "./files";
import { judge } from "./planted";

const cruise = (files: Record<string, string>) => judge(files, "depcruise", "--output-type", "err", "lib");
const room = { "lib/engine/index.ts": `export * from "./a";\n`, "lib/engine/a.ts": "export const a = 1;\n" };

test("a project that keeps the rules passes", () => {
  const kept = { ...room, "lib/model/index.ts": `import { a } from "../engine";\nexport const b = a;\n` };
  expect(cruise(kept)).toMatchObject({ code: 0 });
});

test("a cycle within a room is found, also one of types alone", () => {
  const values = {
    ...room,
    "lib/engine/a.ts": `export { a } from "./b";\n`,
    "lib/engine/b.ts": `export { a } from "./a";\n`,
  };
  const types = {
    ...room,
    "lib/engine/a.ts": `export type { A } from "./b";\n`,
    "lib/engine/b.ts": `import type { A } from "./a";\nexport type B = A;\n`,
  };
  for (const files of [values, types]) {
    const { code, output } = cruise(files);
    expect(output).toContain("no-cycle");
    expect(code).not.toBe(0);
  }
});

test("an import against the direction is found", () => {
  const backward = {
    ...room,
    "lib/engine/a.ts": `import "../training";\n`,
    "lib/training/index.ts": "export const t = 1;\n",
  };
  const { code, output } = cruise(backward);
  expect(output).toContain("engine-imports-leftwards");
  expect(code).not.toBe(0);
});

test("settings import no room to their right", () => {
  const { code, output } = cruise({ ...room, "lib/config/index.ts": `import "../engine";\n` });
  expect(output).toContain("config-imports-leftwards");
  expect(code).not.toBe(0);
});

test("an import past a room's index is found", () => {
  const { code, output } = cruise({ ...room, "lib/model/index.ts": `import "../engine/a";\n` });
  expect(output).toContain("no-deep-import");
  expect(code).not.toBe(0);
});

test("a room that nobody placed in the order is found", () => {
  const { code, output } = cruise({
    ...room,
    "lib/helpers/index.ts": "export const h = 1;\n",
    "lib/model/index.ts": `import "../helpers";\n`,
  });
  expect(output).toContain("model-imports-leftwards");
  expect(code).not.toBe(0);
});

test("all of lib is looked at", () => {
  const cruised = spawnSync(join(root, "node_modules", ".bin", "depcruise"), ["--output-type", "json", "lib"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  const { modules } = JSON.parse(cruised.stdout) as { modules: { source: string; dependencies: unknown[] }[] };
  const seen = modules.filter(({ source }) => source.startsWith("lib/"));
  expect(seen.length).toBeGreaterThanOrEqual(tracked("lib/*.ts").length);
  expect(seen.filter(({ dependencies }) => dependencies.length > 0).length).toBeGreaterThan(seen.length / 2);
});
