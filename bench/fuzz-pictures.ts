// npm run bench fuzz-pictures [-- --count 3000 --seed 1 --real FOLDER]
// Damaged pictures through `rank` and `embed`: no crash, no hang over 5 s, no memory over 1 GB, every refusal coded, and
// both of one mind. Mutants are made of pictures that the program draws, and of those in FOLDER.
import { parseArgs } from "node:util";
import { type FuzzReport, fuzzPictures } from "./fuzz-pictures/run";
import { count } from "./long/verdict";

const HANG_MS = 5000;
const MOST_MB = 1000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "3000" },
      seed: { type: "string", default: "1" },
      real: { type: "string" },
    },
  });
  const pictures = { count: count("count", values.count), seed: values.seed, hangMs: HANG_MS };
  const report = await fuzzPictures({ ...pictures, ...(values.real !== undefined && { real: values.real }) });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  if (isFault(report)) process.exitCode = 1;
}

function isFault({ outcomes, crashed, hung, differing, peakMb }: FuzzReport): boolean {
  const uncoded = Object.keys(outcomes).filter((outcome) => !/^(accepted|PICTURE_[A-Z]+)$/.test(outcome));
  return [uncoded, crashed, hung, differing].some(({ length }) => length > 0) || peakMb > MOST_MB;
}

void main();
