import { maskedCrc32c } from "./crc32c";

/**
 * One TFRecord: length (uint64), its masked CRC, the bytes, their masked CRC; all little-endian
 * (TensorFlow, "TFRecord and tf.train.Example", format details).
 */
export function tfRecord(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([length, checksum(length), bytes, checksum(bytes)]);
}

function checksum(bytes: Uint8Array): Buffer {
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(maskedCrc32c(bytes));
  return crc;
}
