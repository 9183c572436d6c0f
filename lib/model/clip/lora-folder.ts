import { join } from "node:path";
import { z } from "zod";
import { writeAtomically } from "../../files";
import type { WeightArray, WeightSpec } from "../architecture";
import { AdapterFolderUnusable } from "../errors";
import { readFolderJson } from "../folder-json";
import { safetensorsChunks } from "../safetensors";
import { SafetensorsFile } from "../safetensors-file";
import type { VisionConfig } from "./config";
import { adaptableLayers, adaptedLayers, type LoraAdapters, layerSpecs } from "./lora";

/** Files of a folder of adapters, as `peft` saves it. */
export const ADAPTER_FILES = ["adapter_config.json", "adapter_model.safetensors"] as const;
const [CONFIG_FILE, WEIGHTS_FILE] = ADAPTER_FILES;
/** What `peft` puts before the name of each weight. */
const PREFIX = "base_model.model.";
/** Weights of a CLIPModel that its vision tower does not use. */
const TEXT_TOWER = /^base_model\.model\.text_(model|projection)\./;

/** Key of the weights' metadata with the revision of the tower that they were trained on; `peft` ignores it. */
const REVISION = "base_model_revision";

/** The tower that adapters were trained on. */
export interface AdaptedTower {
  /** Where Python finds it: a folder or a name on the hub; null leaves it open. */
  name: string | null;
  /** Hash of its weights and configuration. */
  revision: string;
}

const block = z.number().int().min(0).max(199);
const names = z.array(z.string().min(1).max(200)).min(1).max(2000);

/** What is known of `peft`'s LoraConfig, and can be read. */
const KNOWN = {
  peft_type: z.literal("LORA", { error: ({ input }) => `${input} is not supported; LORA is` }),
  r: z.number().int().min(1).max(4096).default(8),
  lora_alpha: z.number().positive().max(1e6).default(8),
  target_modules: names,
  layers_to_transform: z
    .union([block.transform((one) => [one]), z.array(block).min(1).max(200)])
    .nullish()
    .transform((blocks) => blocks ?? null),
  bias: z.literal("none").default("none"),
  /** Others change the tower's own weights, or need them to be read again. */
  init_lora_weights: z.union([z.boolean(), z.enum(["gaussian", "orthogonal"])]).default(true),
  lora_dropout: z.number().min(0).max(1).default(0),
};

/** Change nothing of what adapters compute. */
const WITHOUT_EFFECT = ["auto_mapping", "inference_mode", "layers_pattern"];

/** `adapter_config.json` of plain LoRA: whatever else is switched on, such as DoRA, is refused by its name. */
const AdapterFile = z.looseObject(KNOWN).superRefine((file, context) => {
  for (const [key, value] of Object.entries(file))
    if (!(key in KNOWN) && !WITHOUT_EFFECT.includes(key) && isOn(value))
      context.addIssue({ code: "custom", path: [key], message: "is not supported; only plain LoRA is" });
});

/** True, or an object or list that is not empty. */
function isOn(value: unknown): boolean {
  if (typeof value !== "object") return value === true;
  return value !== null && Object.keys(value).length > 0;
}

/**
 * Reads the adapters of a vision tower that `peft` or `saveAdapters` saved. Those of a text tower beside it are left out.
 * @param config of the tower that they belong to
 * @param revision of that tower; adapters that say they were trained on another one are refused
 * @throws AdapterFolderUnusable, SafetensorsInvalid
 */
export async function readAdapters(folder: string, config: VisionConfig, revision?: string): Promise<LoraAdapters> {
  const unusable = (why: string, cause?: unknown) => new AdapterFolderUnusable(folder, why, cause);
  const file = await readFolderJson(folder, CONFIG_FILE, AdapterFile, unusable);
  if (file === null) throw unusable(`${CONFIG_FILE} is missing`);
  const layers = targetedLayers(config, file, unusable);
  const specs = layers.flatMap((layer) => layerSpecs(config, layer, file.r));
  const stored = await SafetensorsFile.open(join(folder, WEIGHTS_FILE)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw unusable(`${WEIGHTS_FILE} is missing`, error);
  });
  try {
    checkTensors(stored, specs, unusable);
    const { [REVISION]: trainedOn = revision } = stored.metadata;
    if (revision !== undefined && trainedOn !== revision)
      throw unusable(`they were trained on a tower of revision ${trainedOn}, and this one has ${revision}`);
    const entries = specs.map(async ({ name }) => [name, await stored.read(PREFIX + name)] as const);
    return { rank: file.r, alpha: file.lora_alpha, weights: Object.fromEntries(await Promise.all(entries)) };
  } finally {
    await stored.close();
  }
}

type Unusable = (why: string) => Error;

/** The layers that the configuration names, as `peft` finds them: by a whole name or by its end. */
function targetedLayers(
  config: VisionConfig,
  { target_modules, layers_to_transform }: z.output<typeof AdapterFile>,
  unusable: Unusable,
): string[] {
  const blocks = layers_to_transform ?? Array.from({ length: config.blocks }, (_, index) => index);
  const beyond = blocks.find((index) => index >= config.blocks);
  if (beyond !== undefined) throw unusable(`${CONFIG_FILE} has block ${beyond}; the tower has ${config.blocks}`);
  const layers = blocks.flatMap(adaptableLayers);
  const isTarget = (layer: string, target: string) => layer === target || layer.endsWith(`.${target}`);
  const unknown = target_modules.find((target) => !layers.some((layer) => isTarget(layer, target)));
  if (unknown !== undefined) throw unusable(`${CONFIG_FILE}: target_modules: the tower has no linear layer ${unknown}`);
  return layers.filter((layer) => target_modules.some((target) => isTarget(layer, target)));
}

function checkTensors({ tensors }: SafetensorsFile, specs: readonly WeightSpec[], unusable: Unusable): void {
  for (const { name, shape } of specs) {
    const found = tensors.get(PREFIX + name)?.shape;
    if (found === undefined) throw unusable(`${WEIGHTS_FILE} has no tensor ${PREFIX + name}`);
    if (found.join() !== shape.join())
      throw unusable(
        `${WEIGHTS_FILE} has ${PREFIX + name} of shape [${found.join(", ")}]; with ${CONFIG_FILE} and this tower it is [${shape.join(", ")}]`,
      );
  }
  const expected = new Set(specs.map(({ name }) => PREFIX + name));
  const other = [...tensors.keys()].find((name) => !expected.has(name) && !TEXT_TOWER.test(name));
  if (other !== undefined) throw unusable(`${WEIGHTS_FILE} has ${other}, which ${CONFIG_FILE} does not name`);
}

/**
 * Saves adapters so that `PeftModel.from_pretrained` puts them on the CLIPVisionModelWithProjection they were trained
 * on; the weights' file last.
 * @param tower not stated if omitted
 * @throws what the file system throws
 */
export async function saveAdapters(
  folder: string,
  config: VisionConfig,
  { rank, alpha, weights }: LoraAdapters,
  tower?: AdaptedTower,
): Promise<void> {
  const file = {
    peft_type: "LORA",
    task_type: null,
    base_model_name_or_path: tower?.name ?? null,
    revision: null,
    inference_mode: true,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    ...targetsOf(config, adaptedLayers(Object.keys(weights))),
    bias: "none",
    fan_in_fan_out: false,
    init_lora_weights: true,
    use_dora: false,
    use_rslora: false,
    rank_pattern: {},
    alpha_pattern: {},
    modules_to_save: null,
  };
  const specs = Object.entries(weights).map(([name, { shape }]) => ({ name: PREFIX + name, shape }));
  const read = async (name: string) => weights[name.slice(PREFIX.length)] as WeightArray;
  const metadata = { format: "pt", ...(tower === undefined ? {} : { [REVISION]: tower.revision }) };
  await writeAtomically(join(folder, CONFIG_FILE), `${JSON.stringify(file, null, 2)}\n`);
  await writeAtomically(join(folder, WEIGHTS_FILE), safetensorsChunks(specs, read, metadata));
}

/** In short, as targets and blocks, where each block has the same layers; otherwise each layer by its whole name. */
function targetsOf(config: VisionConfig, layers: readonly string[]) {
  const all = Array.from({ length: config.blocks }, (_, index) => index);
  const blocks = all.filter((index) => adaptableLayers(index).some((layer) => layers.includes(layer)));
  const targets = [...new Set(layers.map((layer) => layer.slice(layer.lastIndexOf(".") + 1)))];
  if (blocks.length * targets.length !== layers.length)
    return { target_modules: layers, layers_to_transform: null, layers_pattern: null };
  return {
    target_modules: targets,
    layers_to_transform: blocks.length === config.blocks ? null : blocks,
    layers_pattern: blocks.length === config.blocks ? null : "layers",
  };
}
