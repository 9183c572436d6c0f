import { batches, paged } from "./batches";
import type { Bulk } from "./bulk";
import { BINARY_HEAD, BINARY_TAIL, binaryRow } from "./bulk";
import type { Database } from "./database";
import { EmbeddingRefused, StatementFailed } from "./errors";
import { type PictureRow, toBytes, toPicture } from "./rows";
import type { Embedding, EmbeddingScope, Unembedded } from "./store";
import type { EncoderIdentity } from "./types";

const BATCH_SIZE = 500;
const FOREIGN_KEY_VIOLATION = "23503";

type MissingRow = PictureRow & { video_id: string; title: string };

/** See `Store.saveEmbeddings`. */
export async function saveEmbeddings(
  database: Database,
  encoder: EncoderIdentity,
  embeddings: Iterable<Embedding> | AsyncIterable<Embedding>,
): Promise<void> {
  const identity = await identityId(database, encoder);
  for await (const batch of batches(embeddings, BATCH_SIZE, (embedding) => embedding.videoId)) {
    for (const embedding of batch) refuseWrong(embedding, encoder);
    await saveBatch(database, identity, batch);
  }
}

/** See `Store.embeddings`. */
export async function* readEmbeddings(database: Database, encoder: EncoderIdentity): AsyncGenerator<Embedding> {
  const identity = await identityId(database, encoder);
  const size = Math.min(BATCH_SIZE, database.pageRows);
  const rows = paged(
    "",
    (after) => database.call<{ video_id: string; bytes: unknown }>("embeddings_after", { identity, after, size }),
    (row) => row.video_id,
  );
  for await (const row of rows) {
    yield { videoId: row.video_id, values: parseVector(toBytes(row.bytes), encoder.dimensions) };
  }
}

/** See `Store.missingEmbeddings`. */
export async function* missingEmbeddings(
  database: Database,
  encoder: EncoderIdentity,
  scope: EmbeddingScope,
): AsyncGenerator<Unembedded> {
  const asked = { identity: await identityId(database, encoder), rated: scope === "rated" };
  const rows = paged(
    "",
    (after) => database.call<MissingRow>("missing_embeddings_after", { ...asked, after, size: database.pageRows }),
    (row) => row.video_id,
  );
  for await (const row of rows) yield toUnembedded(row);
}

/** See `Store.missingEmbeddingsAmong`. */
export async function missingEmbeddingsAmong(
  database: Database,
  encoder: EncoderIdentity,
  videoIds: readonly string[],
): Promise<Unembedded[]> {
  const asked = { identity: await identityId(database, encoder), ids: videoIds };
  const rows = await database.call<MissingRow>("missing_embeddings_among", asked);
  return rows.map(toUnembedded);
}

/** See `Store.countMissingEmbeddings`. */
export async function countMissingEmbeddings(
  database: Database,
  encoder: EncoderIdentity,
  scope: EmbeddingScope,
): Promise<number> {
  const asked = { identity: await identityId(database, encoder), rated: scope === "rated" };
  const [row] = await database.call<{ missing: number }>("count_missing_embeddings", asked);
  return row?.missing ?? 0;
}

const toUnembedded = (row: MissingRow): Unembedded => ({
  videoId: row.video_id,
  title: row.title,
  picture: toPicture(row),
});

async function identityId(database: Database, encoder: EncoderIdentity): Promise<number> {
  const [row] = await database.call<{ identity_id: number }>("identity_of", { identity: { ...encoder } });
  if (row === undefined) throw new Error("identity_of returned no row");
  return row.identity_id;
}

async function saveBatch(database: Database, identity: number, batch: Embedding[]): Promise<void> {
  try {
    // Vectors with `content` are stored only if their video is unchanged; there are few, so COPY would not help.
    const conditional = batch.some(({ content }) => content !== undefined);
    await (database.bulk === undefined || conditional
      ? database.call("save_embeddings", { identity, batch: batch.map(toTextRow) })
      : copyBatch(database.bulk, identity, batch));
  } catch (thrown) {
    if (!(thrown instanceof StatementFailed && thrown.sqlState === FOREIGN_KEY_VIOLATION)) throw thrown;
    const ids = batch.map(({ videoId }) => videoId);
    const [unknown] = await database.call<{ video_id: string }>("unknown_videos", { ids });
    throw new EmbeddingRefused(unknown?.video_id ?? ids.join(" or "), "the store has no such video");
  }
}

const toTextRow = ({ videoId, values, content }: Embedding) => ({
  video_id: videoId,
  vector: `{${values.join()}}`,
  content: content ?? null,
});

async function copyBatch(bulk: Bulk, identity: number, batch: Embedding[]): Promise<void> {
  const rows = batch.map(({ videoId, values }) => binaryRow(videoId, values));
  const load = { columns: "video_id text, embedding real[]", format: "binary" } as const;
  const all = { ...load, rows: () => [Buffer.concat([BINARY_HEAD, ...rows, BINARY_TAIL])] };
  await bulk.load(all, "select save_staged_embeddings($1)", [identity]);
}

function refuseWrong({ videoId, values }: Embedding, { dimensions }: EncoderIdentity): void {
  if (values.length !== dimensions) {
    throw new EmbeddingRefused(videoId, `it has ${values.length} values, its identity ${dimensions}`);
  }
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new EmbeddingRefused(videoId, `value ${wrong} is ${values[wrong]}`);
}

/**
 * Decodes `vector_send` (int16 dimensions, int16 0, then big-endian float32s) or `array_send` of one dimension (20
 * bytes of header, then an int32 length before each float32).
 */
function parseVector(bytes: Uint8Array, dimensions: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [start, stride] = bytes.byteLength === 4 + 4 * dimensions ? [4, 4] : [24, 8];
  return Float32Array.from({ length: dimensions }, (_, index) => view.getFloat32(start + stride * index));
}
