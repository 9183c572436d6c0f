import { expect, test } from "vitest";
import { linesWith, textOf, tracked } from "./files";

const isText = (path: string) =>
  !/\.(png|jpe?g|webp|gif|npy|onnx|parquet|safetensors|bin|ico|woff2?|br|gz)$/.test(path);

test("no file names a folder of somebody's machine", () => {
  const folders = ["work", "root", "tmp", "home/[a-z]+", "Users/[A-Za-z]+"].join("|");
  const machinePath = new RegExp(`(^|[^\\w.}>~-])/(${folders})/`);
  expect("see /".concat("work/main")).toMatch(machinePath);
  expect(linesWith(tracked().filter(isText), machinePath)).toEqual([]);
});

test("no file names a registry: any mirror will do", () => {
  const hosts = [
    ["registry", "npmjs", "org"],
    ["pypi", "org"],
    ["pythonhosted", "org"],
    ["registry", "yarnpkg", "com"],
  ];
  const host = new RegExp(hosts.map((parts) => parts.join("\\.")).join("|"));
  expect(linesWith(tracked().filter(isText), host)).toEqual([]);
});

test("lock files pin contents and name no address", () => {
  const locks = tracked("*package-lock.json");
  expect(locks).toContain("package-lock.json");
  // Packages of our own, in stubs/, are links.
  expect(linesWith(locks, /"resolved": (?!"stubs\/)/)).toEqual([]);
  for (const lock of locks) {
    const { packages } = JSON.parse(textOf(lock)) as {
      packages: Record<string, { integrity?: string; link?: boolean }>;
    };
    const unpinned = Object.entries(packages).filter(
      ([path, { integrity, link }]) => path.includes("node_modules/") && link !== true && !integrity,
    );
    expect(unpinned.map(([path]) => path)).toEqual([]);
  }
});

// npm leaves out in silence what its registry lacks on the day of locking, and `npm ci` then refuses the lock file.
test("the lock file holds the packages of every platform", () => {
  const { packages } = JSON.parse(textOf("package-lock.json")) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const isLocked = (name: string) => Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`));
  const optional = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  expect(optional.length).toBeGreaterThan(20);
  expect(optional.filter((name) => !isLocked(name))).toEqual([]);
});

test("every Python package is pinned by content", () => {
  const requirements = textOf("requirements.txt").replaceAll("\\\n", " ").split("\n");
  const named = requirements.filter((line) => /^[a-z]/i.test(line));
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((line) => !/==\S+.*--hash=sha256:/.test(line))).toEqual([]);
});
