import { batches, paged } from "./batches";
import type { SqlConnection } from "./connection";
import { EmbeddingRefused, StatementFailed } from "./errors";
import { pictureOf, type VideoRow } from "./rows";
import type { Embedding, EmbeddingScope, Unembedded } from "./store";
import type { EncoderIdentity } from "./types";

const BATCH_SIZE = 500;
const FOREIGN_KEY_VIOLATION = "23503";

type MissingRow = Pick<VideoRow, "video_id" | "title" | "picture_sha256" | "picture_format">;

/** See `Store.saveEmbeddings`. */
export async function saveEmbeddings(
  connection: SqlConnection,
  identity: EncoderIdentity,
  embeddings: Iterable<Embedding> | AsyncIterable<Embedding>,
): Promise<void> {
  const id = await identityId(connection, identity);
  for await (const batch of batches(embeddings, BATCH_SIZE, (embedding) => embedding.videoId)) {
    for (const embedding of batch) refuseWrong(embedding, identity);
    await saveBatch(connection, id, batch);
  }
}

/** See `Store.embeddings`. */
export async function* readEmbeddings(connection: SqlConnection, identity: EncoderIdentity): AsyncGenerator<Embedding> {
  const id = await identityId(connection, identity);
  const sql = `select video_id, embedding_bytes(embeddings) as bytes from embeddings
    where identity_id = $1 and video_id > $2 order by video_id limit ${BATCH_SIZE}`;
  const rows = paged(
    "",
    (after) => connection.query<{ video_id: string; bytes: Uint8Array }>(sql, [id, after]),
    (row) => row.video_id,
  );
  for await (const row of rows) yield { videoId: row.video_id, values: vectorOf(row.bytes, identity.dimensions) };
}

/** See `Store.missingEmbeddings`. */
export async function* missingEmbeddings(
  connection: SqlConnection,
  identity: EncoderIdentity,
  scope: EmbeddingScope,
): AsyncGenerator<Unembedded> {
  const id = await identityId(connection, identity);
  const sql = `select video_id, title, picture_sha256, picture_format from thumbnails
    where ${lacking(identity, scope)} and video_id > $2 order by video_id limit 5000`;
  const rows = paged(
    "",
    (after) => connection.query<MissingRow>(sql, [id, after]),
    (row) => row.video_id,
  );
  for await (const row of rows) yield { videoId: row.video_id, title: row.title, picture: pictureOf(row) };
}

/** See `Store.countMissingEmbeddings`. */
export async function countMissingEmbeddings(
  connection: SqlConnection,
  identity: EncoderIdentity,
  scope: EmbeddingScope,
): Promise<number> {
  const id = await identityId(connection, identity);
  const sql = `select count(*)::float8 as missing from thumbnails where ${lacking(identity, scope)}`;
  const [row] = await connection.query<{ missing: number }>(sql, [id]);
  return row?.missing ?? 0;
}

/** Condition on thumbnails; $1 is the identity's number. */
function lacking({ kind }: EncoderIdentity, scope: EmbeddingScope): string {
  const embeddable = kind === "image" ? "picture_sha256 is not null" : "true";
  const inScope = scope === "rated" ? "fold is not null" : "true";
  return `${embeddable} and ${inScope} and not exists (select from embeddings
    where identity_id = $1 and embeddings.video_id = thumbnails.video_id)`;
}

async function identityId(connection: SqlConnection, identity: EncoderIdentity): Promise<number> {
  const [row] = await connection.query<{ id: number }>("select identity_of($1::jsonb) as id", [
    JSON.stringify(identity),
  ]);
  if (row === undefined) throw new Error("identity_of returned no row");
  return row.id;
}

async function saveBatch(connection: SqlConnection, id: number, batch: Embedding[]): Promise<void> {
  const ids = batch.map((embedding) => embedding.videoId);
  const texts = batch.map((embedding) => `{${embedding.values.join()}}`);
  try {
    await connection.query(
      `insert into embeddings (identity_id, video_id, embedding)
         select $1, video_id, vector::real[] from unnest($2::text[], $3::text[]) as given (video_id, vector)
         order by video_id
       on conflict (identity_id, video_id) do update set embedding = excluded.embedding`,
      [id, ids, texts],
    );
  } catch (thrown) {
    if (!(thrown instanceof StatementFailed && thrown.sqlState === FOREIGN_KEY_VIOLATION)) throw thrown;
    throw new EmbeddingRefused(await unknownOf(connection, ids), "the store has no such video");
  }
}

async function unknownOf(connection: SqlConnection, ids: string[]): Promise<string> {
  const [row] = await connection.query<{ id: string }>(
    `select id from unnest($1::text[]) as id where not exists (select from thumbnails where video_id = id) limit 1`,
    [ids],
  );
  return row?.id ?? ids.join(" or ");
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
function vectorOf(bytes: Uint8Array, dimensions: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [start, stride] = bytes.byteLength === 4 + 4 * dimensions ? [4, 4] : [24, 8];
  return Float32Array.from({ length: dimensions }, (_, index) => view.getFloat32(start + stride * index));
}
