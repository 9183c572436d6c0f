import type { Paths } from "../../config";
import type { EncoderIdentity } from "../../store";
import { forgetHiddenStates } from "../prefix/write";
import { eraseRows, isErasing } from "./erase";
import { VECTORS } from "./layout";
import { embeddedIdentities } from "./load";
import { FORGOTTEN, readRows, vectorBytes } from "./rows";
import { lockedFolder } from "./write";

/**
 * Removes the vectors of these videos from the files of every encoder, and their hidden states. All other rows keep
 * their positions, so a training that is reading the file can continue; removed rows become holes in the file, which
 * frees their disk space.
 * If it is interrupted, calling it again completes it.
 * @returns how many vectors were removed
 * @throws EmbeddingFileBusy, EmbeddingFileDamaged
 */
export async function forgetVectors(paths: Pick<Paths, "embeddings">, videoIds: ReadonlySet<string>): Promise<number> {
  let forgotten = 0;
  for (const identity of await embeddedIdentities(paths)) {
    const { folder, lock } = await lockedFolder(paths.embeddings, identity);
    try {
      forgotten += await forgetIn(folder, identity, videoIds);
    } finally {
      await lock.release();
    }
  }
  await forgetHiddenStates(paths.embeddings, videoIds);
  return forgotten;
}

async function forgetIn(folder: string, identity: EncoderIdentity, videoIds: ReadonlySet<string>): Promise<number> {
  const { keys } = await readRows(folder, vectorBytes(identity));
  const left = keys.map((key) => (videoIds.has(key[0]) ? FORGOTTEN : key));
  const count = left.filter((key, row) => key !== keys[row]).length;
  if (count === 0 && !(await isErasing(folder, VECTORS))) return 0;
  await eraseRows(folder, VECTORS, left, vectorBytes(identity));
  return count;
}
