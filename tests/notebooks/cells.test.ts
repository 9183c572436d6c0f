import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../house/files";
import { notebookOf, type Planted, plant } from "./plant";

type Judge = (paths: string[]) => Promise<string[]>;

/** What is wrong in the cells of a notebook, without its path. */
async function complaints(...cells: Planted[]): Promise<string[]> {
  const { judgeCells } = (await import(join(root, "scripts/notebooks/judge-cells.mjs"))) as { judgeCells: Judge };
  const found = await judgeCells(plant({ "03_pairs.ipynb": notebookOf(...cells) }));
  return found.map((line) => line.replace(/^.*03_pairs\.ipynb, /, ""));
}

const imports = `import { openStore } from "./lib/store";\nimport * as tf from "@tensorflow/tfjs";\n`;
const parameters = {
  code: `let profile: "smoke" | "sample" = "sample";\nlet count: number = 1;`,
  tags: ["parameters"],
};

test("cells that use lib, packages, each other and top-level await have nothing wrong", async () => {
  const found = await complaints(
    parameters,
    { prose: "text" },
    imports,
    `if (profile === "smoke") count = 2;\ninterface Row { name: string }\nconst rows: Row[] = [{ name: "a" }];`,
    `const store = await openStore({} as never);\ntf.tensor1d([count]).print();`,
    `count++;\nawait store.close();\nrows.map(({ name }: Row) => name)`,
  );
  expect(found).toEqual([]);
});

test("a later cell may declare a name again, with another type", async () => {
  const again = [`const value = 1;`, `const doubled = 2 * value;`, `const value = "one";`];
  expect(await complaints(...again, `value.toUpperCase();`)).toEqual([]);
  expect(await complaints(...again, `value.toFixed();`)).toEqual([expect.stringMatching(/^cell 4, line 1: .*toFixed/)]);
});

test("an import may be repeated", async () => {
  const again = `import { openStore } from "./lib/store";\ntypeof openStore`;
  expect(await complaints(imports, again)).toEqual([]);
});

const planted: Record<string, { cells: Planted[]; says: RegExp[] }> = {
  "a wrong type": { cells: ["// one\n\nconst a: number = true;"], says: [/^cell 1, line 3: error TS2322/] },
  "a wrongly typed parameter": { cells: [parameters, `count = "5";`], says: [/^cell 2, line 1: error TS2322/] },
  "a misspelled parameter": { cells: [parameters, `epochz = 5;`], says: [/^cell 2, line 1: error TS2304.*epochz/] },
  "a new value for a const": { cells: ["const a = 1;", "a = 2;"], says: [/^cell 2, line 1: error TS2\d+.*'a'/] },
  "an index that is trusted": {
    cells: ["const all = [1];", { prose: "text" }, "\nconst first: number = all[0];"],
    says: [/^cell 2, line 2: error TS2322/],
  },
  "what lib does not have": {
    cells: [`import { openShop } from "./lib/store";`],
    says: [/^cell 1, line 1: error TS2305.*openShop/],
  },
  "a name that a later cell declares": {
    cells: ["later;", "const later = 1;"],
    says: [/^cell 1, line 1: error TS2304/],
  },
  "a promise that nobody awaits": {
    cells: [imports, "openStore({} as never);"],
    says: [/^cell 2, line 1: .*noFloatingPromises/],
  },
  "another cell's promise that nobody awaits": {
    cells: ["async function save(): Promise<void> {}", "save();"],
    says: [/^cell 2, line 1: .*noFloatingPromises/],
  },
  "a promise as a condition": {
    cells: ["async function there() { return true; }\n(await there()) && there() ? 1 : 2;"],
    says: [/^cell 1, line 2: .*(noMisusedPromises|TS2801)/],
  },
  any: { cells: ["const loose: any = 1;"], says: [/^cell 1, line 1: .*noExplicitAny/] },
  "an unclosed bracket": { cells: ["const a = [1;"], says: [/^cell 1, line 1: error TS1005/] },
};

for (const [name, { cells, says }] of Object.entries(planted))
  test(`found: ${name}`, async () => {
    const found = await complaints(...cells);
    for (const expected of says) expect(found).toContainEqual(expect.stringMatching(expected));
  });
