import { Reader } from "protobufjs";

/** One operation of a traced run. */
export interface TimedNode {
  /** Such as "MatMul". */
  type: string;
  name: string;
  /** Of its kernel. */
  microseconds: number;
}

/** Fields of RunMetadata, StepStats, DeviceStepStats and NodeExecStats (tensorflow/core/framework/step_stats.proto). */
const STEP_STATS = 1;
const DEVICES = 1;
const NODES = 2;
const NAME = 1;
const OP_START = 14;
const OP_END = 15;

/** Operations and their times in what TensorFlow says of a traced run. */
export function nodesOf(metadata: Uint8Array): TimedNode[] {
  const nodes: TimedNode[] = [];
  eachField(Reader.create(metadata), STEP_STATS, (stats) =>
    eachField(stats, DEVICES, (device) => eachField(device, NODES, (node) => nodes.push(nodeOf(node)))),
  );
  return nodes;
}

/** Calls for every message of this field and passes over all others. */
function eachField(reader: Reader, wanted: number, take: (message: Reader) => void): void {
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === wanted) take(Reader.create(reader.bytes()));
    else reader.skipType(tag & 7);
  }
}

function nodeOf(reader: Reader): TimedNode {
  let name = "";
  const times: Record<number, number> = {};
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const field = tag >>> 3;
    if (field === NAME) name = reader.string();
    else if (field === OP_START || field === OP_END) times[field] = Number(reader.int64());
    else reader.skipType(tag & 7);
  }
  const microseconds = ((times[OP_END] ?? 0) - (times[OP_START] ?? 0)) / 1000;
  return { name, type: name.replace(/_\d+$/, ""), microseconds };
}
