import { expect, test } from "vitest";
import { run } from "./thumbrank";

test.each(["-abc.jpg", "--draft.PNG"])("rank %s says how to write a name that begins with a dash", async (name) => {
  const { code, stderr } = await run(["rank", name]);
  expect(code).toBe(1);
  expect(stderr).toContain(`write ./${name}`);
});

test("rank says nothing of dashes where a flag is misspelled", async () => {
  const { code, stderr } = await run(["rank", "a.jpg", "--titel", "x"]);
  expect(code).toBe(1);
  expect(stderr).not.toContain("write ./");
});
