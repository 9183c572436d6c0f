import { existsSync, lstatSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import * as danfo from "danfojs-node";
import { expect, test } from "vitest";
import { root, textOf } from "./files";

interface Locked {
  name?: string;
  version?: string;
  link?: boolean;
}

const { packages } = JSON.parse(textOf("package-lock.json")) as { packages: Record<string, Locked> };

/** Every package of the lock file that is downloaded, by the name it was published under. */
const downloaded = Object.entries(packages)
  .filter(([path, { link }]) => path.includes("node_modules/") && link !== true)
  .map(([path, { name, version }]) => ({
    name: name ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
    version: version ?? "",
  }));

/**
 * The first version of each line without a publicly known vulnerability of severity high or above (advisories of GitHub
 * and PyPA, November 2026); null where none is maintained.
 */
const FIRST_SAFE: Record<string, readonly string[] | null> = {
  request: null,
  "har-validator": null,
  "http-signature": null,
  xlsx: null,
  "@babel/runtime": ["7.26.10"],
  "@e965/xlsx": ["0.20.2"],
  "@supabase/auth-js": ["2.70.0"],
  "adm-zip": ["0.6.1"],
  ajv: ["8.18.0"],
  "ansi-regex": ["5.0.1", "6.0.1"],
  "brace-expansion": ["1.1.18", "2.1.4", "5.0.9"],
  "csv-parse": ["4.4.6"],
  esbuild: ["0.28.1"],
  "fast-uri": ["3.1.8"],
  "form-data": ["4.0.6"],
  ini: ["1.3.6"],
  json5: ["2.2.2"],
  jws: ["4.0.1"],
  "json-bigint": ["1.0.0"],
  luxon: ["3.2.1"],
  mathjs: ["15.2.0"],
  minimatch: ["3.1.4", "9.0.7", "10.2.3"],
  minimist: ["1.2.6"],
  nanoid: ["3.3.18"],
  "node-fetch": ["3.1.1"],
  papaparse: ["5.2.0"],
  picomatch: ["2.3.2", "3.0.2", "4.0.4"],
  "plotly.js-basic-dist-min": ["2.25.2"],
  "plotly.js-cartesian-dist-min": ["2.25.2"],
  postcss: ["8.5.23"],
  protobufjs: ["8.6.6"],
  qs: ["6.16.0"],
  rollup: ["2.80.0"],
  semver: ["7.5.2"],
  sharp: ["0.35.0"],
  "tough-cookie": ["4.1.3"],
  undici: ["6.29.1", "7.30.1", "8.12.2"],
  uuid: ["11.1.1"],
  vite: ["8.0.16"],
  vitest: ["4.1.6"],
};

/** Likewise of the packages of Python. */
const FIRST_SAFE_PYTHON: Record<string, readonly string[] | null> = {
  aiohttp: ["3.14.5"],
  certifi: ["2024.7.4"],
  h11: ["0.16.0"],
  idna: ["3.15"],
  ipython: ["8.10.0"],
  jinja2: ["3.1.6"],
  "jupyter-core": ["5.8.1"],
  "jupyter-server": ["2.20.0"],
  jupyterlab: ["4.6.2"],
  markdown: ["3.8.1"],
  mistune: ["3.3.4"],
  nbconvert: ["7.17.1"],
  pillow: ["12.3.0"],
  protobuf: ["6.33.5"],
  pygments: ["2.20.0"],
  pyyaml: ["5.4"],
  requests: ["2.32.4"],
  setuptools: ["80.10.2"],
  soupsieve: ["2.8.4"],
  tornado: ["6.5.7"],
  tqdm: ["4.66.3"],
  urllib3: ["2.7.0"],
  werkzeug: ["3.1.4"],
};

interface Release {
  name: string;
  version: string;
}

const parts = (version: string) => version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);

function isBefore(version: string, other: string): boolean {
  const own = parts(version);
  const wanted = parts(other);
  const at = wanted.findIndex((part, place) => part !== (own[place] ?? 0));
  return at >= 0 && (own[at] ?? 0) < (wanted[at] ?? 0);
}

/** Whether a version is older than the first safe one of its line; a line older than all listed has no safe one. */
function isUnsafe({ name, version }: Release, firstSafe: typeof FIRST_SAFE): boolean {
  const safe = firstSafe[name];
  if (!safe) return safe === null;
  const line = safe.find((first) => parts(first)[0] === parts(version)[0]);
  return line === undefined ? isBefore(version, safe[0] ?? "0") : isBefore(version, line);
}

test.each([
  ["picomatch", "2.3.1", true],
  ["picomatch", "2.3.2", false],
  ["picomatch", "4.0.3", true],
  ["picomatch", "4.0.10", false],
  ["undici", "5.29.0", true],
  ["undici", "9.0.0", false],
  ["request", "2.88.2", true],
  ["chalk", "4.1.2", false],
])("%s %s is unsafe: %s", (name, version, unsafe) => {
  expect(isUnsafe({ name, version }, FIRST_SAFE)).toBe(unsafe);
});

test("no package of package-lock.json is older than its first safe version", () => {
  expect(downloaded.length).toBeGreaterThan(300);
  expect(downloaded.filter((release) => isUnsafe(release, FIRST_SAFE))).toEqual([]);
});

test("no package of requirements.txt is older than its first safe version", () => {
  const pinned = [...textOf("requirements.txt").matchAll(/^([a-z0-9-]+)==([^\s;]+)/gm)].map(
    ([, name = "", version = ""]) => ({ name, version }),
  );
  expect(pinned.length).toBeGreaterThan(80);
  expect(pinned.filter((release) => isUnsafe(release, FIRST_SAFE_PYTHON))).toEqual([]);
});

test("TensorFlow.js is installed once", () => {
  expect(downloaded.filter(({ name }) => /^@tensorflow\/tfjs(-node)?$/.test(name)).map(({ name }) => name)).toEqual([
    "@tensorflow/tfjs",
  ]);
});

test("what danfojs-node and others ask for in vain is a link to a stub of ours", () => {
  const links = Object.entries(packages).filter(([, { link }]) => link === true);
  expect(links.map(([path]) => path)).toEqual(
    ["@tensorflow/tfjs-node", "node-fetch", "request"].map((name) => `node_modules/${name}`),
  );
  for (const [path] of links) {
    expect(lstatSync(join(root, path)).isSymbolicLink()).toBe(true);
    expect(existsSync(join(root, path, "index.js"))).toBe(true);
  }
});

const VIEWS = [3, 1, 4, 1, 5, 9, 2, 6];
const mean = VIEWS.reduce((sum, views) => sum + views, 0) / VIEWS.length;
const variance = VIEWS.reduce((sum, views) => sum + (views - mean) ** 2, 0) / (VIEWS.length - 1);

test("danfojs-node computes the statistics of a frame and prints it", () => {
  const frame = new danfo.DataFrame(VIEWS.map((views, at) => ({ niche: at % 2 === 0 ? "even" : "odd", views })));
  const views = frame.column("views");
  expect(views.var()).toBeCloseTo(variance, 12);
  expect(views.std()).toBeCloseTo(Math.sqrt(variance), 12);
  expect(views.median()).toBe(3.5);
  expect(views.mode()).toEqual([1]);
  const described = frame.describe();
  expect(described.index).toEqual(["count", "mean", "std", "min", "median", "max", "variance"]);
  expect(described.values).toEqual([[8], [mean], [Math.sqrt(variance)], [1], [3.5], [9], [variance]].map(closely));
  const groups = frame.groupby(["niche"]).col(["views"]).std();
  expect(groups.values).toEqual([closely(["even", Math.sqrt(5 / 3)]), closely(["odd", Math.sqrt(46.75 / 3)])]);
  expect(frame.toString()).toContain("║ 0          │ even              │ 3                 ║");
});

test("danfojs-node scales by the TensorFlow.js that is installed", () => {
  const scaler: danfo.MinMaxScaler = new danfo.MinMaxScaler().fit([1, 2, 5]);
  const scaled: unknown = scaler.transform([1, 2, 5]);
  expect(scaled).toEqual([0, 0.25, 1]);
});

test("danfojs-node reads tables over HTTP, and says which status it got instead", async () => {
  const files: Record<string, string> = { "/a.csv": "id,views\na,1\nb,2\n", "/a.json": '[{"id":"a","views":1}]' };
  const server = createServer(({ url = "" }, response) => {
    response.statusCode = url in files ? 200 : 404;
    response.end(files[url]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    expect((await danfo.readCSV(`${address}/a.csv`)).values).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
    const json = (await danfo.readJSON(`${address}/a.json`)) as danfo.DataFrame;
    expect(json.values).toEqual([["a", 1]]);
    const streamed: unknown[] = [];
    await danfo.streamJSON(`${address}/a.json`, (row) => streamed.push(...row.values));
    expect(streamed).toEqual([["a", 1]]);
    await expect(danfo.readCSV(`${address}/none.csv`)).rejects.toThrow("HTTP 404");
  } finally {
    server.close();
  }
});

const closely = (row: (string | number)[]) =>
  row.map((value) => (typeof value === "number" ? expect.closeTo(value, 12) : value));
