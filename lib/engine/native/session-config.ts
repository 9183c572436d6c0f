/** How a session computes. */
export interface SessionOptions {
  /** Threads within one operation. */
  intraOpThreads: number;
  /** Operations at a time. */
  interOpThreads: number;
}

/**
 * ConfigProto in protobuf's wire format (tensorflow/core/protobuf/config.proto): threads, session's own pools, growing
 * GPU memory, soft placement, and no graph rewriting, which reorders sums and doubles the time of the first run.
 */
export function sessionConfig({ intraOpThreads, interOpThreads }: SessionOptions): Uint8Array {
  const growingMemory = integerField(4, 1);
  const noRewriting = messageField(10, integerField(19, 1));
  return Uint8Array.from([
    ...integerField(2, intraOpThreads),
    ...integerField(5, interOpThreads),
    ...messageField(6, growingMemory),
    ...integerField(7, 1), // allow_soft_placement
    ...integerField(9, 1), // use_per_session_threads
    ...messageField(10, noRewriting),
  ]);
}

function integerField(field: number, value: number): number[] {
  return [...varint(field << 3), ...varint(value)];
}

function messageField(field: number, message: number[]): number[] {
  return [...varint((field << 3) | 2), ...varint(message.length), ...message];
}

/** Base 128, lowest bits first; the top bit of a byte says that more follow. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
