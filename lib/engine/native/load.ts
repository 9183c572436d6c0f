import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { dirname, join } from "node:path";
import * as koffi from "koffi";
import { LibraryUnloadable } from "../errors";
import { C_LIBRARY, hold } from "./hold";
import { logErrorsOnly } from "./log-level";
import { type CApi, type Kind, SIGNATURES } from "./signatures";

type SessionRun = (...values: Parameters<CApi["TF_SessionRun"]>) => Promise<void>;

/** The loaded library: its functions, a run that does not block the event loop, and copies between the two memories. */
export interface TensorFlow extends CApi {
  /** TF_SessionRun on its own thread; keep the memory passed to it until it is done. */
  sessionRunAsync: SessionRun;
  copyIn(pointer: number, values: NodeJS.ArrayBufferView): void;
  copyOut(values: NodeJS.ArrayBufferView, pointer: number): void;
}

const loaded = new Map<string, TensorFlow>();

/** TensorFlow opens it by name alone, but its search path does not include the place where the wheels put it. */
const UNREACHABLE = "cusolver/lib/libcusolver.so.11";

const HEADER_BYTES = 64;
const ELF = Buffer.from("\u007fELF\u0002\u0001", "latin1");
/** Offsets in a 64-bit ELF header of the section table's start, the size of an entry, and the number of entries. */
const TABLE = { begin: 0x28, entryBytes: 0x3a, entries: 0x3c };

/**
 * Loads TensorFlow's library, once per process.
 * @param path path of libtensorflow_cc
 * @throws LibraryUnloadable
 */
export function loadTensorFlow(path: string): TensorFlow {
  const known = loaded.get(path);
  if (known) return known;
  logErrorsOnly(path);
  // Otherwise the intra-op threads of the first session serve all sessions of the process.
  setUnlessSet("TF_OVERRIDE_GLOBAL_THREADPOOL", "1");
  try {
    if (!isComplete(path)) throw new Error("it ends before its header says: the file was cut off");
    keepLoaded(path);
    loadCudaLibrary(path);
    const opened = koffi.load(path);
    const library = { ...loadFunctions(opened), ...copies() };
    forbidTensorFloat32(opened);
    loaded.set(path, library);
    return library;
  } catch (cause) {
    throw new LibraryUnloadable(path, cause);
  }
}

/** Sets an unset environment variable of the process itself, which process.env of a worker does not reach. */
function setUnlessSet(name: string, value: string): void {
  koffi.load(C_LIBRARY).func("setenv", "int", ["str", "str", "int"])(name, value, 0);
}

/** koffi unloads a library at exit while its threads still run, which causes a segmentation fault: keep it loaded. */
function keepLoaded(path: string): void {
  const failure = hold(path);
  if (failure !== undefined) throw new Error(failure);
}

/** Otherwise newer GPUs round the factors of float32 products to 10 bits. The C API has no function for it. */
function forbidTensorFloat32(library: koffi.LibraryHandle): void {
  library.func("_ZN3tsl32enable_tensor_float_32_executionEb", "void", ["bool"])(false);
}

function loadFunctions(library: koffi.LibraryHandle): CApi & { sessionRunAsync: SessionRun } {
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

/**
 * Opens by path the CUDA library, installed beside TensorFlow's library, that TensorFlow cannot find by itself: without
 * it TensorFlow uses no GPU. Does nothing on machines without a driver.
 * @param path path of libtensorflow_cc
 */
export function loadCudaLibrary(path: string, driver = "libcuda.so.1"): void {
  const library = join(dirname(dirname(path)), "nvidia", UNREACHABLE);
  if (existsSync(library) && hold(driver) === undefined) hold(library);
}

/**
 * Whether a library is as long as its header says: with a truncated one, the loader touches pages that do not exist,
 * and the system kills the process without a message. Formats other than Linux's count as complete.
 */
function isComplete(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    const read = readSync(file, header, 0, HEADER_BYTES, 0);
    if (read < HEADER_BYTES || !header.subarray(0, ELF.length).equals(ELF)) return true;
    const tableBytes = header.readUInt16LE(TABLE.entryBytes) * header.readUInt16LE(TABLE.entries);
    return Number(header.readBigUInt64LE(TABLE.begin)) + tableBytes <= fstatSync(file).size;
  } finally {
    closeSync(file);
  }
}
