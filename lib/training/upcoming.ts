import type { TrainingOptions } from "../config";
import { type Batch, epochOrder, makeBatch } from "./batches";
import type { PairSet } from "./data";
import type { Position } from "./position";

type Place = Pick<Position, "epoch" | "step" | "globalStep">;

/** The batches of the steps that come after a position; those of the next call can be made ahead. */
export class UpcomingBatches {
  #order: { epoch: number; pairs: Int32Array } | null = null;
  #ahead: { globalStep: number; batches: Batch[] } | null = null;

  /** @param sizes of the batches of an epoch */
  constructor(
    readonly set: PairSet,
    readonly sizes: readonly number[],
    readonly options: TrainingOptions,
  ) {}

  /** Batches of the next `count` steps, all of one epoch. */
  after(place: Place, count: number): Batch[] {
    const ahead = this.#ahead?.globalStep === place.globalStep ? this.#ahead.batches : [];
    return Array.from({ length: count }, (_, index) => ahead[index] ?? this.#batch(place, index));
  }

  /** Makes the batches of the next `count` steps, as far as the epoch has them, and keeps them for `after`. */
  prepare(place: Place, count: number): void {
    const left = this.sizes.length - place.step;
    this.#ahead = { globalStep: place.globalStep, batches: this.after(place, Math.min(count, left)) };
  }

  #batch({ epoch, step, globalStep }: Place, index: number): Batch {
    const { seed, batchSize } = this.options;
    const { length } = this.set.winners;
    if (this.#order?.epoch !== epoch) this.#order = { epoch, pairs: epochOrder(length, seed, epoch) };
    const start = (step + index) * batchSize;
    const pairs = this.#order.pairs.subarray(start, start + (this.sizes[step + index] as number));
    return makeBatch(this.set, pairs, this.options, globalStep + index);
  }
}
