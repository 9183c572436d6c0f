import { join } from "node:path";
import { type Contender, startContender, startOwn } from "../side-by-side/contender";
import { OURS } from "../side-by-side/table";
import { torchPython } from "../torch/environment";
import type { WorldSize } from "./world";

const TORCH = ["torch-eager", "torch-fused-adam", "torch-compile", "torch-hand-fused", "torch-hand-fused-compile"];
/** tfjs's own backends under our code. */
export const EAGER = ["wasm", "tfjs-node"];
export const CONTENDERS = [OURS, ...EAGER, ...TORCH];

/** What `startAll` needs to know. */
export interface Field {
  names: readonly string[];
  size: WorldSize;
  /** Where the world's files are, for PyTorch. */
  folder: string;
  threads: number;
}

/**
 * Starts contenders, ours first.
 * @param tell takes what is worth knowing meanwhile
 */
export async function startAll(field: Field, tell: (message: string) => void): Promise<Contender[]> {
  const { names, size, folder, threads } = field;
  const unknown = names.filter((name) => !CONTENDERS.includes(name));
  if (unknown.length > 0) throw new RangeError(`${unknown.join(", ")}: contenders are ${CONTENDERS.join(", ")}`);
  const python = names.some((name) => TORCH.includes(name)) ? torchPython(tell) : "";
  const contenders: Contender[] = [];
  for (const name of CONTENDERS.filter((each) => names.includes(each))) {
    const ours = [name === OURS ? "tensorflow" : name, String(size.videos), String(size.pairs)];
    const script = join(__dirname, "..", "torch", "contender.py");
    contenders.push(
      TORCH.includes(name)
        ? await startContender(name, python, [script, name, folder, String(threads)])
        : await startOwn(name, join(__dirname, "contender.ts"), ours),
    );
  }
  return contenders;
}
