// A worker of the counting stage, told by JSON: URL, milliseconds a piece takes, rows that are poison.
import { z } from "zod";
import { openJobs, performer, work } from "../../../lib/jobs";
import { CountingPiece, countRow } from "../counting";
import { rowsOf } from "../rows";

const Order = z.object({
  url: z.string(),
  pieceMs: z.number().default(0),
  poison: z.array(z.number()).default([]),
  concurrency: z.number().default(2),
  exitWhenIdle: z.boolean().default(false),
  graceMs: z.number().default(60_000),
  /** Rows without quota, for so long after the first was met. */
  postponed: z.array(z.number()).default([]),
  postponedMs: z.number().default(0),
});
export type Order = z.input<typeof Order>;

class QuotaSpent extends Error {
  constructor(readonly until: Date) {
    super("no quota");
  }
}

async function main(order: z.output<typeof Order>): Promise<void> {
  const { url, pieceMs, poison, concurrency, exitWhenIdle, postponed, postponedMs } = order;
  let postponedUntil: Date | undefined;
  const jobs = await openJobs(url, { role: "worker", watchSeconds: 1 });
  const counting = performer({
    queue: "videos",
    schema: CountingPiece,
    async perform({ row }) {
      await rowsOf(url, "insert into tried (row, pid) values ($1, $2)", [row, process.pid]);
      if (poison.includes(row)) throw new Error(`row ${row} cannot be counted at ${url} with key=abcdef`);
      if (postponed.includes(row)) {
        postponedUntil ??= new Date(Date.now() + postponedMs);
        if (postponedUntil.getTime() > Date.now()) throw new QuotaSpent(postponedUntil);
      }
      await new Promise((resolve) => setTimeout(resolve, pieceMs));
      return countRow(url, row);
    },
    verdictOf: (thrown) => (thrown instanceof QuotaSpent ? { postponedUntil: thrown.until } : "retry"),
  });
  const stop = new AbortController();
  const abandon = new AbortController();
  process.once("SIGTERM", () => {
    stop.abort();
    setTimeout(() => abandon.abort(), order.graceMs).unref();
  });
  const signals = { stop: stop.signal, abandon: abandon.signal };
  process.stdout.write("ready\n");
  for await (const fact of work(jobs, [counting], { concurrency, exitWhenIdle, pollMs: 100, ...signals })) {
    process.stdout.write(`${JSON.stringify(fact)}\n`);
  }
  await jobs.close();
  process.exit();
}

main(Order.parse(JSON.parse(process.argv[2] ?? "{}"))).catch((thrown: unknown) => {
  console.error(thrown);
  process.exitCode = 1;
});
