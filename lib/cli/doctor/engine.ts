import { messageOf, ThumbrankError } from "../../base";
import { type Engine, type EngineOptions, openEngine, TFJS_NODE_VERSION, TfjsNodeMissing } from "../../engine";
import { type Finding, note, ok, problem } from "./finding";

/** Doubles a number on an engine, to check that it computes and is not merely installed. */
async function doubles(engine: Engine): Promise<boolean> {
  const double = engine.jit((x) => [x.mul(2)], { shape: [1] });
  try {
    const [values] = await double(Float32Array.of(21));
    return values?.[0] === 42;
  } finally {
    double.dispose();
  }
}

function describe({ name, version, device, settings }: Engine): string {
  const threads = settings && `, threads ${settings.intraOpThreads},${settings.interOpThreads}`;
  return `${name} ${version} on ${device}${threads ?? ""}`;
}

async function tried(options: EngineOptions, judge: (engine: Engine, value: string) => Finding): Promise<Finding> {
  const engine = await openEngine(options);
  try {
    const value = describe(engine);
    if (await doubles(engine)) return judge(engine, value);
    return problem(
      "engine",
      `${value} computes wrong results`,
      "delete the cache folder of TensorFlow, then npm run setup",
    );
  } finally {
    engine.dispose();
  }
}

function unusable(subject: string, thrown: unknown): Finding {
  if (thrown instanceof ThumbrankError) return problem(subject, thrown.what, thrown.next);
  return problem(subject, messageOf(thrown), "npm run setup");
}

/** The engine that training will use, and the reason if it is not TensorFlow. */
export function engineFinding(environment: NodeJS.ProcessEnv): Promise<Finding> {
  return tried({}, (engine, value) => {
    const wantsGpu = environment.THUMBRANK_TF === "gpu" && !engine.device.includes("GPU");
    if (engine.name === "tensorflow" && wantsGpu)
      return note("engine", `${value}: no GPU was found`, "check the driver (nvidia-smi must list the GPU, CUDA 12)");
    if (engine.name === "tensorflow") return ok("engine", value);
    const slow = `${value}, slow: ${engine.fallbackReason ?? "TensorFlow's library was not used"}`;
    if (environment.THUMBRANK_TF === "off") return note("engine", slow, "unset THUMBRANK_TF, then npm run setup");
    return problem("engine", slow, "npm run setup");
  }).catch((thrown: unknown) => unusable("engine", thrown));
}

/** The precisions in which products can be computed besides float32; each is tried. */
export async function precisionFinding(): Promise<Finding> {
  const kinds = await Promise.all(
    (["bfloat16", "float16"] as const).map(async (precision) => {
      const engine = await openEngine({ precision }).catch(() => null);
      engine?.dispose();
      return engine === null ? [] : [precision];
    }),
  );
  return ok("precision", ["float32", ...kinds.flat()].join(", "));
}

/** The wasm engine, which works everywhere. */
export function fallbackFinding(): Promise<Finding> {
  return tried({ backend: "wasm" }, (_, value) => ok("fallback", value)).catch((thrown: unknown) =>
    unusable("fallback", thrown),
  );
}

/** tfjs-node, which exists only if the user built it. */
export function tfjsNodeFinding(environment: NodeJS.ProcessEnv): Promise<Finding> {
  const subject = "tfjs-node";
  if (environment.THUMBRANK_TFJS_NODE === "off") return Promise.resolve(note(subject, "off (THUMBRANK_TFJS_NODE)"));
  const there = ok(subject, `${TFJS_NODE_VERSION}: computes what is outside of steps`);
  return tried({ backend: "tfjs-node" }, () => there).catch((thrown: unknown) =>
    thrown instanceof TfjsNodeMissing
      ? note(subject, "not built; wasm computes what is outside of steps (optional: npm run setup:tfjs-node)")
      : unusable(subject, thrown),
  );
}
