import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { messageOf } from "../base";

/**
 * Reads a JSON file of a model's folder, as Hugging Face's libraries save it.
 * @param unusable makes the error of a folder, with what is wrong with it
 * @returns null if there is no such file
 * @throws what `unusable` makes, if the file cannot be read or does not fit the schema
 */
export async function readFolderJson<Schema extends z.ZodType>(
  folder: string,
  name: string,
  schema: Schema,
  unusable: (why: string, cause?: unknown) => Error,
): Promise<z.output<Schema> | null> {
  const text = await readFile(join(folder, name), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw unusable(`${name} cannot be read (${messageOf(error)})`, error);
  });
  if (text === null) return null;
  const parsed = schema.safeParse(parseJson(text, name, unusable));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unusable(`${name}: ${issue?.path.join(".") || "it"}: ${issue?.message}`);
}

function parseJson(text: string, name: string, unusable: (why: string, cause?: unknown) => Error): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unusable(`${name} is not JSON`, error);
  }
}
