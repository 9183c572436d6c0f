import { type FileHandle, open } from "node:fs/promises";
import { bytesOf } from "../base";
import { countElements, fromFloat16 } from "../engine";
import type { WeightArray } from "./architecture";
import { SafetensorsInvalid } from "./errors";
import { HEADER_LENGTH_BYTES, headerBytes, type Invalid, parseHeader, type StoredTensor } from "./safetensors-header";

/** The most that one `read` returns. */
const MOST_BYTES = 1 << 30;

/** The bytes of one tensor in a file. */
export interface TensorPlace {
  /** Such as "F32". */
  dtype: string;
  offsetBytes: number;
  sizeBytes: number;
}

/** A safetensors file of any size, read tensor by tensor. */
export class SafetensorsFile {
  private constructor(
    private readonly file: FileHandle,
    /** Where the tensors begin. */
    private readonly start: number,
    /** By name. */
    readonly tensors: ReadonlyMap<string, StoredTensor>,
    /** Of the header's `__metadata__`. */
    readonly metadata: Readonly<Record<string, string>>,
    private readonly invalid: Invalid,
  ) {}

  /** @throws SafetensorsInvalid unless the file is complete and exact */
  static async open(path: string): Promise<SafetensorsFile> {
    const invalid = (reason: string) => new SafetensorsInvalid(path, reason);
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const first = await readBytes(file, 0, new Uint8Array(Math.min(size, HEADER_LENGTH_BYTES)), invalid);
      const length = headerBytes(first, size, invalid);
      const json = await readBytes(file, HEADER_LENGTH_BYTES, new Uint8Array(length), invalid);
      const start = HEADER_LENGTH_BYTES + length;
      const { tensors, metadata } = parseHeader(json, size - start, invalid);
      const named = new Map(tensors.map((tensor) => [tensor.name, tensor]));
      return new SafetensorsFile(file, start, named, metadata, invalid);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * Reads the values of one tensor; float16 and bfloat16 are converted to float32.
   * @param allocate makes the array for the values
   * @throws RangeError if there is no such tensor, SafetensorsInvalid if it is neither F32, F16 nor BF16
   */
  async read(name: string, allocate = (length: number) => new Float32Array(length)): Promise<WeightArray> {
    const { dtype, shape, from, to } = this.#find(name);
    if (dtype !== "F32" && dtype !== "F16" && dtype !== "BF16")
      throw this.invalid(`tensor ${name} is ${dtype}; F32, F16 and BF16 are read`);
    const values = allocate(countElements(shape));
    const bytes = dtype === "F32" ? bytesOf(values) : new Uint8Array(to - from);
    await readBytes(this.file, this.start + from, bytes, this.invalid);
    if (dtype === "F16") fromFloat16(new Uint16Array(bytes.buffer), values);
    if (dtype === "BF16") fromBrainFloat(new Uint16Array(bytes.buffer), values);
    return { shape, values };
  }

  /** @throws RangeError if there is no such tensor */
  placeOf(name: string): TensorPlace {
    const { dtype, from, to } = this.#find(name);
    return { dtype, offsetBytes: this.start + from, sizeBytes: to - from };
  }

  close(): Promise<void> {
    return this.file.close();
  }

  #find(name: string): StoredTensor {
    const tensor = this.tensors.get(name);
    if (tensor === undefined) throw new RangeError(`the file has no tensor ${name}`);
    return tensor;
  }
}

/** A bfloat16 is the upper half of a float32. */
function fromBrainFloat(halves: Uint16Array, target: Float32Array): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
  for (const [at, half] of halves.entries()) bits[at] = half << 16;
}

async function readBytes(file: FileHandle, position: number, bytes: Uint8Array, invalid: Invalid): Promise<Uint8Array> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, Math.min(MOST_BYTES, bytes.length - done), position + done);
    if (bytesRead === 0) throw invalid(`it ended at byte ${position + done} while it was read`);
    done += bytesRead;
  }
  return bytes;
}
