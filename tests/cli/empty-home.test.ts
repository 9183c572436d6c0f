import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ThumbrankError } from "../../lib/base";
import { COMMANDS } from "../../lib/cli/program";
import type { RawFlags } from "../../lib/cli/settings";
import { hasTensorFlow } from "../engine/available";
import { run, succeed } from "./thumbrank";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "thumbrank-empty-"));
  for (const name of ["DATABASE_URL", "SUPABASE_URL", "SUPABASE_KEY", "YOUTUBE_API_KEY"]) vi.stubEnv(name, "");
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** What a command of this process fails with. */
async function failureOf(name: string, flags: RawFlags, operands: string[] = []): Promise<ThumbrankError> {
  const command = COMMANDS.find((each) => each.name === name);
  const thrown = await command?.run?.(flags, operands).catch((error: unknown) => error);
  if (thrown instanceof ThumbrankError) return thrown;
  throw new Error(`${name} did not fail as it should`, { cause: thrown });
}

const ENCODERS = { image: "descriptor", text: "title-hash" };

test.each<[string, RawFlags, string[]]>([
  ["pairs", {}, []],
  ["embed", ENCODERS, []],
  ["embed", { ...ENCODERS, all: true }, []],
  ["train", {}, []],
  ["train", { resume: "latest" }, []],
  ["evaluate", {}, []],
  ["evaluate", { run: "nope" }, []],
  ["diagnose", {}, []],
  ["export", {}, []],
  ["rank", {}, ["a.jpg"]],
  ["refresh", {}, []],
])("%s %j in an empty home says that there are no videos, and makes nothing", async (name, flags, operands) => {
  const home = join(root, "untouched");
  const failure = await failureOf(name, { ...flags, dataDir: home }, operands);
  expect(failure).toMatchObject({ code: "NO_VIDEOS", exitCode: 1 });
  expect(failure.next).toMatch(/import a table, collect, or .*`thumbrank sample`/);
  expect(existsSync(home)).toBe(false);
});

test("a store without videos is an empty home too", async () => {
  const home = join(root, "emptied");
  await succeed(["store", "status", "--data-dir", home]);
  await mkdir(join(home, "data", "store"), { recursive: true });
  expect((await failureOf("pairs", { dataDir: home })).code).toBe("NO_VIDEOS");
  expect((await failureOf("train", { dataDir: home })).code).toBe("NO_VIDEOS");
});

test("a run or model that there is not is said to be unknown, with at most twenty of those that there are", async () => {
  const home = join(root, "runs");
  const names = Array.from({ length: 23 }, (_, at) => `run-${String(at).padStart(2, "0")}`);
  for (const name of [...names, "bad\u001b[31mname"]) {
    await mkdir(join(home, "checkpoints", name), { recursive: true });
    await mkdir(join(home, "models", name), { recursive: true });
    await writeFile(join(home, "models", name, "model.json"), "{}");
  }
  for (const [command, flags] of [
    ["evaluate", {}],
    ["diagnose", {}],
    ["export", {}],
    ["train", { resume: "latest" }],
  ] as const) {
    const { code, what } = await failureOf(command, { ...flags, run: "nope", dataDir: home });
    expect(code).toBe("RUN_UNKNOWN");
    expect(what).toBe(`there is no run nope; there are ${names.slice(0, 20).join(", ")} and 3 more`);
  }
  const missing = await failureOf("rank", { model: "nope", dataDir: home }, ["a.jpg"]);
  expect(missing.code).toBe("MODEL_MISSING");
  expect(missing.what).toContain(`there are ${names.slice(0, 20).join(", ")} and 3 more`);
  const begun = await failureOf("evaluate", { run: "run-07", dataDir: home });
  expect(begun.code).toBe("RUN_NOT_TRAINED");
  expect(begun.next).toContain("--run run-07");
});

/** Keeps what the walk runs small. */
const SMALL: Record<string, string[]> = {
  sample: ["--channels", "6", "--videos-per-channel", "14"],
  pairs: ["--max-pairs-per-channel", "20"],
  train: ["--epochs", "2", "--swa-start", "1"],
};

/** Runs a command until it succeeds, doing what its errors say comes next. @returns what was run, with the errors' codes */
async function follow(args: string[], home: string, trail: string[] = []): Promise<string[]> {
  const [name = ""] = args;
  const { code, stderr } = await run([...args, ...(SMALL[name] ?? []), "--data-dir", home]);
  if (code === 0) return [...trail, name];
  expect(code).toBe(1);
  const failed = `${name} ${/^([A-Z_]+):/m.exec(stderr)?.[1]}`;
  expect(trail, `${failed} twice: a circle`).not.toContain(failed);
  const next = /^Next: .*?`thumbrank ([^`]+)`/m.exec(stderr)?.[1];
  expect(next, stderr).toBeDefined();
  return follow(args, home, await follow((next ?? "").split(" "), home, [...trail, failed]));
}

test.skipIf(!hasTensorFlow)(
  "whoever does what each error says comes from an empty home to a ranking (needs TensorFlow's library)",
  async () => {
    const home = join(root, "walk");
    await mkdir(home);
    const picture = join(root, "picture.jpg");
    const { sharp } = await import("../../lib/thumbnails");
    await sharp({ create: { width: 320, height: 180, channels: 3, background: "red" } }).toFile(picture);
    expect(await follow(["rank", picture], home)).toEqual([
      "rank NO_VIDEOS",
      "sample",
      "rank MODEL_MISSING",
      "export RUN_UNKNOWN",
      "train NO_PAIRS",
      "pairs",
      "train ENCODER_NOT_EMBEDDED",
      "embed",
      "train",
      "export",
      "rank",
    ]);
    expect(await readdir(join(home, "models"))).toContain("thumbnail_ranking_model");
  },
  600_000,
);

test("where the rules leave no pairs, pairs names each rule and the flags, and what it says then works", async () => {
  const home = join(root, "harsh");
  await succeed(["sample", "--channels", "3", "--videos-per-channel", "8", "--data-dir", home]);
  const harsh = ["--language", "de", "--min-views", "1000000000", "--pair-window-days", "0.01"];
  const codes: (number | null)[] = [];
  let args = ["pairs", ...harsh];
  while (codes.length < 5 && codes.at(-1) !== 0) {
    const { code, stdout, stderr } = await run([...args, "--data-dir", home]);
    codes.push(code);
    if (code === 0) break;
    if (codes.length === 1)
      expect(stderr).toMatch(/^TOO_FEW_PAIRS: .*0 of 24 videos were kept \("views" removed 24\)/m);
    expect(stdout).toContain("videos kept");
    args = (/`thumbrank ([^`]+)`/.exec(stderr)?.[1] ?? "").split(" ");
    expect(args).toContain("--min-views");
  }
  expect(codes.at(-1)).toBe(0);
});
