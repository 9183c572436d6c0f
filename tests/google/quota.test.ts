import { expect, test } from "vitest";
import { clientOf, failureOf } from "./client";
import { pacificDay, pacificMidnight } from "./clock";
import { startGoogle } from "./start";

const search = { part: ["id"], type: ["channel"], q: "tech" };

test("searches have a bucket of their own, by project and Pacific day", async () => {
  const google = await startGoogle({
    now: "2026-11-02T07:59:00Z",
    quotas: { search: 2, units: 3 },
    apiKeys: [
      { key: "a", project: "1" },
      { key: "b", project: "1" },
      { key: "c", project: "2" },
    ],
  });
  const [a, b, c] = ["a", "b", "c"].map((key) => clientOf(google, key));
  await a!.search.list(search);
  await b!.search.list(search);
  const spent = await failureOf(a!.search.list(search));
  expect(spent.status).toBe(429);
  expect(spent.body).toMatchObject({
    error: {
      errors: [{ reason: "rateLimitExceeded" }],
      details: [{ metadata: { quota_limit: "defaultSearchListPerDayPerProject" } }],
    },
  });
  await c!.search.list(search);
  await b!.videos.list({ part: ["id"], id: ["x"] });
  await failureOf(a!.videos.list({ part: ["nonsense"], id: ["x"] }));
  await a!.channels.list({ part: ["id"], id: ["x"] });
  const over = await failureOf(a!.channels.list({ part: ["id"], id: ["x"] }));
  expect([over.status, over.body]).toMatchObject([403, { error: { errors: [{ reason: "quotaExceeded" }] } }]);
  await google.advance(60_000);
  await a!.search.list(search);
  await a!.channels.list({ part: ["id"], id: ["x"] });
  const ledger = await google.ledger();
  await google.stop();
  const row = (project: string, day: string, method: string) =>
    ledger.find((one) => one.project === project && one.day === day && one.method === method);
  expect(row("1", "2026-11-01", "search.list")).toMatchObject({ bucket: "search", calls: 3, cost: 2 });
  expect(row("1", "2026-11-01", "videos.list")).toMatchObject({ bucket: "units", calls: 2, cost: 2 });
  expect(row("1", "2026-11-01", "channels.list")).toMatchObject({ calls: 2, cost: 1 });
  expect(row("2", "2026-11-01", "search.list")).toMatchObject({ cost: 1 });
  expect(row("1", "2026-11-02", "channels.list")).toMatchObject({ calls: 1, cost: 1 });
});

test("the day turns at midnight in California, with daylight saving", () => {
  expect(pacificDay(Date.parse("2026-03-08T07:59:59Z"))).toBe("2026-03-07");
  expect(pacificDay(Date.parse("2026-03-08T08:00:00Z"))).toBe("2026-03-08");
  expect(pacificDay(Date.parse("2026-03-09T06:59:59Z"))).toBe("2026-03-08");
  expect(pacificDay(Date.parse("2026-03-09T07:00:00Z"))).toBe("2026-03-09");
  expect(pacificDay(Date.parse("2026-11-01T07:00:00Z"))).toBe("2026-11-01");
  expect(pacificDay(Date.parse("2026-11-02T07:59:59Z"))).toBe("2026-11-01");
  const hours = (day: string, next: string) => (pacificMidnight(next) - pacificMidnight(day)) / 3_600_000;
  expect(hours("2026-03-08", "2026-03-09")).toBe(23);
  expect(hours("2026-11-01", "2026-11-02")).toBe(25);
  expect(hours("2026-07-01", "2026-07-02")).toBe(24);
});
