import { existsSync } from "node:fs";
import { ENCODERS } from "../../embedding";
import { type Finding, note, ok, problem } from "./finding";

/** The encoders of pictures and titles: built in, downloaded, or read from a folder. */
export function encoderFindings(modelDir?: string): Finding[] {
  const builtIn = ok("encoders", `${namesOf(false)}: built in`);
  const subject = namesOf(true);
  if (modelDir === undefined)
    return [
      builtIn,
      note(
        subject,
        "fetched at first use: MiniLM from the Python package index, else, as CLIP, from the Hugging Face hub",
        "without a way there: --model-dir FOLDER",
      ),
    ];
  if (existsSync(modelDir)) return [builtIn, ok(subject, `from ${modelDir}`)];
  return [builtIn, problem(subject, `${modelDir} does not exist`, "give --model-dir a folder in the hub's layout")];
}

function namesOf(isDownloaded: boolean): string {
  const rows = ENCODERS.filter((row) => row.isDownloaded === isDownloaded);
  return rows.map(({ name }) => name).join(", ");
}
