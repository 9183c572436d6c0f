/** A text as a line of COPY's text format, which writes backslashes and what ends values and lines with a backslash. */
export function copyLine(text: string): string {
  return `${text.replace(/[\\\n\r\t]/g, (found) => ESCAPES[found] ?? found)}\n`;
}

const ESCAPES: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Begins COPY's binary format: signature, no flags, no extension. */
export const BINARY_HEAD = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
/** Ends it. */
export const BINARY_TAIL = Buffer.from([0xff, 0xff]);

const FLOAT4_OID = 700;

/** A tuple of a text and an array of float4 in COPY's binary format; the array as `array_recv` reads it. */
export function binaryRow(text: string, values: Float32Array): Buffer {
  const name = Buffer.from(text, "utf8");
  const arrayBytes = 20 + 8 * values.length;
  const row = Buffer.allocUnsafe(2 + 4 + name.length + 4 + arrayBytes);
  row.writeInt16BE(2, 0);
  row.writeInt32BE(name.length, 2);
  name.copy(row, 6);
  let at = 6 + name.length;
  // Length of the array, then its dimensions (1), no nulls, the type, the dimension's length and lower bound.
  for (const word of [arrayBytes, 1, 0, FLOAT4_OID, values.length, 1]) at = row.writeInt32BE(word, at);
  for (const value of values) at = row.writeFloatBE(value, row.writeInt32BE(4, at));
  return row;
}
