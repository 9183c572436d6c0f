import { expect, test } from "vitest";
import { spellOutShorthand } from "../../kernel/shorthand";

test("shorthand properties are spelled out, wherever an object is made or taken apart by assignment", () => {
  expect(spellOutShorthand("f({ home, seed })")).toBe("f({ home: home, seed: seed })");
  expect(spellOutShorthand("({ a, b: { c } })")).toBe("({ a: a, b: { c: c } })");
  expect(spellOutShorthand("({ a, b = 1 } = made);")).toBe("({ a: a, b: b = 1 } = made);");
  expect(spellOutShorthand("rows.map((x) => ({ x, y: f({ x }) }))")).toBe(
    "rows.map((x) => ({ x: x, y: f({ x: x }) }))",
  );
});

test("what is no shorthand property stays, and so does every line", () => {
  const same = [
    "const { a, b } = made;",
    "const f = ({ a }: { a: number }) => { a; };",
    'import { a } from "./lib/store";',
    "({ a: 1, ...b, [c]: d, e() {} });",
    '"{ a }" + `{ b }`; // { c }',
    "const broken = {",
  ];
  for (const source of same) expect(spellOutShorthand(source)).toBe(source);
  expect(spellOutShorthand("f({\n  a,\n  b,\n});").split("\n")).toHaveLength(4);
});
