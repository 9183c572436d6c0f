import type { Output } from "./signatures";

const OUTPUT_BYTES = 16;

/** An array of TF_Output; never empty, because the C API requires an address. */
export function outputArray(outputs: Output[]): Buffer {
  const bytes = Buffer.alloc(OUTPUT_BYTES * Math.max(1, outputs.length));
  outputs.forEach(({ oper, index }, position) => {
    bytes.writeBigUInt64LE(BigInt(oper), OUTPUT_BYTES * position);
    bytes.writeInt32LE(index, OUTPUT_BYTES * position + 8);
  });
  return bytes;
}

/** An array of pointers; never empty. */
export function pointerArray(pointers: number[]): BigUint64Array {
  return BigUint64Array.from(pointers.length > 0 ? pointers : [0], BigInt);
}
