import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run, succeed } from "./thumbrank";

const folder = mkdtempSync(join(tmpdir(), "thumbrank-odd-"));
const home = join(folder, "home");
const config = join(folder, "config");
const RUN = "thumbnail_ranking_model";
const EMBED = ["embed", "--image", "descriptor", "--text", "title-hash"];
const TRAIN = ["train", "--epochs", "1", "--no-use-swa", "--overwrite"];
const picture = () =>
  join(home, "data", "sample", "thumbnails", readdirSync(join(home, "data/sample/thumbnails"))[0] ?? "");

beforeAll(async () => {
  const at = ["--data-dir", home];
  await succeed(["sample", "--channels", "12", "--videos-per-channel", "12", ...at]);
  await succeed(["pairs", ...at]);
  await succeed([...EMBED, ...at]);
  await succeed(["train", "--epochs", "1", "--no-use-swa", ...at]);
  await succeed(["export", ...at]);
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command and expects a coded error, without a stack trace, that names a path of the home. */
async function expectCoded(args: string[], codes: RegExp): Promise<string> {
  const { code, stdout, stderr } = await run(args, { XDG_CONFIG_HOME: config });
  const said = `${args[0]} ended with ${code}: ${stderr}${stdout}`;
  expect(said).toMatch(/ended with [12]:/);
  expect(said).not.toMatch(/^\s+at .*:\d+/m);
  const errors = stderr.split("\n").filter((line) => /^[A-Z]+_[A-Z_]+: /.test(line));
  expect([said, errors.length]).toEqual([said, 1]);
  expect(errors[0]).toMatch(codes);
  return stderr;
}

/** Puts something else in the place of a file or folder while it works, and the file back afterwards. */
async function inPlaceOf(path: string, kind: "folder" | "pipe" | "file", work: () => Promise<unknown>) {
  const aside = `${path}.aside`;
  renameSync(path, aside);
  mkdirSync(dirname(path), { recursive: true });
  if (kind === "folder") mkdirSync(path);
  else if (kind === "pipe") execFileSync("mkfifo", [path]);
  else writeFileSync(path, "a file");
  try {
    await work();
  } finally {
    rmSync(path, { recursive: true });
    renameSync(aside, path);
  }
}

/** The embedding folder of pictures. */
const vectors = () =>
  join(
    home,
    "data/embeddings",
    readdirSync(join(home, "data/embeddings")).find((name) => /descriptor/.test(name)) ?? "",
  );

const KINDS = ["folder", "pipe"] as const;

describe.each(KINDS)("a %s in the place of", (kind) => {
  test("an embedding file", async () => {
    for (const name of ["vectors.f32", "rows.jsonl", "identity.json"]) {
      await inPlaceOf(join(vectors(), name), kind, async () => {
        await expectCoded([...EMBED, "--data-dir", home], /FILE_UNUSABLE|EMBEDDING_/);
        if (name === "vectors.f32") await expectCoded([...TRAIN, "--data-dir", home], /FILE_UNUSABLE/);
      });
    }
  }, 240_000);

  test("a trained run's and an exported model's files", async () => {
    for (const name of ["manifest.json", "weights.safetensors"]) {
      await inPlaceOf(join(home, "checkpoints", RUN, "trained", name), kind, async () => {
        await expectCoded(["evaluate", "--data-dir", home], /RUN_NOT_TRAINED/);
      });
    }
    const models = join(home, "models", RUN);
    for (const name of readdirSync(models).filter((file) => /^manifest|\.safetensors$/.test(file))) {
      await inPlaceOf(join(models, name), kind, async () => {
        await expectCoded(["rank", picture(), "--data-dir", home], /MODEL_DAMAGED/);
      });
    }
  }, 240_000);

  test("the owner's consent", async () => {
    const consent = join(config, "thumbrank", "youtube-owner.json");
    mkdirSync(dirname(consent), { recursive: true });
    writeFileSync(consent, "{}");
    await inPlaceOf(consent, kind, async () => {
      await expectCoded(["ctr", "status", "--data-dir", home], /FILE_UNUSABLE|CTR_/);
    });
  }, 60_000);
});

test("a file in the place of a folder of the home", async () => {
  for (const [name, args] of [
    ["data/store", ["store", "status"]],
    ["data/thumbnails", ["sample", "--channels", "1", "--videos-per-channel", "2"]],
    ["data/embeddings", EMBED],
    ["checkpoints", TRAIN],
    ["models", ["export"]],
    ["runs", ["evaluate"]],
  ] as const) {
    await inPlaceOf(join(home, name), "file", () =>
      expectCoded([...args, "--data-dir", home], /FILE_UNUSABLE|STORE_UNREADABLE|CHECKPOINT_NOT_WRITTEN/),
    );
  }
}, 240_000);

test("a home that cannot be", async () => {
  symlinkSync(join(folder, "loop"), join(folder, "loop"));
  writeFileSync(join(folder, "file"), "");
  const homes = [
    join(folder, "loop"),
    join(folder, "file"),
    join(folder, "n".repeat(300)),
    "/dev/null/home",
    "/proc/none",
  ];
  for (const dataDir of homes) await expectCoded(["store", "status", "--data-dir", dataDir], /STORE_UNREADABLE/);
  const sample = ["sample", "--channels", "1", "--videos-per-channel", "2"];
  for (const dataDir of homes.slice(-2)) await expectCoded([...sample, "--data-dir", dataDir], /FILE_UNUSABLE/);
  const { stderr } = await run(["doctor", "--data-dir", "/proc/none"]);
  expect(stderr).not.toMatch(/^\s+at .*:\d+/m);
}, 240_000);
