import * as original from "@tslab/typescript-for-tslab";
import { CompilerFiles } from "./compiler-files";
import { interruptible } from "./interruptible";

/** The TypeScript that tslab's compiler is given instead of its own: ours, except for the hooks below. */

/** As strict as the project itself; `lib` is checked separately, by the newest compiler. */
const OPTIONS: original.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  lib: ["lib.es2023.d.ts"],
  moduleResolution: original.ModuleResolutionKind.Bundler,
  types: ["node"],
  inlineSourceMap: true,
};

/** Source maps of the cell compiled last: TypeScript to JavaScript, and from there to CommonJS. */
export const lastMaps: { toJavaScript: string; toCommonJs: string } = { toJavaScript: "", toCommonJs: "" };

export const files = new CompilerFiles();

type CreateHost = (...args: never[]) => original.WatchCompilerHostOfFilesAndCompilerOptions<original.BuilderProgram>;

/** The compiler's binder, which finds a file's names; TypeScript exports it but does not declare it. */
const { bindSourceFile } = original as unknown as {
  bindSourceFile: (file: original.SourceFile, options: original.CompilerOptions) => void;
};

/**
 * Keeps no record of which file depends on which, which takes longer than compiling a cell, and reports no dependencies
 * for it, so that tslab neither checks nor emits `lib` file by file.
 */
const createWatchCompilerHost = (roots: string[], options: original.CompilerOptions, ...rest: never[]) => {
  const host = (original.createWatchCompilerHost as CreateHost)(
    ...([roots, { ...options, ...OPTIONS }, ...rest] as never[]),
  );
  host.createProgram = (...args) => {
    const program = original.createAbstractBuilder(...args);
    for (const root of roots) {
      const file = program.getSourceFile(root);
      // tslab asks for the names of a cell before it is checked.
      if (file !== undefined) bindSourceFile(file, program.getCompilerOptions());
    }
    return { ...program, getAllDependencies: ({ fileName }) => [fileName] };
  };
  return host;
};

/** tslab's last step for a cell: we add the source map, and make every await of the cell interruptible. */
function transpileModule(input: string, options: original.TranspileOptions): original.TranspileOutput {
  const compilerOptions = { ...options.compilerOptions, sourceMap: true };
  const output = original.transpileModule(input, {
    ...options,
    compilerOptions,
    transformers: { before: [interruptible] },
  });
  const inline = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)/.exec(input)?.[1] ?? "";
  lastMaps.toJavaScript = Buffer.from(inline, "base64").toString();
  lastMaps.toCommonJs = output.sourceMapText ?? "";
  return output;
}

/** Installs these hooks where tslab will find them. Call it before tslab is loaded. */
export function prepareTypeScript(): void {
  const path = require.resolve("@tslab/typescript-for-tslab");
  const system = Object.assign(Object.create(original.sys) as typeof original.sys, files.system(original.sys.readFile));
  const loaded = require.cache[path];
  if (loaded === undefined) throw new Error(`${path} is not loaded`);
  loaded.exports = { ...original, sys: system, createWatchCompilerHost, transpileModule };
}
