import { createHash } from "node:crypto";
import { z } from "zod";

/**
 * Name of the file that lists a folder's files with size and hash. It is written last, so a folder that has it is
 * complete.
 */
export const MANIFEST = "manifest.json";

const Entry = z.strictObject({
  // A plain name, in the folder or in a subfolder: no entry points outside the folder.
  name: z.string().regex(/^([A-Za-z0-9_][A-Za-z0-9_.-]*\/)?[A-Za-z0-9_][A-Za-z0-9_.-]*$/),
  sizeBytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const Manifest = z.strictObject({
  format: z.literal("thumbrank-folder-1"),
  files: z.array(Entry).min(1).max(64),
});
export type Manifest = z.infer<typeof Manifest>;

/** Makes the manifest of files, given as bytes by name. */
export function makeManifest(files: Record<string, Uint8Array>): Manifest {
  const entries = Object.entries(files).map(([name, bytes]) => ({
    name,
    sizeBytes: bytes.length,
    sha256: sha256(bytes),
  }));
  return Manifest.parse({ format: "thumbrank-folder-1", files: entries });
}

/** SHA-256, hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
