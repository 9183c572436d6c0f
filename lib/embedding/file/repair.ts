import { join } from "node:path";
import { writeWhole } from "../../files";
import type { EncoderIdentity } from "../../store";
import { checksumOf, isSound } from "./checksum";
import { ROWS } from "./layout";
import { FORGOTTEN, isForgotten, type RowKey, readRows, rowLines } from "./rows";
import { putVectors } from "./vectors";

/**
 * Looks at every vector of a folder that is locked for writing: damaged ones lose their row, so that they count as never
 * made, and rows of earlier versions get their checksums.
 * @returns how many were damaged
 */
export async function repairRows(folder: string, identity: EncoderIdentity): Promise<number> {
  const { keys } = await readRows(folder, identity);
  const repaired: RowKey[] = [...keys];
  const rows = [...keys.keys()].filter((row) => !isForgotten(keys[row] ?? FORGOTTEN));
  let damaged = 0;
  await putVectors(folder, identity.dimensions, rows, (block, from, place) => {
    const row = rows[place] ?? -1;
    const key = keys[row] ?? FORGOTTEN;
    const vector = block.subarray(from, from + identity.dimensions);
    const [videoId, content, checksum] = key;
    if (!isSound(key, vector)) {
      repaired[row] = FORGOTTEN;
      damaged++;
    } else if (checksum === undefined) repaired[row] = [videoId, content, checksumOf(key, vector)];
  });
  if (repaired.some((key, row) => key !== keys[row])) await writeWhole(join(folder, ROWS), rowLines(repaired));
  return damaged;
}
