/** Fields of a message in protobuf's wire format, for those few that we write. */

/** A number, truth value or enumeration; negative ones are not needed. */
export function integerField(field: number, value: number): number[] {
  return [...varint(field << 3), ...varint(value)];
}

export function textField(field: number, text: string): number[] {
  return messageField(field, [...Buffer.from(text)]);
}

export function messageField(field: number, message: number[]): number[] {
  return [...varint((field << 3) | 2), ...varint(message.length), ...message];
}

/** Base 128, lowest bits first; the top bit of a byte says that more follow. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
