import * as koffi from "koffi";
import { LibraryUnloadable } from "../errors";
import { reachCuda } from "./cuda";
import { C_LIBRARY, hold } from "./hold";
import { logErrorsOnly } from "./log-level";
import { type CApi, type Kind, SIGNATURES } from "./signatures";
import { isWhole } from "./whole";

type SessionRun = (...values: Parameters<CApi["TF_SessionRun"]>) => Promise<void>;

/** The loaded library: its functions, a run that leaves the event loop free, and copies between the two memories. */
export interface TensorFlow extends CApi {
  /** TF_SessionRun on a thread of its own; the memory it was given must be kept until it is done. */
  sessionRunAsync: SessionRun;
  copyIn(pointer: number, values: NodeJS.ArrayBufferView): void;
  copyOut(values: NodeJS.ArrayBufferView, pointer: number): void;
}

const loaded = new Map<string, TensorFlow>();

/**
 * Loads TensorFlow's library, once a process.
 * @param path of libtensorflow_cc
 * @throws LibraryUnloadable
 */
export function loadTensorFlow(path: string): TensorFlow {
  const known = loaded.get(path);
  if (known) return known;
  logErrorsOnly(path);
  // Else the first session's threads within an operation serve all sessions of the process.
  setUnlessSet("TF_OVERRIDE_GLOBAL_THREADPOOL", "1");
  try {
    if (!isWhole(path)) throw new Error("it ends before its header says: the file was cut off");
    keepLoaded(path);
    reachCuda(path);
    const opened = koffi.load(path);
    const library = { ...functionsOf(opened), ...copies() };
    forbidTensorFloat32(opened);
    loaded.set(path, library);
    return library;
  } catch (cause) {
    throw new LibraryUnloadable(path, cause);
  }
}

/** Sets a variable of the process, which the process.env of a worker does not reach; one that is set stays. */
function setUnlessSet(name: string, value: string): void {
  koffi.load(C_LIBRARY).func("setenv", "int", ["str", "str", "int"])(name, value, 0);
}

/** koffi unloads a library at exit while its threads still run, which is a segmentation fault: hold it for ever. */
function keepLoaded(path: string): void {
  const failure = hold(path);
  if (failure !== undefined) throw new Error(failure);
}

/** Else TensorFlow rounds the factors of float32's products to 10 bits on newer GPUs. The C API has no function for it. */
function forbidTensorFloat32(library: koffi.LibraryHandle): void {
  library.func("_ZN3tsl32enable_tensor_float_32_executionEb", "void", ["bool"])(false);
}

function functionsOf(library: koffi.LibraryHandle): CApi & { sessionRunAsync: SessionRun } {
  const types = koffiTypes();
  const functions = Object.entries(SIGNATURES).map(([name, [result, ...values]]) => {
    return [
      name,
      library.func(
        name,
        types[result],
        values.map((kind: Kind) => types[kind]),
      ),
    ] as const;
  });
  const api = Object.fromEntries(functions) as unknown as CApi;
  const run = api.TF_SessionRun as koffi.KoffiFunc<CApi["TF_SessionRun"]>;
  const sessionRunAsync: SessionRun = (...values) =>
    new Promise((resolve, reject) => {
      run.async(...values, (error: unknown) => (error ? reject(error) : resolve()));
    });
  return { ...api, sessionRunAsync };
}

function koffiTypes(): Record<Kind, string | koffi.TypeObject> {
  return {
    void: "void",
    pointer: "uintptr_t",
    int: "int",
    long: "int64_t",
    size: "size_t",
    float: "float",
    byte: "uint8_t",
    text: "str",
    memory: "void *",
    output: koffi.struct({ oper: "uintptr_t", index: "int" }),
  };
}

function copies(): Pick<TensorFlow, "copyIn" | "copyOut"> {
  const c = koffi.load(C_LIBRARY);
  const copyIn = c.func("memcpy", "void", ["uintptr_t", "void *", "size_t"]);
  const copyOut = c.func("memcpy", "void", ["void *", "uintptr_t", "size_t"]);
  return {
    copyIn: (pointer, values) => void copyIn(pointer, values, values.byteLength),
    copyOut: (values, pointer) => void copyOut(values, pointer, values.byteLength),
  };
}
