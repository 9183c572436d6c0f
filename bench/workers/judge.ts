import { createHash } from "node:crypto";
import { openImageEncoder, openTextEncoder } from "../../lib/embedding";
import { openStore } from "../../lib/store";
import type { GoogleStandIn } from "../../tests/google/start";
import { type Held, heldBy } from "../collect/tables";

/** What a round left: tables, and vectors by SHA-256 and number. */
export interface Left extends Held {
  vectors: string;
  vectorCount: number;
}

/** Reads what a round left. @param since when it began */
export async function leftBy(url: string, since: Date): Promise<Left> {
  const held = await heldBy({ store: "", databaseUrl: url }, since);
  const store = await openStore({ paths: { store: "" }, databaseUrl: url });
  const encoders = [await openImageEncoder("descriptor"), await openTextEncoder("title-hash")];
  const vectors = createHash("sha256");
  let vectorCount = 0;
  for (const { identity } of encoders) {
    for await (const { videoId, values } of store.embeddings(identity)) {
      vectors.update(`${identity.kind} ${videoId}`).update(new Uint8Array(values.buffer));
      vectorCount++;
    }
  }
  await store.close();
  return { ...held, vectors: vectors.digest("hex"), vectorCount };
}

/** What is not as it must be, a line each. */
export function failuresOf(name: string, left: Left, truth: Left, sent: number, limit: number): string[] {
  const same = (["videos", "channels", "searches", "vectors", "vectorCount"] as const).filter(
    (part) => left[part] !== truth[part],
  );
  const units = left.ledger.filter(({ bucket }) => bucket === "units").reduce((sum, row) => sum + row.units, 0);
  return [
    ...same.map((part) => `${name}: ${part} are not those of one process`),
    ...(units > limit ? [`${name}: ${units} units are more than ${limit}`] : []),
    ...(units < sent ? [`${name}: ${sent} units were sent, ${units} counted`] : []),
  ];
}

/** Units that the stand-in counted of a project. */
export async function unitsSent(google: GoogleStandIn, project: string): Promise<number> {
  const rows = (await google.ledger()).filter((row) => row.project === project && row.bucket === "units");
  return rows.reduce((sum, { calls }) => sum + calls, 0);
}
