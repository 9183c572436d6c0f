import { at, bytesOf } from "../../base";
import type { Pixels } from "../../thumbnails";
import { PASSES } from "./passes-wasm";

/** A weight is high * 2^11 + low, both 16-bit numbers. */
export const LOW_BITS = 11;

/** For each output position: where its window starts, and its weights. */
export interface Windows {
  /** Pairs of weights reserved for a position; those beyond a window's end are 0. */
  size: number;
  starts: Int32Array;
  /** Pairs of weights in use. */
  pairs: Int32Array;
  /** [positions, size, 4]: low and low, high and high of two neighbouring weights. */
  weights: Int16Array;
}

/** WebAssembly, as far as it is used here; Node's types lack it and browsers' have it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: object };
};

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): void;
}

interface Passes {
  memory: Memory;
  horizontal(
    source: number,
    sourceBytes: number,
    result: number,
    rows: number,
    columns: number,
    starts: number,
    pairs: number,
    weights: number,
    weightBytes: number,
  ): void;
  vertical(source: number, bytes: number, result: number, weights: number, pairs: number): void;
}

/** Of two weights, low and high. */
const PAIR_BYTES = 8;
/** Bytes that a pass may read or write behind the end of its rows. */
const MARGIN = 16;
/** Source bytes of a horizontal pass at a time: they stay in the processor's cache. */
const STRETCH_BYTES = 1 << 18;
/** Result rows of a vertical pass at a time. */
const STRETCH_ROWS = 32;
const WASM_PAGE_BYTES = 65_536;

let opened: Passes | undefined;

/** The passes of passes.wat, one instance in each thread. */
function open(): Passes {
  opened ??= new WebAssembly.Instance(
    new WebAssembly.Module(Uint8Array.from(atob(PASSES), (character) => character.charCodeAt(0))),
  ).exports as Passes;
  return opened;
}

/** Resizes each row. @param windows one for each of the result's columns */
export function horizontal({ data, width, height }: Pixels, columns: number, windows: Windows): Pixels {
  const passes = open();
  const rowBytes = width * 3;
  const resultBytes = columns * 3;
  const most = Math.max(1, Math.floor(STRETCH_BYTES / rowBytes));
  const tables = [windows.weights, windows.starts.map((column) => column * 3), windows.pairs];
  const sizes = [...tables.map(({ byteLength }) => byteLength), most * rowBytes, most * resultBytes];
  const { bytes, offsets } = reserve(passes.memory, sizes);
  const [weights = 0, starts = 0, pairs = 0, source = 0, result = 0] = offsets;
  for (const [index, table] of tables.entries()) bytes.set(bytesOf(table), offsets[index]);
  const resized = new Uint8Array(height * resultBytes);
  for (let row = 0; row < height; row += most) {
    const rows = Math.min(most, height - row);
    bytes.set(data.subarray(row * rowBytes, (row + rows) * rowBytes), source);
    passes.horizontal(source, rowBytes, result, rows, columns, starts, pairs, weights, windows.size * PAIR_BYTES);
    resized.set(bytes.subarray(result, result + rows * resultBytes), row * resultBytes);
  }
  return { data: resized, width: columns, height };
}

/** Resizes each column. @param windows one for each of the result's rows */
export function vertical({ data, width, height }: Pixels, rows: number, windows: Windows): Pixels {
  const passes = open();
  const rowBytes = width * 3;
  const resized = new Uint8Array(rows * rowBytes);
  for (let from = 0; from < rows; from += STRETCH_ROWS) {
    const to = Math.min(rows, from + STRETCH_ROWS);
    const first = at(windows.starts, from);
    const last = Math.min(height, at(windows.starts, to - 1) + 2 * at(windows.pairs, to - 1));
    const table = windows.weights.subarray(from * windows.size * 4, to * windows.size * 4);
    // A last pair's second row may lie behind the picture: its weight is 0, but it is read.
    const sizes = [table.byteLength, (last - first + 1) * rowBytes, (to - from) * rowBytes];
    const { bytes, offsets } = reserve(passes.memory, sizes);
    const [weights = 0, source = 0, result = 0] = offsets;
    bytes.set(bytesOf(table), weights);
    bytes.set(data.subarray(first * rowBytes, last * rowBytes), source);
    for (let row = from; row < to; row++) {
      const window = source + (at(windows.starts, row) - first) * rowBytes;
      const made = result + (row - from) * rowBytes;
      const weight = weights + (row - from) * windows.size * PAIR_BYTES;
      passes.vertical(window, rowBytes, made, weight, at(windows.pairs, row));
    }
    resized.set(bytes.subarray(result, result + (to - from) * rowBytes), from * rowBytes);
  }
  return { data: resized, width, height: rows };
}

/** Makes room for parts of these sizes, in bytes, one after another, each with a margin. */
function reserve(memory: Memory, sizes: readonly number[]): { bytes: Uint8Array; offsets: number[] } {
  let end = 0;
  const offsets = sizes.map((size) => {
    const offset = end;
    end += Math.ceil((size + MARGIN) / MARGIN) * MARGIN;
    return offset;
  });
  const lacking = end - memory.buffer.byteLength;
  if (lacking > 0) memory.grow(Math.ceil(lacking / WASM_PAGE_BYTES));
  return { bytes: new Uint8Array(memory.buffer), offsets };
}
