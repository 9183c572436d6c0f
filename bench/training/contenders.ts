import { join } from "node:path";
import type { Device } from "../../lib/engine";
import { type Contender, startContender, startOwn } from "../side-by-side/contender";
import { torchPython } from "../torch/environment";
import { ENGINES } from "./engines";
import type { WorldSize } from "./world";

export const TORCH = [
  "torch-eager",
  "torch-fused-adam",
  "torch-compile",
  "torch-hand-fused",
  "torch-hand-fused-compile",
  "torch-hand-fused-graphs",
];
/** tfjs's own backends under our code. */
export const EAGER = ["wasm", "tfjs-node"];
export const CONTENDERS = [...Object.keys(ENGINES), ...TORCH];

/** What `startAll` needs to know. */
export interface Field {
  names: readonly string[];
  size: WorldSize;
  /** Where the world's files are, for PyTorch. */
  folder: string;
  threads: number;
  device: Device;
}

/**
 * Starts contenders, ours first.
 * @param tell takes what is worth knowing meanwhile
 */
export async function startAll(field: Field, tell: (message: string) => void): Promise<Contender[]> {
  const { names, size, folder, threads, device } = field;
  const unknown = names.filter((name) => !CONTENDERS.includes(name));
  if (unknown.length > 0) throw new RangeError(`${unknown.join(", ")}: contenders are ${CONTENDERS.join(", ")}`);
  const python = names.some((name) => TORCH.includes(name)) ? torchPython(tell) : "";
  const contenders: Contender[] = [];
  for (const name of CONTENDERS.filter((each) => names.includes(each))) {
    const ours = [name, String(size.videos), String(size.pairs), device];
    const script = join(__dirname, "..", "torch", "contender.py");
    const theirs = [script, name, folder, String(threads), device.replace("gpu", "cuda")];
    contenders.push(
      TORCH.includes(name)
        ? await startContender(name, python, theirs)
        : await startOwn(name, join(__dirname, "contender.ts"), ours),
    );
  }
  return contenders;
}
