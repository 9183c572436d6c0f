import { describeOrigin } from "../origins";
import type { Graph } from "./graph";
import type { TensorFlow } from "./load";
import { outputArray, pointerArray } from "./memory";
import { type SessionOptions, sessionConfig } from "./session-config";
import type { Output } from "./signatures";
import { Status } from "./status";
import { type FedTensor, takeValues } from "./tensor";

/** The inputs, outputs and side effects of a run. */
export interface RunPlan {
  feeds: { output: Output; tensor: FedTensor }[];
  /** float32 values to return. */
  fetches: Output[];
  /** Operations that run for their side effects. */
  targets: number[];
}

/** A run whose arrays are laid out once: write to the feeds' tensors between runs. */
export interface PreparedRun {
  start(): Promise<Float32Array[]>;
  /** Runs synchronously: the event loop waits. */
  now(): Float32Array[];
}

const NOTHING: PreparedRun = { start: async () => [], now: () => [] };

/** A session holds the state of a graph's variables and runs the graph. Runs must not overlap. */
export class Session {
  readonly #api: TensorFlow;
  readonly #status: Status;
  readonly #pointer: number;
  readonly #originOf: (reason: string) => string | undefined;

  constructor(graph: Graph, options: SessionOptions) {
    const { api } = graph;
    this.#api = api;
    this.#originOf = (reason) => {
      const origin = graph.findOrigin(reason);
      return origin && describeOrigin(origin);
    };
    this.#status = new Status(api);
    const settings = api.TF_NewSessionOptions();
    const config = sessionConfig(options);
    api.TF_SetConfig(settings, config, config.byteLength, this.#status.pointer);
    this.#status.check("reading the session's settings");
    this.#pointer = api.TF_NewSession(graph.pointer, settings, this.#status.pointer);
    api.TF_DeleteSessionOptions(settings);
    this.#status.check("opening a session");
  }

  prepare({ feeds, fetches, targets }: RunPlan): PreparedRun {
    if (fetches.length + targets.length === 0) return NOTHING;
    const inputs = feeds.map(({ output }) => output);
    const tensors = feeds.map(({ tensor }) => tensor.pointer);
    const inputArray = outputArray(inputs);
    const tensorArray = pointerArray(tensors);
    const outputs = outputArray(fetches);
    const results = new BigUint64Array(Math.max(1, fetches.length));
    const targetArray = pointerArray(targets);
    const feeding = [this.#pointer, 0, inputArray, tensorArray, feeds.length] as const;
    const fetching = [outputs, results, fetches.length, targetArray, targets.length, 0, this.#status.pointer] as const;
    const take = () => {
      this.#status.check("running a step", this.#originOf);
      return fetches.map((_, index) => takeValues(this.#api, Number(results[index])));
    };
    return {
      start: () => this.#api.sessionRunAsync(...feeding, ...fetching).then(take),
      now: () => {
        this.#api.TF_SessionRun(...feeding, ...fetching);
        return take();
      },
    };
  }

  /** Names of the devices, such as "/job:localhost/replica:0/task:0/device:GPU:0". */
  devices(): string[] {
    const list = this.#api.TF_SessionListDevices(this.#pointer, this.#status.pointer);
    this.#status.check("listing devices");
    const names = Array.from({ length: this.#api.TF_DeviceListCount(list) }, (_, index) =>
      this.#api.TF_DeviceListName(list, index, this.#status.pointer),
    );
    this.#api.TF_DeleteDeviceList(list);
    return names;
  }

  dispose(): void {
    this.#api.TF_CloseSession(this.#pointer, this.#status.pointer);
    this.#api.TF_DeleteSession(this.#pointer, this.#status.pointer);
    this.#status.dispose();
  }
}
