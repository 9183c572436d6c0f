import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { finish } from "../../lib/base";
import { reportFailure } from "../../lib/cli/failure";
import { Path } from "../../lib/cli/fields";
import { progressBar } from "../../lib/cli/progress";
import { settingsFrom } from "../../lib/cli/settings";
import { ConfigInvalid } from "../../lib/config";
import { openEngine } from "../../lib/engine";
import { drawExamples } from "./examples";
import { TINY, TinyClip } from "./pretrain";

const number = (least: number, most: number) => z.number().int().min(least).max(most);
const Settings = z.strictObject({
  out: Path.meta({ description: "folder of the vision tower" }),
  seed: number(0, 999_999).default(0).meta({ description: "of the pictures, the first weights and the order" }),
  steps: number(1, 1_000_000).default(1000).meta({ description: "training steps of 128 pictures" }),
  channels: number(8, 1000).default(120).meta({ description: "channels to draw, of 25 pictures each" }),
});

/** Worlds of these seeds and the following are drawn for towers alone, so that no ranker meets their channels. */
const FIRST_SEEDS = { training: 1_000_000, heldOut: 2_000_000 };
const PICTURES = 25;
const HELD_OUT_CHANNELS = 8;
const BATCH = 128;

/** Trains a tiny CLIP and saves its vision tower. @param args such as `--out FOLDER --seed 1` */
export async function main(args: string[]): Promise<void> {
  try {
    await trainTiny(readSettings(args));
  } catch (thrown) {
    reportFailure(thrown);
  }
}

function readSettings(args: string[]): z.infer<typeof Settings> {
  const type = "string" as const;
  const options = { out: { type }, seed: { type }, steps: { type }, channels: { type } };
  try {
    return settingsFrom({ flags: Settings }, parseArgs({ args, options }).values).flags;
  } catch (thrown) {
    throw thrown instanceof TypeError ? new ConfigInvalid([thrown.message]) : thrown;
  }
}

async function trainTiny({ out, seed, steps, channels }: z.infer<typeof Settings>): Promise<void> {
  const show = progressBar();
  const draw = (first: number, count: number, stage: string) => {
    const world = { seed: first + seed, channels: count, videosPerChannel: PICTURES, edgeShare: 0.5 };
    return finish(drawExamples(world, TINY.imageSize, stage), show);
  };
  const examples = await draw(FIRST_SEEDS.training, channels, "draw pictures");
  const unseen = await draw(FIRST_SEEDS.heldOut, HELD_OUT_CHANNELS, "draw pictures of other channels");
  const engine = await openEngine();
  try {
    const clip = new TinyClip(engine, examples, seed);
    await finish(clip.train(examples, { seed, steps, batchSize: BATCH }), show);
    await clip.save(resolve(out));
    const found = 100 * (await clip.retrieval(unseen));
    const chance = 100 / unseen.length;
    process.stdout.write(
      `saved in ${resolve(out)}: among the captions of ${unseen.length} pictures of other channels it finds ${found.toFixed(1)} % of the pictures' own (by chance ${chance.toFixed(1)} %)\n`,
    );
  } finally {
    engine.dispose();
  }
}
