import { expect, test } from "vitest";
import { judge } from "./planted";

const lint = (text: string) =>
  judge({ "lib/planted.ts": text }, "biome", "lint", "--error-on-warnings", "--colors=off");
const save = "async function save(): Promise<void> {}\n";

test("a file that keeps the rules passes", () => {
  expect(lint(`${save}export async function all(): Promise<void> {\n  await save();\n}\n`)).toMatchObject({ code: 0 });
});

test("a promise that nobody waits for is an error", () => {
  const { code, output } = lint(`${save}export function all(): void {\n  save();\n}\n`);
  expect(output).toContain("noFloatingPromises");
  expect(code).not.toBe(0);
});

test("a promise used as a condition is an error", () => {
  const { code, output } = lint(
    `async function there(): Promise<boolean> {\n  return true;\n}\nexport function all(): number {\n  return there() ? 1 : 2;\n}\n`,
  );
  expect(output).toContain("noMisusedPromises");
  expect(code).not.toBe(0);
});

test("any is an error", () => {
  const { code, output } = lint("export const loose: any = 1;\n");
  expect(output).toContain("noExplicitAny");
  expect(code).not.toBe(0);
});
