import { expect, test } from "vitest";
import { judge } from "./planted";

const compile = (text: string) => judge({ "lib/planted.ts": text }, "tsc", "-p", ".", "--types", "");

test("the compiler is the newest generation", () => {
  const { output } = judge({}, "tsc", "--version");
  expect(Number(/Version (\d+)/.exec(output)?.[1])).toBeGreaterThanOrEqual(7);
});

test("a well-typed file passes; one that trusts an index or an optional property does not", () => {
  expect(compile("export const first = (all: number[]): number => all[0] ?? 0;\n")).toMatchObject({ code: 0 });
  expect(compile("export const first = (all: number[]): number => all[0];\n").output).toContain("TS2322");
  expect(compile("export const loose: { a?: number } = { a: undefined };\n").output).toContain("TS2375");
});
