import type { Device } from "../types";

/** How a session computes. */
export interface SessionOptions {
  /** Threads within one operation. */
  intraOpThreads: number;
  /** Operations that run in parallel. */
  interOpThreads: number;
  /** The device it may use; all if omitted. */
  device?: Device;
  /** Whether XLA compiles clusters of operations. */
  xla?: boolean;
}

/**
 * ConfigProto in protobuf's wire format (tensorflow/core/protobuf/config.proto): threads, per-session pools, growing
 * GPU memory, soft placement, and no graph rewriting, which reorders sums and doubles the time of the first run.
 */
export function sessionConfig({ intraOpThreads, interOpThreads, device, xla = false }: SessionOptions): Uint8Array {
  const growingMemory = integerField(4, 1);
  const noRewriting = messageField(10, integerField(19, 1));
  return Uint8Array.from([
    ...(device === "cpu" ? messageField(1, NO_GPU) : []),
    ...integerField(2, intraOpThreads),
    ...integerField(5, interOpThreads),
    ...messageField(6, [...growingMemory, ...visible(device)]),
    ...integerField(7, 1), // allow_soft_placement
    ...integerField(9, 1), // use_per_session_threads
    ...messageField(10, [...(xla ? messageField(3, JIT) : []), ...noRewriting]),
  ]);
}

/** An entry of device_count. */
const NO_GPU = [...textField(1, "GPU"), ...integerField(2, 0)];

/** OptimizerOptions: global_jit_level ON_1, and cpu_global_jit, without which XLA ignores the CPU. */
const JIT = [...integerField(5, 1), ...integerField(7, 1)];

/** GPUOptions.visible_device_list: TensorFlow renumbers the visible devices, so that the only one is called GPU:0. */
function visible(device: Device | undefined): number[] {
  return device?.startsWith("gpu:") ? textField(5, device.slice("gpu:".length)) : [];
}

/** The few fields of protobuf's wire format that we write. */

/** A number, boolean or enum; negative numbers are not needed. */
function integerField(field: number, value: number): number[] {
  return [...varint(field << 3), ...varint(value)];
}

function textField(field: number, text: string): number[] {
  return messageField(field, [...Buffer.from(text)]);
}

function messageField(field: number, message: number[]): number[] {
  return [...varint((field << 3) | 2), ...varint(message.length), ...message];
}

/** Base 128, lowest bits first; the top bit of a byte means that more bytes follow. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
