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

/** The first version without a publicly known vulnerability of severity high; null where none is maintained. */
const FIRST_SAFE: Record<string, string | null> = {
  request: null,
  "har-validator": null,
  "http-signature": null,
  "form-data": "4.0.6",
  "tough-cookie": "4.1.3",
  uuid: "11.1.1",
  "node-fetch": "3.1.1",
  mathjs: "15.2.0",
  xlsx: null,
};

const isBefore = (version: string, other: string) =>
  version.localeCompare(other, undefined, { numeric: true, sensitivity: "base" }) < 0;

test("no package that danfojs-node once brought along is older than its first safe version", () => {
  expect(downloaded.length).toBeGreaterThan(300);
  const old = downloaded.filter(({ name, version }) => {
    const safe = FIRST_SAFE[name];
    return safe === null || (safe !== undefined && isBefore(version, safe));
  });
  expect(old).toEqual([]);
});

test("TensorFlow.js is installed once", () => {
  expect(downloaded.filter(({ name }) => /^@tensorflow\/tfjs(-node)?$/.test(name)).map(({ name }) => name)).toEqual([
    "@tensorflow/tfjs",
  ]);
});

test("what danfojs-node and others ask for in vain is a link to a stub of ours", () => {
  const links = Object.entries(packages).filter(([, { link }]) => link === true);
  expect(links.map(([path]) => path)).toEqual(
    ["@tensorflow/tfjs-node", "node-fetch", "onnxruntime-web", "request"].map((name) => `node_modules/${name}`),
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
