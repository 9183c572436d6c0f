import { type Command, Option } from "commander";
import { z } from "zod";
import { configure } from "../config";
import type { Device, Engine, EngineOptions } from "../engine";
import { say } from "./context";

const Schema = z.object({
  backend: z.enum(["auto", "tensorflow", "wasm", "cpu"]).default("auto"),
  device: z
    .string()
    .regex(/^(cpu|gpu:\d+)$/, "is cpu or gpu:N, with N from 0")
    .optional(),
  threads: z
    .string()
    .regex(/^(auto|[1-9]\d*,[1-9]\d*)$/, "is auto, or two numbers such as 1,2")
    .optional(),
  precision: z.enum(["float32", "bfloat16", "float16"]).default("float32"),
  xla: z.boolean().default(false),
});

/** Flags of commands that compute. */
export type EngineFlags = z.input<typeof Schema>;

/** Adds `--device`. */
export function deviceOption(command: Command): Command {
  return command.option("--device <name>", "cpu, or gpu:N (default: a GPU where TensorFlow sees one)");
}

/** Adds all of them. */
export function engineFlags(command: Command): Command {
  return deviceOption(command)
    .addOption(
      new Option("--backend <name>", "where steps run").choices(["auto", "tensorflow", "wasm", "cpu"]).default("auto"),
    )
    .option(
      "--threads <intra,inter>",
      "threads within an operation, operations at a time; auto measures them (default: as measured here before, or now where the run is long, else 1,CORES)",
    )
    .addOption(
      new Option("--precision <type>", "of products; weights and all else stay float32")
        .choices(["float32", "bfloat16", "float16"])
        .default("float32"),
    )
    .option("--xla", "let XLA compile clusters of operations: slower on a CPU, not measured on a GPU");
}

/**
 * The engine's options out of a command's flags.
 * @throws ConfigInvalid
 */
export function engineOptions(flags: EngineFlags): EngineOptions {
  const { backend, device, threads = "auto", precision, xla } = configure(Schema, flags);
  const [intraOpThreads, interOpThreads] = threads === "auto" ? [] : threads.split(",").map(Number);
  return {
    ...{ backend, precision, xla },
    ...(device === undefined ? {} : { device: device as Device }),
    ...(intraOpThreads === undefined || interOpThreads === undefined ? {} : { intraOpThreads, interOpThreads }),
  };
}

/** Says what computes, and why not TensorFlow. */
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
