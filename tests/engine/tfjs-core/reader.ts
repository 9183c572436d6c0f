import type * as tf from "@tensorflow/tfjs";
import { BOOL, INT32 } from "../../../lib/engine/native/data-type";
import type { Graph } from "../../../lib/engine/native/graph";
import { outputArray } from "../../../lib/engine/native/memory";
import { sessionConfig } from "../../../lib/engine/native/session-config";
import type { Output } from "../../../lib/engine/native/signatures";
import { Status } from "../../../lib/engine/native/status";

const NOTHING = new BigUint64Array(1);

/** A session that gives single values of a graph, at once and of any type. */
export class Reader {
  readonly #graph: Graph;
  readonly #status: Status;
  readonly #session: number;

  constructor(graph: Graph) {
    const { api } = graph;
    this.#graph = graph;
    this.#status = new Status(api);
    const settings = api.TF_NewSessionOptions();
    const config = sessionConfig({ intraOpThreads: 1, interOpThreads: 1 });
    api.TF_SetConfig(settings, config, config.byteLength, this.#status.pointer);
    this.#session = api.TF_NewSession(graph.pointer, settings, this.#status.pointer);
    api.TF_DeleteSessionOptions(settings);
    this.#status.check("opening a session");
  }

  /** @throws RunFailed */
  read(output: Output): tf.BackendValues {
    const { api } = this.#graph;
    const results = new BigUint64Array(1);
    const status = this.#status.pointer;
    const fetches = outputArray([output]);
    api.TF_SessionRun(this.#session, 0, NOTHING, NOTHING, 0, fetches, results, 1, NOTHING, 0, 0, status);
    this.#status.check("computing a value");
    return this.#take(Number(results[0]), this.#graph.typeOf(output));
  }

  dispose(): void {
    const { api } = this.#graph;
    api.TF_CloseSession(this.#session, this.#status.pointer);
    api.TF_DeleteSession(this.#session, this.#status.pointer);
    this.#status.dispose();
  }

  #take(tensor: number, type: number): tf.BackendValues {
    const { api } = this.#graph;
    const bytes = new Uint8Array(api.TF_TensorByteSize(tensor));
    if (bytes.length > 0) api.copyOut(bytes, api.TF_TensorData(tensor));
    api.TF_DeleteTensor(tensor);
    if (type === BOOL) return bytes;
    return type === INT32 ? new Int32Array(bytes.buffer) : new Float32Array(bytes.buffer);
  }
}
