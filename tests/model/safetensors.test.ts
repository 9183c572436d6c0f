import { expect, test } from "vitest";
import { readSafetensors, SafetensorsInvalid, type Weights, writeSafetensors } from "../../lib/model";

const weights: Weights = {
  "projection.weight": { shape: [2, 3], values: Float32Array.of(1, -2.5, 1e-45, 3.4e38, -0, 0.1) },
  scalar: { shape: [], values: Float32Array.of(7) },
  nothing: { shape: [0, 4], values: new Float32Array() },
};

/** A file with any header over the given bytes. */
function file(header: unknown, dataBytes = 0): Uint8Array {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(dataBytes)]);
}

const tensor = (shape: unknown, data_offsets: unknown, dtype: unknown = "F32") => ({ dtype, shape, data_offsets });

test("weights read back equal, to the last bit, with metadata and order", () => {
  const read = readSafetensors(writeSafetensors(weights, { format: "pt" }));
  expect(read).toEqual({ weights, metadata: { format: "pt" } });
  expect(Object.keys(read.weights)).toEqual(Object.keys(weights));
  expect(Object.is(read.weights["projection.weight"]?.values[4], -0)).toBe(true);
});

test("equal weights give equal bytes, and values start at a multiple of 8", () => {
  const bytes = writeSafetensors(weights);
  expect(Buffer.from(bytes).equals(Buffer.from(writeSafetensors(weights)))).toBe(true);
  expect(new DataView(bytes.buffer).getBigUint64(0, true) % 8n).toBe(0n);
});

test("a view into a larger buffer is read and written as what it shows", () => {
  const values = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
  const bytes = writeSafetensors({ part: { shape: [2], values } });
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect([...(readSafetensors(shifted.subarray(3)).weights.part?.values ?? [])]).toEqual([1, 2]);
});

test("a file as Hugging Face's library writes it is read", () => {
  const header = '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"format":"pt"}}   ';
  const bytes = Buffer.from(file(header, 8));
  bytes.writeFloatLE(1.5, bytes.length - 4);
  expect(readSafetensors(bytes).weights.a?.values).toEqual(Float32Array.of(0, 1.5));
});

const hostile: [string, Uint8Array, RegExp][] = [
  ["an empty file", new Uint8Array(), /too few/],
  ["a header longer than the file", Buffer.from([255, 0, 0, 0, 0, 0, 0, 0, 123, 125]), /claims 255 bytes of 2/],
  ["a header of 2^63 bytes", Buffer.from([0, 0, 0, 0, 0, 0, 0, 128, 123, 125]), /claims 9223372036854775808/],
  ["a header that is no JSON", file("{nope"), /not JSON/],
  ["a header that is no UTF-8", Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe]), /not JSON/],
  ["a header that is a list", file([]), /not a JSON object/],
  ["another dtype", file({ a: tensor([2], [0, 4], "BF16") }, 4), /BF16; only F32/],
  ["a negative size", file({ a: tensor([-1], [0, 4]) }, 4), /no shape of whole numbers/],
  ["a fractional size", file({ a: tensor([1.5], [0, 6]) }, 6), /no shape of whole numbers/],
  ["a shape that is no list", file({ a: tensor(4, [0, 16]) }, 16), /no shape of whole numbers/],
  ["three offsets", file({ a: tensor([1], [0, 4, 8]) }, 8), /no two data_offsets/],
  ["an end beyond the file", file({ a: tensor([2], [0, 8]) }, 4), /ends at byte 8 of 4/],
  ["an end before the start", file({ a: tensor([1], [8, 4]) }, 8), /-4 bytes/],
  ["a shape that does not fit its bytes", file({ a: tensor([3], [0, 8]) }, 8), /8 bytes, its shape needs 12/],
  ["a shape whose product overflows", file({ a: tensor([2 ** 40, 2 ** 40], [0, 4]) }, 4), /its shape needs/],
  ["overlapping tensors", file({ a: tensor([2], [0, 8]), b: tensor([1], [4, 8]) }, 8), /starts at byte 4/],
  ["a hole between tensors", file({ a: tensor([1], [0, 4]), b: tensor([1], [8, 12]) }, 12), /starts at byte 8/],
  ["bytes that belong to no tensor", file({ a: tensor([1], [0, 4]) }, 8), /end at byte 4 of 8/],
  ["an entry that is no object", file({ a: null }), /has no description/],
  ["a tensor named __proto__", file('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4), /__proto__/],
  ["metadata that is no text", file({ __metadata__: { a: 1 } }), /__metadata__ a is not a string/],
];

test.each(hostile)("%s is refused", (_name, bytes, reason) => {
  expect(() => readSafetensors(bytes, "evil.safetensors")).toThrow(SafetensorsInvalid);
  expect(() => readSafetensors(bytes, "evil.safetensors")).toThrow(reason);
});

test("a file cut at any byte is refused", () => {
  const bytes = writeSafetensors(weights);
  for (let length = 0; length < bytes.length; length++)
    expect(() => readSafetensors(bytes.slice(0, length))).toThrow(SafetensorsInvalid);
});
