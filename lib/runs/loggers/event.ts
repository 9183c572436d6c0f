import { parse } from "protobufjs";

/**
 * The fields of TensorBoard's published schema that we write (tensorboard/compat/proto: event, summary, tensor;
 * tensorboard/plugins/hparams: plugin_data).
 */
const SCHEMA = `
syntax = "proto3";
message Event {
  double wall_time = 1;
  int64 step = 2;
  oneof what { string file_version = 3; Summary summary = 5; SessionLog session_log = 7; }
}
message SessionLog { int32 status = 1; }
message Summary { repeated Value value = 1; }
message Value {
  string tag = 1;
  SummaryMetadata metadata = 9;
  oneof value { float simple_value = 2; TensorProto tensor = 8; }
}
message SummaryMetadata { PluginData plugin_data = 1; }
message PluginData { string plugin_name = 1; bytes content = 2; }
message TensorProto { int32 dtype = 1; TensorShapeProto tensor_shape = 2; repeated bytes string_val = 8; }
message TensorShapeProto { repeated Dim dim = 2; }
message Dim { int64 size = 1; }
message HParamsPluginData {
  int32 version = 1;
  oneof data { SessionStartInfo session_start_info = 3; SessionEndInfo session_end_info = 4; }
}
message SessionStartInfo { map<string, HParam> hparams = 1; string group_name = 4; double start_time_secs = 5; }
message SessionEndInfo { int32 status = 1; double end_time_secs = 2; }
message HParam { oneof kind { double number_value = 2; string string_value = 3; bool bool_value = 4; } }
`;
const SESSION_START = 1;
const DT_FLOAT = 1;
const DT_STRING = 7;
const HPARAMS = "hparams";
const STATUS_SUCCESS = 1;

const { root } = parse(SCHEMA, { keepCase: true });
const Event = root.lookupType("Event");
const HParamsPluginData = root.lookupType("HParamsPluginData");

/** The content of an event file; `wallTime` in seconds since 1970. */
export type BoardEvent = { wallTime: number; step: number } & (
  | { kind: "version" }
  /** From this step on, earlier files of the run are void: a resumed run repeats these steps. */
  | { kind: "start" }
  | { kind: "scalars"; scalars: Record<string, number> }
  | { kind: "text"; tag: string; text: string }
  /** For the HPARAMS tab: the settings of a run, and later that it ended well. */
  | { kind: "hyperparameters"; run: string; values: Record<string, unknown> }
  | { kind: "finished" }
);

const POLYNOMIAL = 0x82f63b78;
const MASK_DELTA = 0xa282ead8;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  return remainder;
});

/** Encodes one event as a protocol buffer. */
export function encodeEvent(event: BoardEvent): Uint8Array {
  const message = { wall_time: event.wallTime, step: event.step, ...toContent(event) };
  return Event.encode(Event.fromObject(message)).finish();
}

function toContent(event: BoardEvent): Record<string, unknown> {
  switch (event.kind) {
    case "version":
      return { file_version: "brain.Event:2" };
    case "start":
      return { session_log: { status: SESSION_START } };
    case "scalars":
      return {
        summary: { value: Object.entries(event.scalars).map(([tag, value]) => ({ tag, simple_value: value })) },
      };
    case "text":
      return { summary: { value: [textValue(event.tag, event.text)] } };
    case "hyperparameters": {
      const hparams = Object.fromEntries(Object.entries(event.values).map(([name, value]) => [name, toHParam(value)]));
      const start = { hparams, group_name: event.run, start_time_secs: event.wallTime };
      return { summary: { value: [hparamsValue("session_start_info", start)] } };
    }
    case "finished": {
      const end = { status: STATUS_SUCCESS, end_time_secs: event.wallTime };
      return { summary: { value: [hparamsValue("session_end_info", end)] } };
    }
  }
}

function toHParam(value: unknown): Record<string, unknown> {
  if (typeof value === "number") return { number_value: value };
  return typeof value === "boolean" ? { bool_value: value } : { string_value: String(value ?? "none") };
}

/** The plugin reads the metadata alone; the empty tensor is what it writes itself (metadata.NULL_TENSOR). */
function hparamsValue(kind: "session_start_info" | "session_end_info", info: object): Record<string, unknown> {
  const content = HParamsPluginData.encode(HParamsPluginData.fromObject({ version: 0, [kind]: info })).finish();
  const tensor = { dtype: DT_FLOAT, tensor_shape: { dim: [{ size: 0 }] } };
  return { tag: `_hparams_/${kind}`, metadata: { plugin_data: { plugin_name: HPARAMS, content } }, tensor };
}

function textValue(tag: string, text: string): Record<string, unknown> {
  const tensor = { dtype: DT_STRING, tensor_shape: { dim: [{ size: 1 }] }, string_val: [Buffer.from(text)] };
  return { tag, metadata: { plugin_data: { plugin_name: "text" } }, tensor };
}

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

/** CRC-32C (Castagnoli; RFC 3720, appendix B.4) of bytes, unsigned. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** CRC-32C rotated and shifted as TFRecord files store it (TensorFlow, lib/hash/crc32c.h). */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}
