import { readFileSync } from "node:fs";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { openSentenceEncoder } from "../../lib/embedding/sentence/encoder";
import { SentenceEncoderUnusable } from "../../lib/embedding/sentence/errors";
import { createTokenizer } from "../../lib/embedding/sentence/tokenizer";
import { type readSafetensors, SafetensorsInvalid, writeSafetensors } from "../../lib/model";
import { temporaryFolder } from "./folder";
import { cosine, row } from "./golden";

const FOLDER = join(__dirname, "..", "golden", "sentence");
const Made = z.object({ ids: z.array(z.array(z.number())), vectors: z.array(z.array(z.number())) });
/** What sentence-transformers made of the titles (make.py). */
const golden = z
  .object({ titles: z.array(z.string()), bert: Made, "xlm-roberta": Made, roberta: Made })
  .parse(JSON.parse(readFileSync(join(FOLDER, "golden.json"), "utf8")));

const MODELS = [
  { name: "bert", dimensions: 48, maxTokens: 64, prompt: "", tokenizer: "." },
  { name: "xlm-roberta", dimensions: 32, maxTokens: 62, prompt: "", tokenizer: "." },
  { name: "roberta", dimensions: 24, maxTokens: 40, prompt: "title: ", tokenizer: "0_Transformer" },
] as const;

test.each(MODELS)("$name: tokens are those of Python's tokenizers", ({ name, maxTokens, prompt, tokenizer }) => {
  const read = (file: string) => JSON.parse(readFileSync(join(FOLDER, name, tokenizer, file), "utf8")) as object;
  const { encode } = createTokenizer(read("tokenizer.json"), read("tokenizer_config.json"));
  for (const [at, title] of golden.titles.entries()) {
    expect({ title, ids: encode(prompt + title, maxTokens) }).toEqual({ title, ids: golden[name].ids[at] });
  }
});

test.each(MODELS)(
  "$name: vectors are those of sentence-transformers, in a batch and alone",
  async ({ name, dimensions }) => {
    const encoder = await openSentenceEncoder(join(FOLDER, name), name);
    const { vectors } = golden[name];
    const together = await encoder.encode(golden.titles);
    for (const [at, vector] of vectors.entries())
      expect(cosine(row(together, at, dimensions), vector)).toBeGreaterThan(0.99999);
    const alone = await encoder.encode(golden.titles.slice(0, 1));
    expect(cosine(alone, vectors[0] ?? [])).toBeGreaterThan(0.99999);
    expect(await encoder.encode([])).toEqual(new Float32Array());
    expect(encoder.identity).toMatchObject({ kind: "text", model: name, dimensions, normalisation: "l2" });
    await encoder.close();
  },
);

test("the golden titles are told apart by each model", () => {
  for (const { name } of MODELS) {
    // The last ones but one are equal, or cut to the same tokens.
    const vectors = golden[name].vectors.slice(0, 16);
    expect(Math.max(...vectors.flatMap((a, i) => vectors.slice(0, i).map((b) => cosine(a, b))))).toBeLessThan(0.97);
  }
});

/** A copy of the tiny BERT in which something is changed. */
async function changed(change: (folder: string) => Promise<void>): Promise<string> {
  const folder = await temporaryFolder();
  await cp(join(FOLDER, "bert"), folder, { recursive: true });
  await change(folder);
  return folder;
}

async function editJson(folder: string, name: string, change: object): Promise<void> {
  const path = join(folder, name);
  const before = JSON.parse(await readFile(path, "utf8")) as object;
  await writeFile(path, JSON.stringify(Array.isArray(before) ? change : { ...before, ...change }));
}

/** Weights as the file has them, but for the tensor that is no number of the model's. */
async function editWeights(
  folder: string,
  change: (weights: ReturnType<typeof readSafetensors>["weights"]) => void,
): Promise<void> {
  const path = join(folder, "model.safetensors");
  const weights = await weightsOf(path);
  change(weights);
  await writeFile(path, writeSafetensors(weights));
}

async function weightsOf(path: string): Promise<ReturnType<typeof readSafetensors>["weights"]> {
  const { SafetensorsFile } = await import("../../lib/model");
  const file = await SafetensorsFile.open(path);
  const names = [...file.tensors.keys()].filter((name) => !name.endsWith("position_ids"));
  const entries = [];
  for (const name of names) entries.push([name, await file.read(name)] as const);
  await file.close();
  return Object.fromEntries(entries);
}

const QUERY = "encoder.layer.1.attention.self.query.weight";
const unusable: [string, (folder: string) => Promise<void>, RegExp][] = [
  ["no config.json", (folder) => rm(join(folder, "config.json")), /config\.json is missing/],
  ["no weights", (folder) => rm(join(folder, "model.safetensors")), /model\.safetensors is missing/],
  ["no tokenizer", (folder) => rm(join(folder, "tokenizer.json")), /tokenizer\.json is missing/],
  ["a config.json cut off", (folder) => writeFile(join(folder, "config.json"), "{"), /config\.json is not JSON/],
  ["another kind of model", (folder) => editJson(folder, "config.json", { model_type: "t5" }), /model_type/],
  [
    "other positions",
    (folder) => editJson(folder, "config.json", { position_embedding_type: "relative_key" }),
    /position_embedding_type/,
  ],
  [
    "a layer count out of bounds",
    (folder) => editJson(folder, "config.json", { num_hidden_layers: 1e9 }),
    /num_hidden_layers/,
  ],
  [
    "heads that do not divide the width",
    (folder) => editJson(folder, "config.json", { num_attention_heads: 5 }),
    /num_attention_heads: must divide/,
  ],
  [
    "a smaller vocabulary",
    (folder) => editJson(folder, "config.json", { vocab_size: 100 }),
    /tokens up to \d+; config\.json has a vocab_size of 100/,
  ],
  [
    "another width",
    (folder) => editJson(folder, "config.json", { intermediate_size: 97 }),
    /intermediate\.dense\.weight of shape \[96, 48\]; config\.json makes it \[97, 48\]/,
  ],
  [
    "a module that is not computed",
    (folder) =>
      editJson(folder, "modules.json", [
        { path: "", type: "x.Transformer" },
        { path: "1_Pooling", type: "x.Pooling" },
        { path: "2_Dense", type: "x.Dense" },
      ]),
    /modules\.json has Dense/,
  ],
  [
    "a module outside of the folder",
    (folder) => editJson(folder, "modules.json", [{ path: "../elsewhere", type: "x.Transformer" }]),
    /outside of it: \.\.\/elsewhere/,
  ],
  [
    "another pooling",
    (folder) => editJson(folder, "1_Pooling/config.json", { pooling_mode: "lasttoken" }),
    /pools by lasttoken/,
  ],
  [
    "a tokenizer of another kind",
    (folder) => editJson(folder, "tokenizer.json", { model: { type: "Nonsense" } }),
    /tokenizer\.json is not one that is read/,
  ],
  [
    "a tensor left out",
    (folder) => editWeights(folder, (weights) => delete weights[QUERY]),
    /has no tensor encoder\.layer\.1\.attention\.self\.query\.weight/,
  ],
];

test.each(unusable)("a folder with %s is refused, and the message says it", async (_name, change, reason) => {
  const opening = openSentenceEncoder(await changed(change), "changed");
  await expect(opening).rejects.toThrow(SentenceEncoderUnusable);
  await expect(opening).rejects.toThrow(reason);
});

test("a cut weights file is refused", async () => {
  const folder = await changed(async (copy) => {
    const path = join(copy, "model.safetensors");
    await writeFile(path, (await readFile(path)).subarray(0, 5000));
  });
  await expect(openSentenceEncoder(folder, "cut")).rejects.toThrow(SafetensorsInvalid);
});

test("the identity changes with weights, vocabulary, length and pooling", async () => {
  const changes: ((folder: string) => Promise<void>)[] = [
    async () => {},
    (folder) => editWeights(folder, (weights) => weights[QUERY]?.values.fill(1)),
    (folder) => editJson(folder, "tokenizer.json", { version: "1.1" }),
    (folder) => editJson(folder, "sentence_bert_config.json", { max_seq_length: 32 }),
    (folder) => editJson(folder, "1_Pooling/config.json", { pooling_mode: "max" }),
  ];
  const identities = new Set<string>();
  for (const change of changes) {
    const encoder = await openSentenceEncoder(await changed(change), "tiny");
    identities.add(JSON.stringify(encoder.identity));
    await encoder.close();
  }
  expect(identities.size).toBe(changes.length);
});
