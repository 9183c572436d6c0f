import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const HEADER_BYTES = 64;
const ELF = Buffer.from("\u007fELF\u0002\u0001", "latin1");
/** Where a 64-bit ELF header says where the table of sections begins, how long each entry is, and how many there are. */
const TABLE = { begin: 0x28, entryBytes: 0x3a, entries: 0x3c };

/**
 * Whether a library is as long as its header says: of one that was cut off, the loader touches pages that are not there,
 * and the system ends the process without a word. Other formats than Linux's count as whole.
 */
export function isWhole(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    const read = readSync(file, header, 0, HEADER_BYTES, 0);
    if (read < HEADER_BYTES || !header.subarray(0, ELF.length).equals(ELF)) return true;
    const tableBytes = header.readUInt16LE(TABLE.entryBytes) * header.readUInt16LE(TABLE.entries);
    return Number(header.readBigUInt64LE(TABLE.begin)) + tableBytes <= fstatSync(file).size;
  } finally {
    closeSync(file);
  }
}
