import * as tf from "@tensorflow/tfjs";
import { at, type Progress, permutation, random } from "../../lib/base";
import { type AdamSlots, applyAdamW, type Compiled, type Engine } from "../../lib/engine";
import {
  embedPixels,
  ownGrid,
  type Parameters,
  saveVisionFolder,
  squareInput,
  type VisionConfig,
  visionSpecs,
} from "../../lib/model";
import { bagsOf, vocabularyOf } from "./captions";
import { type Example, squaresOf } from "./examples";

/** The tower that is trained: CLIP's, with everything smaller. */
export const TINY: VisionConfig = {
  imageSize: 64,
  patchSize: 8,
  width: 64,
  blocks: 4,
  heads: 4,
  inner: 256,
  projection: 64,
  activation: "quick_gelu",
  epsilon: 1e-5,
};

/** How the tower is trained. */
export interface Pretraining {
  seed: number;
  steps: number;
  /** Pictures of a step, each of which is told from all others. */
  batchSize: number;
}

const LEARNING_RATE = 1e-3;
const WARMUP_SHARE = 0.1;
const WEIGHT_DECAY = 0.1;
const BETAS = [0.9, 0.999] as const;
/** The paper's first temperature, and the largest factor it allows. */
const FIRST_SCALE = Math.log(1 / 0.07);
const LARGEST_SCALE = Math.log(100);
const TEXT = "text.weight";
const SCALE = "logit_scale";

/** A tower in training beside the words' side, which is forgotten afterwards. */
export class TinyClip {
  readonly #engine: Engine;
  readonly #config: VisionConfig;
  readonly #vocabulary: ReadonlyMap<string, number>;
  readonly #parameters: Record<string, tf.Variable> = {};
  readonly #slots: Record<string, AdamSlots> = {};

  /** @param examples those that it will be trained on; their words are all that it knows */
  constructor(engine: Engine, examples: readonly Example[], seed: number, config: VisionConfig = TINY) {
    this.#engine = engine;
    this.#config = config;
    this.#vocabulary = vocabularyOf(examples.map(({ caption }) => caption));
    for (const { name, shape } of visionSpecs(config)) this.#add(name, shape, firstValues(config, name, shape, seed));
    const text = { name: TEXT, shape: [this.#vocabulary.size, config.projection] };
    this.#add(text.name, text.shape, normals(text.shape, config.projection ** -0.5, random("tiny clip", seed, TEXT)));
    this.#add(SCALE, [1], Float32Array.of(FIRST_SCALE));
  }

  #add(name: string, shape: number[], values: Float32Array): void {
    const zeros = () => this.#engine.variable(new Float32Array(values.length), shape, { trainable: false });
    this.#parameters[name] = this.#engine.variable(values, shape);
    this.#slots[name] = { m: zeros(), v: zeros() };
  }

  /**
   * Trains by CLIP's loss (Radford et al. 2021): within a batch each picture shall be nearest to its own caption, and
   * each caption to its own picture. As there, a square is cut out at random; and at one of several sizes.
   * @returns the loss of each step
   */
  async *train(
    examples: readonly Example[],
    { seed, steps, batchSize }: Pretraining,
  ): AsyncGenerator<Progress, number[]> {
    const size = Math.min(batchSize, examples.length);
    const step = this.#compile(size);
    const losses: number[] = [];
    try {
      for (let done = 0; done < steps; done++) {
        yield {
          stage: "train the tower",
          done,
          total: steps,
          note: `loss ${(losses.at(-1) ?? Math.log(size)).toFixed(2)}`,
        };
        const batch = batchOf(examples, done, size, seed);
        const squares = squaresOf(batch, this.#config.imageSize, random("tiny clip squares", seed, done));
        const bags = bagsOf(
          batch.map(({ caption }) => caption),
          this.#vocabulary,
        );
        const [loss] = await step(squares, bags, hyperparameters(done, steps));
        losses.push(at(loss ?? [], 0));
      }
      yield { stage: "train the tower", done: steps, total: steps };
      return losses;
    } finally {
      step.dispose();
    }
  }

  #compile(size: number): Compiled {
    const { imageSize } = this.#config;
    const names = Object.keys(this.#parameters);
    return this.#engine.jit(
      (pixels, bags, hyper) => {
        const variables = names.map((name) => this.#parameters[name] as tf.Variable);
        const { value, grads } = tf.valueAndGrads(() =>
          contrastiveLoss(this.#vectors(pixels as tf.Tensor4D), this.#texts(bags as tf.Tensor2D), this.#parameters),
        )(variables);
        const [decayed, plain] = tf.unstack(hyper);
        for (const [index, name] of names.entries()) {
          const variable = at(variables, index);
          const slots = this.#slots[name] as AdamSlots;
          applyAdamW(variable, slots, at(grads, index), (variable.rank > 1 ? decayed : plain) as tf.Tensor);
        }
        return [value];
      },
      { shape: [size, 3, imageSize, imageSize] },
      { shape: [size, this.#vocabulary.size] },
      { shape: [2, 4] },
    );
  }

  /** Unit vectors of pictures. @param pixels [pictures, 3, side, side] @returns [pictures, projection] */
  #vectors(pixels: tf.Tensor4D): tf.Tensor2D {
    return unit(embedPixels(this.#parameters, this.#config, ownGrid(this.#config), pixels));
  }

  /** Unit vectors of captions. @param bags [captions, vocabulary] @returns [captions, projection] */
  #texts(bags: tf.Tensor2D): tf.Tensor2D {
    return unit(tf.matMul(bags, this.#parameters[TEXT] as tf.Tensor as tf.Tensor2D));
  }

  /** Share of pictures whose nearest caption among all is their own; each is seen by its middle square. */
  async retrieval(examples: readonly Example[]): Promise<number> {
    const { imageSize } = this.#config;
    const step = this.#engine.jit(
      (pixels, bags) => [
        tf.matMul(this.#vectors(pixels as tf.Tensor4D), this.#texts(bags as tf.Tensor2D), false, true),
      ],
      { shape: [examples.length, 3, imageSize, imageSize] },
      { shape: [examples.length, this.#vocabulary.size] },
    );
    const [cosines = new Float32Array()] = await step(
      squaresOf(examples, imageSize),
      bagsOf(
        examples.map(({ caption }) => caption),
        this.#vocabulary,
      ),
    );
    step.dispose();
    const count = examples.length;
    const isFound = (row: number) =>
      cosines.subarray(row * count, (row + 1) * count).every((cosine) => cosine <= at(cosines, row * count + row));
    return examples.filter((_, row) => isFound(row)).length / count;
  }

  /** Saves the tower so that `--image FOLDER` and Python's `transformers` open it. */
  async save(folder: string): Promise<void> {
    const specs = visionSpecs(this.#config);
    const values = await this.#engine.read(specs.map(({ name }) => this.#parameters[name] as tf.Variable));
    const byName = new Map(specs.map(({ name, shape }, index) => [name, { values: at(values, index), shape }]));
    await saveVisionFolder(folder, { config: this.#config, input: squareInput(this.#config) }, async (name) => {
      const weight = byName.get(name);
      if (weight === undefined) throw new RangeError(`the tower has no weight ${name}`);
      return weight;
    });
  }
}

/** Mean of the cross-entropies of pictures among captions and of captions among pictures. */
function contrastiveLoss(pictures: tf.Tensor2D, captions: tf.Tensor2D, parameters: Parameters): tf.Scalar {
  const scale = tf.exp(tf.minimum(parameters[SCALE] as tf.Tensor, LARGEST_SCALE));
  const logits = tf.mul<tf.Tensor2D>(tf.matMul(pictures, captions, false, true), scale);
  const own = tf.eye(pictures.shape[0]);
  const entropy = (rows: tf.Tensor2D) => tf.neg(tf.mean(tf.sum(tf.mul(own, tf.logSoftmax(rows)), 1)));
  return tf.mul(tf.add(entropy(logits), entropy(tf.transpose(logits))), 0.5) as tf.Scalar;
}

function unit(rows: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(rows, tf.rsqrt(tf.add(tf.sum(tf.square(rows), 1, true), 1e-12)));
}

/** The examples of a step: every epoch goes through all of them in an order of its own. */
function batchOf(examples: readonly Example[], step: number, size: number, seed: number): Example[] {
  const perEpoch = Math.floor(examples.length / size);
  const order = permutation(examples.length, random("tiny clip order", seed, Math.floor(step / perEpoch)));
  const start = (step % perEpoch) * size;
  return [...order.subarray(start, start + size)].map((row) => at(examples, row));
}

/** With weight decay and without, each as `applyAdamW` takes them: warm-up, then half a cosine. @returns [2, 4] */
function hyperparameters(done: number, steps: number): Float32Array {
  const warmup = Math.max(1, Math.round(steps * WARMUP_SHARE));
  const share =
    done < warmup ? (done + 1) / warmup : (1 + Math.cos((Math.PI * (done - warmup)) / (steps - warmup))) / 2;
  const rate = LEARNING_RATE * share;
  const powers = BETAS.map((beta) => beta ** (done + 1));
  return Float32Array.of(rate, WEIGHT_DECAY, ...powers, rate, 0, ...powers);
}

/** First values as OpenAI's CLIP has them: ones and zeros of normalisations, zero biases, else normal. */
function firstValues({ width, blocks }: VisionConfig, name: string, shape: number[], seed: number): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  if (name.endsWith(".bias")) return new Float32Array(count);
  if (/norm\d?\.weight$/.test(name)) return new Float32Array(count).fill(1);
  const residual = /out_proj|fc2/.test(name) ? (2 * blocks) ** -0.5 : 1;
  const fanIn = name.endsWith("fc1.weight") ? 2 * width : width;
  const deviation = name.includes("patch_embedding") ? (count / width) ** -0.5 : fanIn ** -0.5 * residual;
  return normals(shape, deviation, random("tiny clip", seed, name));
}

function normals(shape: number[], deviation: number, source: { normal(): number }): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  return Float32Array.from({ length: count }, () => deviation * source.normal());
}
