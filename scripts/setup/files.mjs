import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** SHA-256 of a file, in hexadecimal. */
export function hashOf(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** What a JSON file holds; undefined where it is missing or cut off. */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** Writes a file whole or not at all. */
export function writeWhole(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, text);
  renameSync(aside, path);
}

/** An empty folder beside `target`, for what will be moved there when it is complete. */
export function emptyAside(target) {
  const aside = `${target}.aside`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  return aside;
}

/** Moves a complete folder to its place; what was left there is replaced. */
export function putInPlace(aside, target) {
  mkdirSync(dirname(target), { recursive: true });
  const old = join(dirname(target), `.${process.pid}.old`);
  if (existsSync(target)) renameSync(target, old);
  renameSync(aside, target);
  rmSync(old, { recursive: true, force: true });
}
