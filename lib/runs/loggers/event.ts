import { parse } from "protobufjs";

/** The fields we write of TensorBoard's published schema (tensorboard/compat/proto: event, summary, tensor). */
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
message PluginData { string plugin_name = 1; }
message TensorProto { int32 dtype = 1; TensorShapeProto tensor_shape = 2; repeated bytes string_val = 8; }
message TensorShapeProto { repeated Dim dim = 2; }
message Dim { int64 size = 1; }
`;
const SESSION_START = 1;
const DT_STRING = 7;

const Event = parse(SCHEMA, { keepCase: true }).root.lookupType("Event");

/** What an event file may hold; `wallTime` in seconds since 1970. */
export type BoardEvent = { wallTime: number; step: number } & (
  | { kind: "version" }
  /** From this step on, what earlier files of the run say is void: a resumed run does these steps anew. */
  | { kind: "start" }
  | { kind: "scalars"; scalars: Record<string, number> }
  | { kind: "text"; tag: string; text: string }
);

/** The protocol buffer bytes of one event. */
export function encodeEvent(event: BoardEvent): Uint8Array {
  const message = { wall_time: event.wallTime, step: event.step, ...contentOf(event) };
  return Event.encode(Event.fromObject(message)).finish();
}

function contentOf(event: BoardEvent): Record<string, unknown> {
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
  }
}

function textValue(tag: string, text: string): Record<string, unknown> {
  const tensor = { dtype: DT_STRING, tensor_shape: { dim: [{ size: 1 }] }, string_val: [Buffer.from(text)] };
  return { tag, metadata: { plugin_data: { plugin_name: "text" } }, tensor };
}
