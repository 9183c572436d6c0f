import { join } from "node:path";
import { z } from "zod";
import { messageOf } from "../../base";
import { makeFolder, readPlain, writeAtomically } from "../../files";
import type { EncoderIdentity } from "../../store";
import { identityHash, sameIdentity } from "../encoder";
import { EmbeddingFileDamaged, IdentityMixed } from "../errors";

/** Content of `identity.json`. */
const Identity = z.strictObject({
  kind: z.enum(["image", "text"]),
  model: z.string(),
  revision: z.string(),
  preprocessing: z.string(),
  normalisation: z.literal("l2"),
  dimensions: z.number().int().positive(),
});

export const VECTORS = "vectors.f32";
export const ROWS = "rows.jsonl";
const IDENTITY = "identity.json";

/** The folder of one identity's vectors below `paths.embeddings`: `<kind>-<model>-<identity hash>`. */
export function embeddingFolder(embeddings: string, identity: EncoderIdentity): string {
  return join(embeddings, `${identity.kind}-${identity.model}-${identityHash(identity)}`);
}

/**
 * The identity whose vectors a folder holds; undefined if there is no identity file.
 * @throws EmbeddingFileDamaged if it cannot be understood
 */
export async function readIdentity(folder: string): Promise<EncoderIdentity | undefined> {
  const file = join(folder, IDENTITY);
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return Identity.parse(JSON.parse(text.toString()));
  } catch (thrown) {
    throw new EmbeddingFileDamaged(file, messageOf(thrown), thrown);
  }
}

/**
 * Creates the folder and its identity file if they do not exist yet.
 * @throws IdentityMixed if the folder belongs to another identity
 */
export async function claimFolder(folder: string, identity: EncoderIdentity): Promise<void> {
  await makeFolder(folder);
  const found = await readIdentity(folder);
  if (found) return checkIdentity(folder, identity, found);
  await writeAtomically(join(folder, IDENTITY), `${JSON.stringify(identity, null, 2)}\n`);
}

/** @throws IdentityMixed unless both identities are equal */
export function checkIdentity(folder: string, expected: EncoderIdentity, found: EncoderIdentity): void {
  if (!sameIdentity(expected, found)) throw new IdentityMixed(expected, found, folder);
}

/** A file's bytes; undefined if it does not exist. */
export async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readPlain(file);
  } catch (thrown) {
    if (["ENOENT", "ENOTDIR"].includes((thrown as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw thrown;
  }
}
