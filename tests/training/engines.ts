import { type Engine, openEngine } from "../../lib/engine";

export const BACKENDS = ["tensorflow", "wasm", "cpu"] as const;

/** The engine, or null where TensorFlow's library is not on this machine. */
export async function engineOf(backend: (typeof BACKENDS)[number]): Promise<Engine | null> {
  const engine = await openEngine({ backend }).catch((error: unknown) => {
    if (backend === "tensorflow") return null;
    throw error;
  });
  return engine?.name === backend ? engine : null;
}
