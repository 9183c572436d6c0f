import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Tensor } from "@huggingface/transformers";
import { disableOnnxTelemetry, messageOf } from "../../base";
import { openPlain } from "../../files";
import { HubUnreachable, type ModelFiles, ModelUnusable } from "./errors";
import type { ModelSource } from "./source";

type Transformers = typeof import("@huggingface/transformers");

/** Arguments for `from_pretrained` of transformers.js. */
export interface Loading {
  cache_dir: string;
  local_files_only: boolean;
  dtype: "fp32";
  device: "cpu";
}

/**
 * Loads a model with transformers.js from the source's folder or hub, in full precision, on the CPU.
 * @throws HubUnreachable, ModelUnusable
 */
export async function load<Loaded>(
  model: ModelFiles,
  source: ModelSource,
  loader: (transformers: Transformers, id: string, loading: Loading) => Promise<Loaded>,
): Promise<Loaded> {
  disableOnnxTelemetry();
  // Imported late: it takes a second, and the built-in encoders do not need it.
  const transformers = await import("@huggingface/transformers");
  const { hub, cacheDir, folder, id } = source;
  transformers.env.allowLocalModels = true;
  transformers.env.allowRemoteModels = hub !== undefined;
  transformers.env.logLevel = transformers.LogLevel.ERROR;
  if (hub !== undefined) transformers.env.remoteHost = hub.endsWith("/") ? hub : `${hub}/`;
  const loading: Loading = { cache_dir: cacheDir, local_files_only: hub === undefined, dtype: "fp32", device: "cpu" };
  try {
    return await loader(transformers, id, loading);
  } catch (thrown) {
    if (hub !== undefined && !isUnusable(thrown)) throw new HubUnreachable(hub, model, describeReason(thrown), thrown);
    throw new ModelUnusable(model, folder, messageOf(thrown), thrown);
  }
}

/** Whether files were found but could not be read: errors of ONNX Runtime and JSON. */
function isUnusable(thrown: unknown): boolean {
  return (
    thrown instanceof SyntaxError || /onnx|protobuf|Load model|Deserialize/i.test(messageOf(thrown).split('"')[0] ?? "")
  );
}

/** `fetch` only says "fetch failed"; the reason is in its cause. */
function describeReason(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return cause === undefined ? messageOf(thrown) : `${messageOf(thrown)} (${messageOf(cause)})`;
}

/**
 * Runs a model.
 * @throws ModelUnusable if it does not accept these inputs
 */
export async function run(
  source: ModelSource,
  files: ModelFiles,
  model: (inputs: Record<string, Tensor>) => Promise<unknown>,
  inputs: Record<string, Tensor>,
): Promise<Record<string, Tensor>> {
  try {
    return (await model(inputs)) as Record<string, Tensor>;
  } catch (thrown) {
    throw new ModelUnusable(files, source.folder, messageOf(thrown), thrown);
  }
}

/** First 16 hexadecimal digits of the SHA-256 of a model's files: its revision, wherever the files came from. */
export async function computeRevision(folder: string, files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const name of files) {
    const file = await openPlain(join(folder, name));
    for await (const chunk of file.createReadStream()) hash.update(chunk as Buffer);
  }
  return `sha256:${hash.digest("hex").slice(0, 16)}`;
}

/** Frees every tensor of an output; transformers.js leaves this to its caller. */
export function disposeAll(tensors: Record<string, unknown>): void {
  for (const tensor of Object.values(tensors)) (tensor as Tensor).dispose();
}
