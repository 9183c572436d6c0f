import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { startContender, startOwn } from "../../bench/side-by-side/contender";

const echo = () => startOwn("echo", join(__dirname, "programs", "echo.ts"), []);
const Echo = z.object({ asked: z.object({ steps: z.number() }) });

test("a contender says its versions, answers in turn whatever else it prints, and ends", async () => {
  const contender = await echo();
  expect(contender.versions).toEqual({ echo: "1" });
  for (const steps of [3, 4]) expect(await contender.ask({ do: "echo", steps }, Echo)).toEqual({ asked: { steps } });
  await contender.end();
  await contender.end();
});

test("an answer of another form is refused", async () => {
  const contender = await echo();
  await expect(contender.ask({ do: "echo", steps: "many" }, Echo)).rejects.toThrow("expected number");
  await contender.end();
});

test("a contender that dies is an error with what it said last", async () => {
  const contender = await echo();
  await expect(contender.ask({ do: "fail" }, Echo)).rejects.toThrow("told to fail");
  await contender.end();
});

test("a program that is not there is an error", async () => {
  await expect(startContender("nothing", "no-such-program", [])).rejects.toThrow("no-such-program");
});
