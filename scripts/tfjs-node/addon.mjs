import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { run } from "../setup/command.mjs";
import { SetupFailed } from "../setup/failure.mjs";
import { emptyAside, putInPlace, writeWhole } from "../setup/files.mjs";
import { root } from "../setup/places.mjs";
import { headersFolder } from "./headers.mjs";

const compilers = ["g++", "c++", "clang++"];

/**
 * The C++ compiler: CXX, or the first on PATH.
 * @throws SetupFailed SETUP_COMPILER_MISSING
 */
export async function findCompiler(environment) {
  const wanted = environment.CXX ? [environment.CXX] : compilers;
  for (const name of wanted) {
    const answer = await run(name, ["--version"], { environment }).catch(() => undefined);
    if (answer !== undefined) return name;
  }
  throw new SetupFailed("SETUP_COMPILER_MISSING", {
    what: `no C++ compiler was found (looked for ${wanted.join(", ")})`,
    next: "install one (Debian: apt install g++; Fedora: dnf install gcc-c++; macOS: xcode-select --install), then npm run setup:tfjs-node",
  });
}

/** Arguments for the compiler. The addon finds the library by its full path: both lie in the same user's cache. */
export function compilerArguments({ place, machine, headers, output }) {
  const libraries = dirname(place.library.path);
  const name = basename(place.library.path);
  const modules = join(place.folder, "node_modules");
  const binding = join(modules, "@tensorflow", "tfjs-node", "binding");
  return [
    ...["-std=c++17", "-O2", "-fPIC", "-shared", "-DNAPI_VERSION=8"],
    ...[`-I${join(modules, "node-api-headers", "include")}`, `-I${headers}`],
    ...["tfjs_backend.cc", "tfjs_binding.cc"].map((file) => join(binding, file)),
    ...[name, name.replace("_cc", "_framework")].map((file) => join(libraries, file)),
    `-Wl,-rpath,${libraries}`,
    ...(machine.startsWith("darwin") ? ["-undefined", "dynamic_lookup"] : []),
    ...["-o", output],
  ];
}

/** Loads the addon in a process of its own, and computes. */
async function verify(place, environment) {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const program = join(root, "scripts", "tfjs-node", "verify.ts");
  await run(process.execPath, ["--import", loader, program, JSON.stringify(place)], { cwd: root, environment });
}

async function build(job) {
  const { place, environment } = job;
  const compiler = await findCompiler(environment);
  const folder = dirname(place.binding);
  const aside = emptyAside(folder);
  try {
    const binding = join(aside, basename(place.binding));
    await run(compiler, compilerArguments({ ...job, headers: headersFolder(job), output: binding }), { environment });
    await verify({ ...place, binding }, environment);
    writeWhole(join(aside, basename(place.stamp)), `${JSON.stringify({ library: place.library.path })}\n`);
    putInPlace(aside, folder);
  } finally {
    if (existsSync(aside)) rmSync(aside, { recursive: true });
  }
}

/** The compiled addon, which has computed in a process of its own before it counts as built. */
export const addon = {
  name: "tfjs-node's addon",

  check: ({ place, isBuilt }) => (isBuilt(place) ? `on ${place.library.path}` : undefined),

  plan: ({ place }) => `compiling it on TensorFlow's ${place.library.variant} library`,

  async run(job) {
    try {
      await build(job);
    } catch (error) {
      if (error instanceof SetupFailed) throw error;
      throw new SetupFailed("SETUP_TFJS_NODE_FAILED", {
        what: `tfjs-node's addon could not be built: ${error.message}`,
        next: "look at the first error above; without the addon everything works, with wasm for operations outside of steps",
      });
    }
    return job.place.binding;
  },
};
