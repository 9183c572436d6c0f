import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, succeed } from "./thumbrank";

const TINY = join(__dirname, "..", "golden", "sentence", "bert");
let root: string;
let prepared: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "thumbrank-text-"));
  prepared = join(root, "prepared");
  const home = ["--data-dir", prepared];
  await succeed(["sample", "--channels", "6", "--videos-per-channel", "14", ...home]);
  await succeed(["pairs", "--max-pairs-per-channel", "60", ...home]);
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function homeCopy(name: string): Promise<string> {
  const home = join(root, name);
  await cp(prepared, home, { recursive: true });
  return home;
}

/** A machine that has fetched nothing yet, and reaches neither a package index nor a hub. */
const offline = () => ({
  XDG_CACHE_HOME: join(root, "empty-cache"),
  PIP_NO_INDEX: "1",
  HF_ENDPOINT: "http://127.0.0.1:9",
});

test("without --text and without a network titles are embedded by the built-in encoder, announced, and so next time", async () => {
  const home = await homeCopy("offline");
  const embed = ["embed", "--image", "descriptor", "--data-dir", home];
  const first = await run(embed, offline());
  expect(first.stderr).toMatch(/titles by title-hash, which sees no meaning: all-MiniLM-L6-v2 is not here/);
  expect(first.stdout).toMatch(/text by title-hash \(384 dimensions\): [1-9]\d* embedded/);
  const second = await run(embed, offline());
  expect(second.stderr).toContain("titles by title-hash, as this home has them; --text names another encoder");
  expect(second.stdout).toMatch(/text by title-hash \(384 dimensions\): 0 embedded/);
});

test("with --text minilm and without a network the command fails and says what can be done", async () => {
  const home = await homeCopy("asked");
  const { code, stderr } = await run(
    ["embed", "--image", "descriptor", "--text", "minilm", "--data-dir", home],
    offline(),
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/EMBEDDING_MINILM_UNAVAILABLE: .*nor from the hub/);
  expect(stderr).toMatch(/Next: .*--model-dir.*--text title-hash/);
});

test("a folder of any sentence encoder embeds, trains, is exported, and ranks from --model-dir", async () => {
  const home = ["--data-dir", await homeCopy("folder")];
  const folder = join(root, "models", "tiny-bert");
  await cp(TINY, folder, { recursive: true });
  const embedded = await succeed(["embed", "--image", "descriptor", "--text", folder, ...home]);
  expect(embedded).toMatch(/text by tiny-bert \(48 dimensions\): [1-9]\d* embedded/);
  await succeed(["train", "--epochs", "1", "--no-use-swa", ...home]);
  await succeed(["export", ...home]);
  const thumbnails = (await readdir(join(home[1] ?? "", "data"), { recursive: true })).filter((name) =>
    name.endsWith(".jpg"),
  );
  const pictures = thumbnails.slice(0, 2).map((name) => join(home[1] ?? "", "data", name));
  const rank = ["rank", ...pictures, "--title", "A title", "--json", ...home];
  const without = await run(rank);
  expect(without.stderr).toMatch(/EMBEDDING_ENCODER_UNKNOWN: there is no text encoder "tiny-bert"[\s\S]*--model-dir/);
  const { ranking } = JSON.parse(await succeed([...rank, "--model-dir", join(root, "models")])) as {
    ranking: unknown[];
  };
  expect(ranking).toHaveLength(2);

  // Other titles are no question for a run that has its own.
  await succeed(["embed", "--image", "descriptor", "--text", "title-hash", ...home]);
  expect((await run(["train", "--run", "second", ...home])).stderr).toContain("ENCODER_AMBIGUOUS");
  expect(await succeed(["evaluate", ...home])).toContain("pairwise AUC");
});

test("a name that is neither an encoder nor a path is refused", async () => {
  const { stderr } = await run(["embed", "--image", "descriptor", "--text", "bert", "--data-dir", prepared]);
  expect(stderr).toContain("must be one of title-hash, minilm, or a folder such as ./FOLDER");
});
