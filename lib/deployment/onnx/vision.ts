import { basename } from "node:path";
import { at } from "../../base";
import {
  blockNames,
  ownGrid,
  type PatchGrid,
  positionValues,
  type ThumbnailRankingModel,
  tokenCount,
  VISION_FILES,
  VISION_NAMES,
  type VisionConfig,
  type VisionFolder,
  visionSpecs,
} from "../../model";
import { encodeRanker, headInitializers, headNodes, initializer, int64s } from "./export";
import {
  cast,
  concat,
  convolution,
  erf,
  type Layer,
  layerNorm,
  linear,
  node,
  pick,
  product,
  sequence,
  sigmoid,
  softmax,
  transpose,
  unit,
  withConstant,
} from "./layers";
import { DATA_TYPE, EXTERNAL, type Node, type Tensor } from "./schema";

/** Tensors that are made for the graph; no weight has such a name. */
const MADE = {
  positions: "made/positions",
  pads: "made/pads",
  first: "made/first",
  scale: "made/scale",
  /** [n, width, patches] */
  patches: "made/shape/patches",
  /** [n, tokens, width] */
  tokens: "made/shape/tokens",
  /** [n * tokens, width] */
  rows: "made/shape/rows",
  /** [n, tokens, heads, width / heads] */
  heads: "made/shape/heads",
  gelu: { half: "made/gelu/half", root: "made/gelu/root", one: "made/gelu/one" },
  quickGelu: "made/quick_gelu",
};

/** The types of weights that a graph can refer to. */
const STORED: Readonly<Record<string, number>> = {
  F32: DATA_TYPE.float,
  F16: DATA_TYPE.float16,
  BF16: DATA_TYPE.bfloat16,
};

/** Names of the weights that the graph has in another form: both are added to the tokens. */
const FOLDED: readonly string[] = [VISION_NAMES.classEmbedding, VISION_NAMES.positionEmbedding];

/**
 * Writes a vision tower and the model in evaluation mode as one ONNX graph: `pixel_values` [batch, 3, height, width], as
 * the folder's own preprocessing makes them, and `title_embedding` [batch, textDim], L2-normalised, to `score`, `ctr` and
 * `auxiliary`. The tower's weights are not copied: the file refers to `model.safetensors` in the tower's folder, which must
 * lie beside it under its own name.
 * @param grid of the patches; that of the folder's input if omitted
 * @throws RangeError if the tower's vectors are not of the width that the model takes
 */
export async function buildVisionOnnx(
  model: ThumbnailRankingModel,
  tower: VisionFolder,
  grid: PatchGrid = inputGrid(tower),
): Promise<Uint8Array> {
  const { config, input } = tower;
  const { clipDim, textDim } = model.options;
  if (config.projection !== clipDim)
    throw new RangeError(`the model takes vectors of ${clipDim} numbers, the tower makes ${config.projection}`);
  const side = config.patchSize;
  const weights = visionSpecs(config).filter(({ name }) => !FOLDED.includes(name));
  const stored = weights.map(({ name, shape }) => storedWeight(tower, name, shape));
  return encodeRanker({
    name: "thumbnail_ranking_model_with_tower",
    metadata: { input: JSON.stringify(input) },
    nodes: [...stored.flatMap(({ nodes }) => nodes), ...towerNodes(config), ...headNodes()],
    initializers: [
      ...stored.map(({ tensor }) => tensor),
      ...constants(config, grid),
      initializer(MADE.positions, [tokenCount(grid), config.width], await positions(tower, grid)),
      ...headInitializers(model),
    ],
    inputs: [
      { name: "pixel_values", sizes: [3, grid.rows * side, grid.columns * side] },
      { name: "title_embedding", sizes: [textDim] },
    ],
  });
}

function inputGrid({ config: { patchSize }, input: { width, height } }: VisionFolder): PatchGrid {
  return { rows: height / patchSize, columns: width / patchSize };
}

/** A weight as its bytes in the tower's file, cast to float32 if they are not. */
function storedWeight(tower: VisionFolder, name: string, dims: number[]): { tensor: Tensor; nodes: Node[] } {
  const { dtype, offsetBytes, sizeBytes } = tower.placeOf(name);
  const dataType = STORED[dtype];
  if (dataType === undefined) throw new RangeError(`${name} is ${dtype}; F32, F16 and BF16 can be exported`);
  const isFloat = dataType === DATA_TYPE.float;
  const own = isFloat ? name : `${name}/stored`;
  const external = {
    location: `${basename(tower.folder)}/${VISION_FILES[0]}`,
    offset: String(offsetBytes),
    length: String(sizeBytes),
  };
  const tensor = {
    name: own,
    dims,
    data_type: dataType,
    external_data: Object.entries(external).map(([key, value]) => ({ key, value })),
    data_location: EXTERNAL,
  };
  return { tensor, nodes: isFloat ? [] : [cast(DATA_TYPE.float)(own, name)] };
}

/** What is added to the tokens: positions for this grid, and to the first one the class embedding. [tokens, width] */
async function positions(tower: VisionFolder, grid: PatchGrid): Promise<Float32Array> {
  const { config } = tower;
  const own = (await tower.read(VISION_NAMES.classEmbedding)).values;
  const square = (await tower.read(VISION_NAMES.positionEmbedding)).values;
  const values = Float32Array.from(positionValues(square, config.width, ownGrid(config), grid));
  for (const [i, value] of own.entries()) values[i] = at(values, i) + value;
  return values;
}

function constants({ width, heads, activation }: VisionConfig, grid: PatchGrid): Tensor[] {
  const tokens = tokenCount(grid);
  const number = (name: string, value: number) => initializer(name, [], Float32Array.of(value));
  return [
    int64s(MADE.pads, [0, 1, 0, 0, 0, 0]),
    int64s(MADE.patches, [-1, width, tokens - 1]),
    int64s(MADE.tokens, [-1, tokens, width]),
    int64s(MADE.rows, [-1, width]),
    int64s(MADE.heads, [-1, tokens, heads, width / heads]),
    { ...int64s(MADE.first, [0]), dims: [] },
    number(MADE.scale, (width / heads) ** -0.5),
    ...(activation === "gelu"
      ? [number(MADE.gelu.half, 0.5), number(MADE.gelu.root, Math.SQRT1_2), number(MADE.gelu.one, 1)]
      : [number(MADE.quickGelu, 1.702)]),
  ];
}

/** The layers of lib/model's `embedPixels`, to the vector scaled to length 1 beside the title's. */
function towerNodes(config: VisionConfig): Node[] {
  const { patchSize, epsilon, blocks } = config;
  const hidden = (block: number) => `hidden/${block}`;
  const toPatches = [convolution(VISION_NAMES.patchEmbedding, patchSize), reshape(MADE.patches), transpose([0, 2, 1])];
  const place = [withConstant("Pad", MADE.pads), withConstant("Add", MADE.positions), reshape(MADE.rows)];
  const pool = [reshape(MADE.tokens), pick(MADE.first), layerNorm(VISION_NAMES.postNorm, epsilon)];
  const project = [product(VISION_NAMES.projection), unit];
  return [
    ...sequence("pixel_values", [...toPatches, ...place, layerNorm(VISION_NAMES.preNorm, epsilon)], hidden(0)),
    ...Array.from({ length: blocks }, (_, block) => blockNodes(config, block, hidden(block), hidden(block + 1))).flat(),
    ...sequence(hidden(blocks), [...pool, ...project], "image_embedding"),
    concat(["image_embedding", "title_embedding"], "embedding"),
  ];
}

function blockNodes(config: VisionConfig, block: number, hidden: string, output: string): Node[] {
  const { epsilon } = config;
  const names = blockNames(block);
  const { query, key, value, output: last } = names.attention;
  const own = (part: string) => `block/${block}/${part}`;
  const split = (name: string, order: number[]) => [linear(name), reshape(MADE.heads), transpose(order)];
  const join = [transpose([0, 2, 1, 3]), reshape(MADE.rows), linear(last)];
  const between = config.activation === "gelu" ? gelu : quickGelu;
  return [
    layerNorm(names.attentionNorm, epsilon)(hidden, own("normal")),
    ...sequence(own("normal"), [...split(query, [0, 2, 1, 3]), withConstant("Mul", MADE.scale)], own("queries")),
    ...sequence(own("normal"), split(key, [0, 2, 3, 1]), own("keys")),
    ...sequence(own("normal"), split(value, [0, 2, 1, 3]), own("values")),
    node("MatMul", [own("queries"), own("keys")], own("scores")),
    softmax(own("scores"), own("shares")),
    node("MatMul", [own("shares"), own("values")], own("mixed")),
    ...sequence(own("mixed"), join, own("attention")),
    node("Add", [hidden, own("attention")], own("middle")),
    ...sequence(
      own("middle"),
      [layerNorm(names.feedForwardNorm, epsilon), linear(names.feedForward.inner)],
      own("inner"),
    ),
    ...between(own("inner"), own("activated")),
    linear(names.feedForward.output)(own("activated"), own("outer")),
    node("Add", [own("middle"), own("outer")], output),
  ];
}

function quickGelu(input: string, output: string): Node[] {
  return [
    ...sequence(input, [withConstant("Mul", MADE.quickGelu), sigmoid], `${output}/gate`),
    node("Mul", [input, `${output}/gate`], output),
  ];
}

function gelu(input: string, output: string): Node[] {
  const { half, root, one } = MADE.gelu;
  const gate = [withConstant("Mul", root), erf, withConstant("Add", one), withConstant("Mul", half)];
  return [...sequence(input, gate, `${output}/gate`), node("Mul", [input, `${output}/gate`], output)];
}

const reshape = (shape: string): Layer => withConstant("Reshape", shape);
