import { copyFileSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import { emptyAside, hashOf, putInPlace, writeWhole } from "../setup/files.mjs";

/** Packages that the page takes along; whatever else lib imports must not be needed in a browser. */
const PACKAGES = /^(zod|onnxruntime-web)(\/|$)/;

/**
 * The page imports pure functions through the rooms' indexes like everybody else. Those lead to all of lib, to Node and to
 * native libraries, so an import whose names are not used is dropped, here also where a package does not say that it may be.
 */
const unusedImportsDropped = {
  name: "unused imports dropped",
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}(\/|$)/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === "resolved" || from.importer.includes(`${sep}node_modules${sep}`)) return undefined;
      const { kind, resolveDir, importer } = from;
      // What is imported late is kept even if the function that does so is dropped.
      if (kind === "dynamic-import") return { path, external: true, sideEffects: false };
      const found = await build.resolve(path, { kind, resolveDir, importer, pluginData: "resolved" });
      return { path: found.path, errors: found.errors, sideEffects: false };
    });
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === "entry-point" || isAbsolute(path) || PACKAGES.test(path)
        ? undefined
        : { path, external: true, sideEffects: false },
    );
  },
};

/** The colours of lib/page as CSS that follows the reader's scheme, or the one that an element names. */
async function colourStyle(build, project) {
  const entryPoints = [join(project, "lib", "page", "colours.ts")];
  const { outputFiles } = await build({ entryPoints, format: "esm", write: false });
  const code = Buffer.from(outputFiles[0].contents).toString("base64");
  const { THEME } = await import(`data:text/javascript;base64,${code}`);
  const variables = Object.entries(THEME).map(([name, [light, dark]]) => `--${name}: light-dark(${light}, ${dark});`);
  return `:root, .scheme { ${variables.join(" ")} }`;
}

/** Fails where something that only Node has is left: the bundle would not start. */
function refuseImports({ outputs }) {
  const left = Object.values(outputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
  if (left.length === 0) return;
  const names = [...new Set(left.map(({ path }) => path))].join(", ");
  throw new Error(
    `the page would import ${names}, which browsers do not have: split what it uses from what needs Node`,
  );
}

/** Hashes of the files that the page is made of: where one differs, it is made again. */
function inputsOf({ inputs, outputs }, project, files) {
  const used = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const doors = Object.keys(inputs).filter((path) => path.endsWith("/index.ts"));
  const own = [...new Set([...used, ...doors])].filter((path) => !path.includes("node_modules"));
  const all = [...own.map((path) => join(project, path)), ...files];
  return Object.fromEntries(all.map((path) => [relative(project, path), hashOf(path)]));
}

/**
 * Builds the page of `thumbrank serve`, which also ranks without a service beside an exported model.
 * @param project the project's root
 * @param target folder to write, whole or not at all
 */
export async function buildPage(project, target) {
  const { build } = await import("esbuild");
  const page = join(project, "lib", "serving", "page");
  const aside = emptyAside(target);
  const { metafile } = await build({
    absWorkingDir: project,
    entryPoints: ["page.ts", "browser.ts", "page.css"].map((name) => join(page, name)),
    outdir: aside,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    metafile: true,
    banner: { css: await colourStyle(build, project) },
    plugins: [unusedImportsDropped],
    logLevel: "error",
  });
  refuseImports(metafile);
  const runtime = join(project, "node_modules", "onnxruntime-web", "dist", "ort-wasm-simd-threaded.wasm");
  const copied = {
    "index.html": join(page, "index.html"),
    "icon.svg": join(project, "scripts", "setup", "kernelspec", "logo-svg.svg"),
    "ort-wasm-simd-threaded.wasm": runtime,
  };
  for (const [name, from] of Object.entries(copied)) copyFileSync(from, join(aside, name));
  const lock = join(project, "package-lock.json");
  const made = [join(project, "lib", "page", "colours.ts"), join(project, "scripts", "page", "build.mjs"), lock];
  const inputs = inputsOf(metafile, project, [...made, copied["index.html"], copied["icon.svg"]]);
  putInPlace(aside, target);
  // Beside the folder, which is sent to everyone.
  writeWhole(`${target}.json`, `${JSON.stringify(inputs, null, 2)}\n`);
}
