import { markAsUntransferable } from "node:worker_threads";
import * as koffi from "koffi";
import { C_LIBRARY } from "./hold";
import type { TensorFlow } from "./load";
import { dimensions, type FedTensor } from "./tensor";

/** Numbers whose memory can be lent: float32, or the bits of float16. */
type Lendable = Float32Array | Uint16Array;

interface LendableType<Values extends Lendable> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): Values;
}

/** A multiple of the alignment TensorFlow requires (EIGEN_MAX_ALIGN_BYTES, at most 64) and of cache lines. */
const ALIGNMENT_BYTES = 128;

/** Memory allocated by the C library. */
interface Memory {
  address: number;
  allocator: Allocator;
  /** TensorFlow's view of it, from the first loan on. TensorFlow then frees the memory after its last use. */
  loan?: { api: TensorFlow; as: string; tensor: number };
}

interface Allocator {
  allocate(alignmentBytes: number, sizeBytes: number): number;
  free(address: number): void;
  /** Address of `free`. It takes one argument and tolerates more, so it serves as TensorFlow's deallocator. */
  freeAddress: number;
}

/** What we know about arrays outside JavaScript's heap. */
interface Known {
  memories: WeakMap<ArrayBufferLike, Memory>;
  collected: FinalizationRegistry<Memory>;
}

/** Shared by every copy of this module: when a notebook reloads code, arrays outlive the module that made them. */
const KNOWN = Symbol.for("thumbrank.lendable");
const processWide = globalThis as { [KNOWN]?: Known };
processWide[KNOWN] ??= { memories: new WeakMap(), collected: new FinalizationRegistry(release) };
const { memories, collected } = processWide[KNOWN];

function release({ address, allocator, loan }: Memory): void {
  if (loan) loan.api.TF_DeleteTensor(loan.tensor);
  else allocator.free(address);
}

/**
 * Allocates an array that an engine can use without a copy (`variable` with `lend`): its memory is outside JavaScript's
 * heap, and is freed when neither JavaScript nor TensorFlow uses it any more. Returns an ordinary array if the C
 * library cannot be called. The array is not initialised.
 */
export function lendableArray<Values extends Lendable>(Type: LendableType<Values>, length: number): Values {
  const sizeBytes = length * Type.BYTES_PER_ELEMENT;
  return new Type(lendableBuffer(sizeBytes) ?? new ArrayBuffer(sizeBytes), 0, length);
}

function lendableBuffer(sizeBytes: number): ArrayBuffer | undefined {
  const allocator = sizeBytes > 0 ? cLibrary() : null;
  const address = allocator?.allocate(ALIGNMENT_BYTES, Math.ceil(sizeBytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES);
  if (!allocator || !address) return undefined;
  const buffer = koffi.view(address, sizeBytes);
  // Another thread would keep using it after this thread had collected the array.
  markAsUntransferable(buffer);
  const memory = { address, allocator };
  memories.set(buffer, memory);
  collected.register(buffer, memory);
  return buffer;
}

/**
 * A tensor that shares the memory of an array.
 * @returns undefined if the memory cannot be lent: an ordinary array, a part of one, or one lent as another type
 */
export function lentTensor(api: TensorFlow, values: Lendable, type: number, shape: number[]): FedTensor | undefined {
  const memory = memories.get(values.buffer);
  if (!memory || values.byteLength !== values.buffer.byteLength) return undefined;
  const as = `${type}:${shape}`;
  memory.loan ??= { api, as, tensor: newTensor(api, memory, values.byteLength, type, shape) };
  const { loan } = memory;
  return loan.api === api && loan.as === as ? new LentTensor(loan.tensor, values) : undefined;
}

/** Keeps the array, and the tensor with it, from being collected until it has been fed. */
class LentTensor implements FedTensor {
  readonly sizeBytes: number;

  constructor(
    readonly pointer: number,
    readonly values: Lendable,
  ) {
    this.sizeBytes = values.byteLength;
  }

  dispose(): void {}
}

function newTensor(
  api: TensorFlow,
  { address, allocator }: Memory,
  sizeBytes: number,
  type: number,
  shape: number[],
): number {
  return api.TF_NewTensor(type, dimensions(shape), shape.length, address, sizeBytes, allocator.freeAddress, 0);
}

let opened: Allocator | null | undefined;

/** The C library's allocator; null if it cannot be called. */
function cLibrary(): Allocator | null {
  if (opened === undefined) opened = openAllocator();
  return opened;
}

function openAllocator(): Allocator | null {
  try {
    const c = koffi.load(C_LIBRARY);
    return {
      allocate: c.func("aligned_alloc", "uintptr_t", ["size_t", "size_t"]),
      free: c.func("free", "void", ["uintptr_t"]),
      freeAddress: Number(koffi.address(c.symbol("free"))),
    };
  } catch {
    return null;
  }
}
