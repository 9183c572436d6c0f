import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { hold } from "./hold";

/** Opened by TensorFlow by name alone, though its search path does not lead to where the wheels put it. */
const UNREACHABLE = "cusolver/lib/libcusolver.so.11";

/**
 * Opens by its path, beside TensorFlow's library, what TensorFlow would not find: it uses no GPU where one of CUDA's
 * libraries is missing. Does nothing on machines without a driver.
 * @param path of libtensorflow_cc
 */
export function reachCuda(path: string, driver = "libcuda.so.1"): void {
  const library = join(dirname(dirname(path)), "nvidia", UNREACHABLE);
  if (existsSync(library) && hold(driver) === undefined) hold(library);
}
