import { z } from "zod";
import { configure } from "../config";
import type { Device, Engine, EngineOptions } from "../engine";
import { say } from "./context";

/** More threads than any machine we know of has cores. */
const MOST_THREADS = 512;
const THREADS_FORM = `auto, or two whole numbers from 1 to ${MOST_THREADS} such as 1,2`;

/** Whether a text is "auto", or two counts: threads within an operation, and operations at a time. */
function isThreads(text: string): boolean {
  const counts = text.split(",");
  return text === "auto" || (counts.length === 2 && counts.every(isThreadCount));
}

const isThreadCount = (text: string) => /^[1-9]\d{0,3}$/.test(text) && Number(text) <= MOST_THREADS;

/** Flags of commands that compute. */
export const EngineSettings = z
  .strictObject({
    device: z
      .string()
      .regex(/^(cpu|gpu:\d{1,3})$/)
      .optional()
      .meta({
        placeholder: "name",
        form: "cpu or gpu:N, with N from 0",
        description: "cpu, or gpu:N with N from 0 (default: a GPU where TensorFlow sees one)",
      }),
    backend: z.enum(["auto", "tensorflow", "wasm", "cpu"]).default("auto").meta({ description: "where steps run" }),
    threads: z
      .string()
      .refine(isThreads, `must be ${THREADS_FORM}`)
      .optional()
      .meta({
        placeholder: "intra,inter",
        form: THREADS_FORM,
        description: `threads within an operation, operations at a time (1 to ${MOST_THREADS} each); auto measures them (default: as measured here before, or now where the run is long, else 1,CORES)`,
      }),
    precision: z.enum(["float32", "bfloat16", "float16"]).default("float32").meta({
      description: "of products; weights and all else stay float32",
    }),
    xla: z.boolean().default(false).meta({
      description: "let XLA compile clusters of operations: slower on a CPU, not measured on a GPU",
    }),
  })
  .meta({ title: "Engine" });
export type EngineFlags = z.input<typeof EngineSettings>;

/** Only `--device`. */
export const DeviceSettings = EngineSettings.pick({ device: true }).meta({ title: "Engine" });

/**
 * Extracts the engine's options from a command's flags, ignoring all others.
 * @throws ConfigInvalid
 */
export function engineOptions(flags: EngineFlags): EngineOptions {
  const { backend, device, threads = "auto", precision, xla } = configure(EngineSettings.strip(), flags);
  const [intraOpThreads, interOpThreads] = threads === "auto" ? [] : threads.split(",").map(Number);
  return {
    backend,
    precision,
    xla,
    ...(device === undefined ? {} : { device: device as Device }),
    ...(intraOpThreads === undefined || interOpThreads === undefined ? {} : { intraOpThreads, interOpThreads }),
  };
}

/** Announces the engine, and the reason if it is not TensorFlow. */
export function announce({ name, device, version, settings, fallbackReason }: Engine): void {
  if (fallbackReason !== undefined) {
    say(`TensorFlow's library cannot be used: ${fallbackReason}`);
    say("This falls back to the wasm backend: the same results, much slower.");
  }
  const how =
    settings === undefined
      ? []
      : [
          `threads ${settings.intraOpThreads},${settings.interOpThreads}`,
          ...(settings.precision === "float32" ? [] : [`products in ${settings.precision}`]),
          ...(settings.xla ? ["XLA"] : []),
        ];
  say([`engine: ${name} ${version} on ${device}`, ...how].join(", "));
}
