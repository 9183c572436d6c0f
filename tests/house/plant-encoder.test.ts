import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./files";

const ENCODER = `import { decodeThumbnail, type Pixels, type ThumbnailSource } from "../thumbnails";
import { completed, type ImageEncoder, isPixels } from "./encoder";

/** The mean of red, green and blue, 0-0.5 each, and one number that completes the length. */
export function openMeanColour(): ImageEncoder {
  const decode = (source: ThumbnailSource) => decodeThumbnail(source, {}, (pixels) => pixels);
  return {
    identity: {
      kind: "image",
      model: "mean-colour",
      revision: "1",
      preprocessing: "upright",
      normalisation: "l2",
      dimensions: 4,
    },
    decode,
    async encode(batch) {
      const vectors = new Float32Array(batch.length * 4);
      for (const [row, item] of batch.entries())
        vectors.set(meanColour(isPixels(item) ? item : await decode(item)), row * 4);
      return vectors;
    },
    close: async () => {},
  };
}

function meanColour({ data }: Pixels): Float32Array {
  const sums = new Float32Array(3);
  data.forEach((value, at) => {
    sums[at % 3] = (sums[at % 3] ?? 0) + value;
  });
  return completed(sums.map((sum) => sum / (data.length / 3) / 510));
}
`;

const ROW = `  {
    kind: "image",
    name: "mean-colour",
    dimensions: 4,
    sees: "the mean colour",
    overlooks: "everything else",
    isDownloaded: false,
    geometries: ["full"],
    earlier: [],
    open: async () => (await import("./mean-colour")).openMeanColour(),
  },
];
`;

let folder: string;
let home: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "thumbrank-plant-"));
  home = join(folder, "home");
  for (const name of ["lib", "supabase", "package.json", "tsconfig.json"])
    await cp(join(root, name), join(folder, name), { recursive: true });
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  // Two files: the encoder, and its row.
  await writeFile(join(folder, "lib/embedding/mean-colour.ts"), ENCODER);
  const table = join(folder, "lib/embedding/encoders.ts");
  await writeFile(table, (await readFile(table, "utf8")).replace("\n];\n", `\n${ROW}`));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the command line with the planted encoder prints. */
async function thumbrank(...args: string[]): Promise<string> {
  const { DATABASE_URL: _, SUPABASE_URL: __, SUPABASE_KEY: ___, ...inherited } = process.env;
  const options = { cwd: folder, env: { ...inherited, WANDB_MODE: "disabled" }, maxBuffer: 2 ** 24 };
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", "lib/cli.ts", ...args], options);
  return stdout;
}

const inHome = (...args: string[]) => thumbrank(...args, "--data-dir", home, "--json");
const readJson = async (...names: string[]): Promise<unknown> =>
  JSON.parse(await readFile(join(home, ...names), "utf8"));

test("an encoder that is planted in two files is a choice of the flags, in help and in messages", async () => {
  const help = (await thumbrank("embed", "--help")).replace(/\s+/g, " ");
  expect(help).toContain("encoder of pictures: descriptor, clip-vit-l-14, mean-colour, or the folder");
  expect(help).toContain("built in: descriptor, mean-colour (required)");
  expect(await thumbrank("worker", "--help")).toContain("mean-colour");
  await expect(inHome("embed", "--image", "other", "--text", "title-hash")).rejects.toThrow(
    "must be one of descriptor, clip-vit-l-14, mean-colour",
  );
});

test("it embeds, trains, is evaluated, exported and ranks, and each says so by its identity", async () => {
  const identity = {
    kind: "image",
    model: "mean-colour",
    revision: "1",
    preprocessing: "upright",
    normalisation: "l2",
    dimensions: 4,
  };
  await inHome("sample", "--channels", "12", "--videos-per-channel", "20");
  await inHome("pairs");
  await inHome("embed", "--image", "mean-colour", "--text", "title-hash");
  const [embeddings] = (await readdir(join(home, "data/embeddings"))).filter((name) =>
    /^image-mean-colour-/.test(name),
  );
  expect(await readJson("data/embeddings", embeddings ?? "", "identity.json")).toEqual(identity);

  await inHome("train", "--epochs", "2", "--no-use-swa", "--run", "planted");
  expect(await readJson("checkpoints/planted/trained/trained.json")).toMatchObject({
    config: { model: { clipDim: 4, textDim: 384 } },
  });
  await inHome("evaluate", "--run", "planted");
  expect(await readFile(join(home, "runs/planted/report.html"), "utf8")).toContain("<code>mean-colour</code> (4)");

  await inHome("export", "--run", "planted");
  expect(await readJson("models/planted/1/model.json")).toMatchObject({ encoders: { image: identity } });
  const samples = (await readdir(join(home, "data"), { recursive: true })).filter((name) => name.endsWith(".jpg"));
  const pictures = samples.slice(0, 2).map((name) => join(home, "data", name));
  const { ranking } = JSON.parse(await inHome("rank", ...pictures, "--model", "planted")) as { ranking: unknown[] };
  expect(ranking).toHaveLength(2);
});
