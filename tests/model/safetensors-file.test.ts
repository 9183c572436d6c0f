import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SafetensorsFile, SafetensorsInvalid, writeSafetensors } from "../../lib/model";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "thumbrank-safetensors-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file of tensors with their bytes, in the order given. */
async function written(tensors: [name: string, dtype: string, shape: number[], bytes: Uint8Array][]): Promise<string> {
  const header: Record<string, object> = {};
  let end = 0;
  for (const [name, dtype, shape, { length }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [end, end + length] };
    end += length;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const path = join(folder, "model.safetensors");
  await writeFile(path, Buffer.concat([length, text, ...tensors.map(([, , , bytes]) => bytes)]));
  return path;
}

const bytesOf = (values: Float32Array | Uint16Array | BigInt64Array) => new Uint8Array(values.buffer);

test("F32, F16 and BF16 are read as float32, and other tensors do not disturb", async () => {
  const path = await written([
    ["positions", "I64", [2], bytesOf(BigInt64Array.of(0n, 1n))],
    ["full", "F32", [2, 1], bytesOf(Float32Array.of(0.1, -2))],
    ["half", "F16", [3], bytesOf(Uint16Array.of(0x3c00, 0xc000, 0x3555))],
    ["brain", "BF16", [2], bytesOf(Uint16Array.of(0x3f80, 0xc040))],
  ]);
  const file = await SafetensorsFile.open(path);
  expect([...file.tensors.keys()]).toEqual(["positions", "full", "half", "brain"]);
  expect(await file.read("full")).toEqual({ shape: [2, 1], values: Float32Array.of(0.1, -2) });
  expect((await file.read("half")).values).toEqual(Float32Array.of(1, -2, 0.333251953125));
  expect((await file.read("brain")).values).toEqual(Float32Array.of(1, -3));
  await expect(file.read("positions")).rejects.toThrow(/positions is I64/);
  await expect(file.read("none")).rejects.toThrow(RangeError);
  await file.close();
});

test("what we write is read, and a file cut anywhere is refused", async () => {
  const bytes = writeSafetensors({ a: { shape: [2], values: Float32Array.of(1, 2) } });
  const path = join(folder, "own.safetensors");
  await writeFile(path, bytes);
  const file = await SafetensorsFile.open(path);
  expect((await file.read("a")).values).toEqual(Float32Array.of(1, 2));
  await file.close();
  for (const length of [0, 7, 8, 20, bytes.length - 1]) {
    await writeFile(path, bytes.subarray(0, length));
    await expect(SafetensorsFile.open(path)).rejects.toThrow(SafetensorsInvalid);
  }
});
