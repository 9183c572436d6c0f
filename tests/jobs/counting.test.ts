import { describe, expect, test } from "vitest";
import { finish } from "../../lib/base/progress";
import { deadLetters, type JobMapping, queueCounts, runOnQueue, settled } from "../../lib/jobs";
import { run, succeed } from "../cli/thumbrank";
import { type CountingPiece, countingStage, makeCounting, timesCounted } from "./counting";
import { jobsOf, newDatabase, server, withServer } from "./database";
import { rowsOf } from "./rows";
import { countingWorker, underFire, until } from "./workers";

/** Leases as short as may be, and tries enough for a worker's violent life. */
const SHORT = { leaseSeconds: 2, heartbeatSeconds: 10, retryLimit: 20, retryDelaySeconds: 0, retryDelayMaxSeconds: 1 };
/** For tests in which no worker dies. */
const CALM = { ...SHORT, leaseSeconds: 300, heartbeatSeconds: 60 };
const PLACEMENT: JobMapping<CountingPiece> = {
  queue: "videos",
  pollMs: 100,
  settings: CALM,
  itemsOf: ({ row }) => [String(row)],
  partOf: (piece) => piece,
};
const once = (rows: number) => Array.from({ length: rows }, () => 1);

async function counting(rows: number) {
  const url = await newDatabase();
  await makeCounting(url, rows);
  const jobs = await jobsOf(url);
  return { url, jobs, stage: countingStage(url) };
}

describe.skipIf(server === null)(`counting by workers${withServer}`, () => {
  test("four workers, one of them killed every second, count every row once", { timeout: 400_000 }, async () => {
    const { url, jobs, stage } = await counting(200);
    const job = finish(runOnQueue(jobs, stage, { ...PLACEMENT, settings: SHORT }));
    const worker = () => countingWorker({ url, pieceMs: 100 });
    const { result, killed } = await underFire({ workers: 4, everyMs: 1000, most: 15 }, worker, job);
    expect(result).toBeLessThanOrEqual(200);
    expect(killed).toBeGreaterThan(0);
    expect(await timesCounted(url)).toEqual(once(200));
    // What the killed ones held was done by others.
    expect((await rowsOf(url, "select row from tried")).length).toBeGreaterThan(200);
    expect(await settled(jobs, "videos")).toBe(true);
  });

  test("two coordinators at once make one job of each piece", async () => {
    const { url, jobs, stage } = await counting(100);
    const other = await jobsOf(url);
    const both = [jobs, other].map((each) => finish(runOnQueue(each, stage, PLACEMENT)));
    const worker = countingWorker({ url, exitWhenIdle: true, concurrency: 4, pieceMs: 10 });
    await Promise.all(both);
    expect(await worker.ended).toBe(0);
    expect(await timesCounted(url)).toEqual(once(100));
    const tried = await rowsOf<{ row: number }>(url, "select row from tried");
    expect(tried.map(({ row }) => row).sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
  });

  test("poison ends as a dead letter with its reason and no secret, the rest is done, and it may be sent again", async () => {
    const { url, jobs, stage } = await counting(20);
    const settings = { ...CALM, retryLimit: 2 };
    const worker = countingWorker({ url, poison: [7, 13] });
    const job = finish(runOnQueue(jobs, stage, { ...PLACEMENT, settings }));
    await expect(job).rejects.toMatchObject({ code: "JOBS_FAILED", count: 2, queue: "videos" });
    const letters = await deadLetters(jobs, "videos");
    expect(new Set(letters.map(({ items, tries }) => `${items} in ${tries}`))).toEqual(new Set(["7 in 3", "13 in 3"]));
    const password = decodeURIComponent(new URL(url).password);
    for (const { error } of letters) {
      expect(error).toMatch(/^Error: row (7|13) cannot be counted at postgres:.*key=\*\*\*$/);
      for (const secret of [password, encodeURIComponent(password), "abcdef"]) expect(error).not.toContain(secret);
    }
    expect((await timesCounted(url)).map((times, row) => times === ([7, 13].includes(row) ? 0 : 1))).not.toContain(
      false,
    );
    // Until it is sent again by hand, a further run leaves it alone, and says so.
    await expect(finish(runOnQueue(jobs, stage, PLACEMENT))).rejects.toMatchObject({ code: "JOBS_FAILED" });
    const [tries] = await rowsOf<{ count: number }>(url, "select count(*)::int from tried where row in (7, 13)");
    expect(tries?.count).toBe(6);
    worker.process.kill("SIGTERM");
    await worker.ended;
    countingWorker({ url });
    const shown = await succeed(["jobs"], { DATABASE_URL: url });
    expect(shown).toMatch(/3 tries, .*: Error: row (7|13) cannot be counted/);
    expect(JSON.parse(await succeed(["jobs", "retry", "videos", "--json"], { DATABASE_URL: url }))).toEqual({
      queue: "videos",
      sent: 2,
    });
    await finish(runOnQueue(jobs, stage, PLACEMENT));
    expect(await timesCounted(url)).toEqual(once(20));
  });

  test("a piece without quota waits for its time and has used no try", async () => {
    const { url, jobs, stage } = await counting(10);
    const settings = { ...CALM, retryLimit: 0 };
    const worker = countingWorker({ url, postponed: [3], postponedMs: 6000, concurrency: 1 });
    const job = finish(runOnQueue(jobs, stage, { ...PLACEMENT, settings }));
    await expect(job).rejects.toMatchObject({ code: "JOBS_POSTPONED", exitCode: 75 });
    await until(() => worker.lines.some((line) => line.includes("waits for quota until ")));
    await until(() => settled(jobs, "videos"));
    expect(await timesCounted(url)).toEqual(once(10));
    expect(await queueCounts(jobs, ["videos"])).toMatchObject([{ done: 10, dead: 0, postponed: 0 }]);
  });

  test("asked to stop, a worker finishes what is under way and begins nothing more", async () => {
    const { url, jobs, stage } = await counting(50);
    const worker = countingWorker({ url, pieceMs: 300, concurrency: 3 });
    const job = runOnQueue(jobs, stage, PLACEMENT);
    await job.next();
    await until(async () => (await queueCounts(jobs, ["videos"]))[0]?.active === 3);
    worker.process.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
    const [counts] = await queueCounts(jobs, ["videos"]);
    expect(counts).toMatchObject({ active: 0, retrying: 0, waiting: 50 - (counts?.done ?? 0) });
    const tried = await rowsOf(url, "select row from tried");
    expect(tried.length).toBe(counts?.done);
    await job.return(0);
  });

  test("asked to stop and out of grace, a worker gives back what is under way, with no try used", async () => {
    const { url, jobs, stage } = await counting(2);
    const worker = countingWorker({ url, pieceMs: 600_000, graceMs: 200, concurrency: 2 });
    const job = runOnQueue(jobs, stage, { ...PLACEMENT, settings: { ...CALM, retryLimit: 0 } });
    await job.next();
    await until(async () => (await queueCounts(jobs, ["videos"]))[0]?.active === 2);
    worker.process.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
    expect(await queueCounts(jobs, ["videos"])).toMatchObject([{ waiting: 2, active: 0, retrying: 0 }]);
    countingWorker({ url });
    expect(await finish(job)).toBe(2);
    expect(await timesCounted(url)).toEqual(once(2));
  });

  test("what waits in a queue can be forgotten, and enqueued again", async () => {
    const { url, jobs, stage } = await counting(5);
    const job = runOnQueue(jobs, stage, PLACEMENT);
    await job.next();
    await job.return(0);
    const cleared = JSON.parse(await succeed(["jobs", "clear", "videos", "--json"], { DATABASE_URL: url }));
    expect(cleared).toEqual({ queue: "videos", forgotten: 5 });
    countingWorker({ url });
    expect(await finish(runOnQueue(jobs, stage, PLACEMENT))).toBe(5);
  });
});

test("without a database to share, a worker says so and names the commands that need none", async () => {
  const { code, stderr } = await run(["worker", "--queue", "embed"]);
  expect([code, stderr.split(":")[0]]).toEqual([1, "JOBS_DATABASE_MISSING"]);
  expect(stderr).toContain("`thumbrank collect`, then `thumbrank embed`");
});
