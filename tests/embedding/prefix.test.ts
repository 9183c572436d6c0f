import { spawn } from "node:child_process";
import { open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  embeddedIdentities,
  forgetVectors,
  HiddenStates,
  type PrefixIdentity,
  planPrefix,
  prefixFolder,
  writePrefix,
} from "../../lib/embedding";
import { temporaryFolder } from "./folder";
import { IDENTITY, PICTURES, statesOf } from "./prefix-world";

const ROW_BYTES = 5 * 8 * 2;
const ALL = [...PICTURES.keys()];

async function write(embeddings: string, pictures = PICTURES, identity = IDENTITY): Promise<number[]> {
  const asked: number[] = [];
  const compute = async (indices: readonly number[]) => {
    asked.push(...indices);
    return statesOf(indices);
  };
  for await (const _ of writePrefix({ embeddings, identity, pictures, compute, batch: 7 }));
  return asked;
}

async function read(embeddings: string, indices: readonly number[], pictures = PICTURES): Promise<Float32Array> {
  const states = await HiddenStates.open(embeddings, IDENTITY, pictures);
  try {
    return await states.rows(indices);
  } finally {
    await states.close();
  }
}

/** Changes one byte of the numbers. */
async function damage(embeddings: string, at: number): Promise<void> {
  const file = await open(join(prefixFolder(embeddings, IDENTITY), "hidden.f16"), "r+");
  await file.write(Uint8Array.of(0x55), 0, 1, at);
  await file.close();
}

test("hidden states are read in any order as they were written", async () => {
  const embeddings = await temporaryFolder();
  expect(await write(embeddings)).toEqual(ALL);
  expect(await read(embeddings, [39, 0, 7, 7])).toEqual(statesOf([39, 0, 7, 7]));
  const reversed = [...PICTURES].reverse();
  expect(await read(embeddings, [0, 39], reversed)).toEqual(statesOf([39, 0]));
});

test("only what is missing is computed, and a picture that changed is", async () => {
  const embeddings = await temporaryFolder();
  await write(embeddings, PICTURES.slice(0, 10));
  const changed = PICTURES.map((key, n) => (n === 3 ? ([key[0], "another"] as const) : key));
  const plan = await planPrefix(embeddings, IDENTITY, changed);
  expect(plan).toMatchObject({ missing: [3, ...ALL.slice(10)], sizeBytes: 31 * ROW_BYTES });
  expect(plan.freeBytes).toBeGreaterThan(0);
  expect(await write(embeddings, changed)).toEqual([3, ...ALL.slice(10)]);
  expect(await write(embeddings, changed)).toEqual([]);
});

test.each<[string, Partial<PrefixIdentity>]>([
  ["weights", { revision: "ba9876543210" }],
  ["geometry", { preprocessing: "crop" }],
  ["cut", { blocks: 1 }],
  ["precision", { precision: "bfloat16" }],
])("hidden states of another %s are other files", async (_, other) => {
  const embeddings = await temporaryFolder();
  await write(embeddings);
  await expect(HiddenStates.open(embeddings, { ...IDENTITY, ...other }, PICTURES)).rejects.toThrow(
    expect.objectContaining({ code: "EMBEDDING_HIDDEN_STATES_MISSING" }),
  );
});

test("pictures without hidden states are refused by name", async () => {
  const embeddings = await temporaryFolder();
  await write(embeddings, PICTURES.slice(0, 38));
  await expect(read(embeddings, [0])).rejects.toMatchObject({ missing: ["video-38", "video-39"] });
});

test("a changed byte is found when its picture is read", async () => {
  const embeddings = await temporaryFolder();
  await write(embeddings);
  await damage(embeddings, 5 * ROW_BYTES + 10);
  expect(await read(embeddings, [4, 6])).toEqual(statesOf([4, 6]));
  await expect(read(embeddings, [5])).rejects.toMatchObject({ code: "EMBEDDING_HIDDEN_STATES_UNUSABLE" });
});

test("values beyond float16's range, and NaN, are refused and not stored", async () => {
  for (const value of [65_520, Number.NaN]) {
    const embeddings = await temporaryFolder();
    const compute = async () => Float32Array.from(statesOf([0]), (known, place) => (place === 9 ? value : known));
    const pictures = PICTURES.slice(0, 1);
    const writing = writePrefix({ embeddings, identity: IDENTITY, pictures, compute, batch: 1 });
    await expect(writing.next()).rejects.toMatchObject({ code: "EMBEDDING_HIDDEN_STATES_OUT_OF_RANGE" });
    expect(await write(embeddings, pictures)).toEqual([0]);
  }
});

test("too little space is refused before anything is computed", async () => {
  const embeddings = await temporaryFolder();
  const identity = { ...IDENTITY, tokens: 1e9, width: 1e9 };
  await expect(write(embeddings, PICTURES, identity)).rejects.toMatchObject({
    code: "EMBEDDING_HIDDEN_STATES_TOO_LARGE",
    sizeBytes: 40 * 2e18,
  });
});

test("forgotten videos leave no number behind, and the others stay", async () => {
  const embeddings = await temporaryFolder();
  await write(embeddings);
  expect(await embeddedIdentities({ embeddings })).toEqual([]);
  await forgetVectors({ embeddings }, new Set(["video-2", "video-39"]));
  const bytes = await readFile(join(prefixFolder(embeddings, IDENTITY), "hidden.f16"));
  for (const row of [2, 39]) expect(bytes.subarray(row * ROW_BYTES, (row + 1) * ROW_BYTES)).toEqual(Buffer.alloc(80));
  const { missing } = await planPrefix(embeddings, IDENTITY, PICTURES);
  expect(missing).toEqual([2, 39]);
  await write(embeddings);
  expect(await read(embeddings, ALL)).toEqual(statesOf(ALL));
});

/** Runs the child to its end, or kills it as soon as it has said a line. */
function run(embeddings: string, killAt?: string): Promise<NodeJS.Signals | number | null> {
  const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "prefix-child.ts"), embeddings], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (piece: Buffer) => {
    said += piece.toString();
    if (killAt !== undefined && said.includes(`${killAt}\n`)) child.kill("SIGKILL");
  });
  return new Promise((resolve) => child.on("exit", (code, signal) => resolve(signal ?? code)));
}

test("killed twice and started again, the files are those of a run that was not", { timeout: 60_000 }, async () => {
  const embeddings = await temporaryFolder();
  expect(await run(embeddings, "done 8")).toBe("SIGKILL");
  expect(await run(embeddings, "done 4")).toBe("SIGKILL");
  expect(await run(embeddings)).toBe(0);
  const whole = await temporaryFolder();
  expect(await run(whole)).toBe(0);
  const left = prefixFolder(embeddings, IDENTITY);
  const right = prefixFolder(whole, IDENTITY);
  expect((await readdir(left)).sort()).toEqual(["hidden.f16", "prefix.json", "rows.jsonl"]);
  for (const name of await readdir(right))
    expect(await readFile(join(left, name))).toEqual(await readFile(join(right, name)));
  expect(await read(embeddings, ALL)).toEqual(statesOf(ALL));
});
