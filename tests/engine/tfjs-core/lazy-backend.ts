import * as tf from "@tensorflow/tfjs";
import { findLibrary } from "../../../lib/engine";
import { ValueInStep } from "../../../lib/engine/errors";
import { Graph } from "../../../lib/engine/native/graph";
import { loadTensorFlow } from "../../../lib/engine/native/load";
import { recorder } from "../../../lib/engine/recorder";
import { Trace } from "../../../lib/engine/trace";
import { Reader } from "./reader";

/** Operations after which a new graph is begun: a session looks through the whole graph for each new value. */
const LARGE = 400;

interface Recording {
  trace: Trace;
  reader: Reader;
}

let recording: Recording | undefined;

function current(): Recording {
  if (!recording) {
    const graph = new Graph(loadTensorFlow(findLibrary().path));
    recording = { trace: new Trace(graph), reader: new Reader(graph) };
  }
  return recording;
}

/** Begins a new graph where the present one has grown large; tensors made before are lost. */
export function renew(): void {
  if (!recording || recording.trace.graph.size < LARGE) return;
  recording.reader.dispose();
  recording.trace.graph.dispose();
  recording = undefined;
}

function computed(dataId: object): tf.BackendValues {
  const { shape, dtype } = tf.engine().state.tensorInfo.get(dataId) as Omit<tf.TensorInfo, "dataId">;
  return current().reader.read(recorder.outputOf({ dataId, shape, dtype }));
}

/** Makes the backend that records compute as well: what is read is run at that moment, with all it depends on. */
export function computeWhenRead(): void {
  const known = recorder.readSync.bind(recorder);
  const readSync = (dataId: object) => {
    try {
      return known(dataId);
    } catch (thrown) {
      if (thrown instanceof ValueInStep) return computed(dataId);
      throw thrown;
    }
  };
  Object.defineProperties(recorder, {
    trace: { get: () => current().trace },
    isRecording: { get: () => true },
    readSync: { value: readSync },
  });
}
