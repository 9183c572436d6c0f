import { type Engine, LibraryMissing, openEngine } from "../../lib/engine";

export const BACKENDS = ["tensorflow", "wasm", "cpu"] as const;
type Backend = (typeof BACKENDS)[number];

/** The engine, or null where TensorFlow's library is not on this machine. */
export async function engineOf(backend: Backend): Promise<Engine | null> {
  try {
    return await openEngine({ backend });
  } catch (error) {
    if (error instanceof LibraryMissing) return null;
    throw error;
  }
}

/** The backend in a test's name, with what a skipped test lacks. */
export function named(backend: Backend): string {
  return backend === "tensorflow" ? "tensorflow (needs TensorFlow's library)" : backend;
}
