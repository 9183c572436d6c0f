import { expect, test } from "vitest";
import { spellOutNames } from "../../kernel/names";

test("shorthand properties are spelled out, wherever an object is made or taken apart by assignment", () => {
  expect(spellOutNames("f({ home, seed })")).toBe('f({ "home": home, "seed": seed })');
  expect(spellOutNames("({ a, b: { c } })")).toBe('({ "a": a, b: { "c": c } })');
  expect(spellOutNames("({ a, b = 1 } = made);")).toBe('({ "a": a, "b": b = 1 } = made);');
  expect(spellOutNames("rows.map((x) => ({ x, y: f({ x }) }))")).toBe(
    'rows.map((x) => ({ "x": x, y: f({ "x": x }) }))',
  );
});

test("names of properties that are taken apart are no identifiers", () => {
  expect(spellOutNames("const { a: b, c = 2, ...d } = made;")).toBe('const { "a": b, c = 2, ...d } = made;');
  expect(spellOutNames("rows.map(({ a: { b: c } }) => ({ c }))")).toBe(
    'rows.map(({ "a": { "b": c } }) => ({ "c": c }))',
  );
});

test("all else stays, and so does every line", () => {
  const same = [
    "const { a, b } = made;",
    "const f = ({ a }: { a: number }) => { a; };",
    'import { a } from "./lib/store";',
    "({ a: 1, ...b, [c]: d, e() {} });",
    '"{ a }" + `{ b }`; // { c }',
    "const broken = {",
  ];
  for (const source of same) expect(spellOutNames(source)).toBe(source);
  expect(spellOutNames("f({\n  a,\n  b,\n});").split("\n")).toHaveLength(4);
});
