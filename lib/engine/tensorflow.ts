import * as tf from "@tensorflow/tfjs";
import { CompiledStep } from "./compiled";
import { deviceName, openSession } from "./device";
import { EngineDisposed, ForeignTensor, RunsUnderWay } from "./errors";
import { registerGradients } from "./gradients";
import { checkValues, type FixedSpec } from "./inputs";
import { registerKernels } from "./kernels";
import { Graph } from "./native/graph";
import type { Library } from "./native/library";
import { loadTensorFlow } from "./native/load";
import type { RunPlan, Session } from "./native/session";
import { PRODUCT_TYPES } from "./precision";
import { Queue } from "./queue";
import { recordStep } from "./record-step";
import { RECORDER, recorder } from "./recorder";
import { type OnTrace, Traces } from "./traces";
import type {
  Compiled,
  Device,
  Engine,
  EngineSettings,
  Step,
  TensorSpec,
  TypedArray,
  VariableOptions,
  VariableValues,
} from "./types";
import { freeName } from "./variable-name";
import { type HeldVariable, holdVariable, isAssigned, resourceFor, restore, Writes } from "./variables";

export interface TensorFlowOptions extends EngineSettings {
  device?: Device;
}

/** What the user wants to be notified of. */
export interface Watch {
  onTrace: OnTrace;
  /** Whether each run first looks for NaN and infinities. */
  checkNumerics: boolean;
}

/** Compiles steps into one graph, and runs them in one session that holds the variables. */
export class TensorFlowEngine implements Engine {
  readonly name = "tensorflow";
  readonly device: string;
  readonly version: string;
  readonly settings: EngineSettings;
  readonly checksNumerics: boolean;
  readonly #graph: Graph;
  readonly #session: Session;
  readonly #variables = new Map<tf.Variable, HeldVariable>();
  readonly #writes = new Writes();
  readonly #steps = new Set<Traces>();
  readonly #queue = new Queue();
  readonly #watch: Watch;
  #disposed = false;

  /** @throws LibraryUnloadable, DeviceMissing */
  constructor(library: Library, { device, ...settings }: TensorFlowOptions, watch: Watch) {
    const api = loadTensorFlow(library.path);
    registerRecorder();
    this.#watch = watch;
    this.checksNumerics = watch.checkNumerics;
    this.version = api.TF_Version();
    this.settings = settings;
    const onCpu = device === undefined ? library.variant === "cpu" : device === "cpu";
    this.#graph = new Graph(api, PRODUCT_TYPES[settings.precision], onCpu);
    const options = { ...settings, ...(device && { device }) };
    this.#session = openSession(this.#graph, options);
    this.device = deviceName(options, this.#session);
  }

  variable(values: VariableValues, shape: number[], options: VariableOptions = {}): tf.Variable {
    this.#alive();
    const name = freeName(options.name);
    checkValues(name, values, shape);
    const resource = resourceFor(this.#graph, values, shape, options.rounded);
    const held = holdVariable(resource, options.trainable ?? true, name);
    this.#variables.set(held.variable, held);
    this.#writes.set(held.resource, values, options.lend);
    return held.variable;
  }

  jit(step: Step, ...specs: TensorSpec[]): Compiled {
    this.#alive();
    const traces = new Traces(specs, (fixed) => this.#compile(step, fixed), this.#watch.onTrace);
    this.#steps.add(traces);
    const inTurn = <Result>(job: (compiled: CompiledStep, inputs: TypedArray[]) => () => Promise<Result>) => {
      return async (...inputs: TypedArray[]): Promise<Result> => {
        const compiled = this.#ready(traces, inputs);
        this.#handOver((plan) => this.#runAhead(plan));
        return this.#queue.add(job(compiled, inputs));
      };
    };
    const sync = (...inputs: TypedArray[]) => {
      if (this.#queue.length > 0) throw new RunsUnderWay(this.#queue.length);
      const compiled = this.#ready(traces, inputs);
      this.#handOver((plan) => this.#runNow(plan));
      return compiled.runNow(inputs);
    };
    const run = inTurn((compiled, inputs) => compiled.run(inputs));
    const diagnose = inTurn((compiled, inputs) => compiled.diagnose(inputs));
    return Object.assign(run, { sync, diagnose, dispose: () => this.#forget(traces) });
  }

  #compile(step: Step, specs: FixedSpec[]): CompiledStep {
    this.#adoptAssignments();
    const { interOpThreads } = this.settings;
    const recorded = recordStep(this.#graph, step, specs, [...this.#variables.values()], interOpThreads);
    return new CompiledStep(this.#graph, this.#session, recorded, specs, this.#watch.checkNumerics);
  }

  #ready(traces: Traces, inputs: TypedArray[]): CompiledStep {
    this.#alive();
    return traces.of(inputs);
  }

  #forget(traces: Traces): void {
    this.#steps.delete(traces);
    traces.close();
    this.#queue.whenIdle(() => traces.dispose());
  }

  async read(variables: tf.Variable[]): Promise<Float32Array[]> {
    this.#alive();
    this.#handOver((plan) => this.#runAhead(plan));
    const fetches = variables.map((variable) => this.#held(variable).resource.current);
    return this.#run({ feeds: [], fetches, targets: [] });
  }

  write(variable: tf.Variable, values: Float32Array): void {
    this.#alive();
    checkValues(variable.name, values, variable.shape);
    this.#writes.set(this.#held(variable).resource, values);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const { variable, anchor } of this.#variables.values()) tf.dispose([variable, anchor]);
    this.#variables.clear();
    for (const { feeds } of this.#writes.take()) for (const { tensor } of feeds) tensor.dispose();
    this.#queue.whenIdle(() => {
      for (const traces of this.#steps) traces.dispose();
      this.#session.dispose();
      this.#graph.dispose();
    });
  }

  #run(plan: RunPlan): Promise<Float32Array[]> {
    return this.#queue.add(() => this.#session.prepare(plan).start());
  }

  /** Starts a run that nobody waits for. If it fails, later runs fail too because their variables have no value. */
  #runAhead(plan: RunPlan): void {
    const free = () => plan.feeds.map(({ tensor }) => tensor.dispose());
    void this.#run(plan).then(free, free);
  }

  #runNow(plan: RunPlan): void {
    try {
      this.#session.prepare(plan).now();
    } finally {
      for (const { tensor } of plan.feeds) tensor.dispose();
    }
  }

  /** Hands pending values to TensorFlow before the next run. */
  #handOver(run: (plan: RunPlan) => void): void {
    this.#freeDisposed(run);
    this.#adoptAssignments();
    for (const plan of this.#writes.take()) run(plan);
  }

  /** For variable.assign() outside a step: passes the new values to TensorFlow's variable. */
  #adoptAssignments(): void {
    for (const held of this.#variables.values()) {
      if (!isAssigned(held)) continue;
      const values = Float32Array.from(held.variable.dataSync());
      restore(held);
      this.#writes.set(held.resource, values);
    }
  }

  /** For variable.dispose(): TensorFlow frees the memory before the next run. */
  #freeDisposed(run: (plan: RunPlan) => void): void {
    const disposed = [...this.#variables.values()].filter(({ variable }) => variable.isDisposed);
    if (disposed.length === 0) return;
    for (const { variable, anchor, resource } of disposed) {
      anchor.dispose();
      this.#variables.delete(variable);
      this.#writes.drop(resource);
    }
    const targets = disposed.map(({ resource }) => resource.destroy());
    run({ feeds: [], fetches: [], targets });
  }

  #held(variable: tf.Variable): HeldVariable {
    const held = this.#variables.get(variable);
    if (!held) throw new ForeignTensor(`variable ${variable.name} [${variable.shape}]`);
    return held;
  }

  #alive(): void {
    if (this.#disposed) throw new EngineDisposed("the tensorflow engine");
  }
}

let registered = false;

function registerRecorder(): void {
  if (registered) return;
  registered = true;
  tf.registerBackend(RECORDER, () => recorder, 0);
  registerKernels();
  registerGradients();
}
