import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { diagnoseSetup, doctorText, type Finding } from "../../lib/cli/doctor";
import { encoderFindings } from "../../lib/cli/doctor/encoders";
import { keyFindings } from "../../lib/cli/doctor/keys";
import { diskFinding, memoryFinding, nodeFinding } from "../../lib/cli/doctor/machine";
import { pythonFinding } from "../../lib/cli/doctor/python";
import { storeFindings } from "../../lib/cli/doctor/store";
import { resolvePaths } from "../../lib/config";
import { openStore } from "../../lib/store";
import { pacificDay } from "../../lib/youtube";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "thumbrank-doctor-"));
});
afterAll(() => rmSync(home, { recursive: true }));

test("every subject is reported once, an engine computes, and nothing is made on the way", async () => {
  const paths = resolvePaths(join(home, "untouched"));
  const findings = await diagnoseSetup({ paths, environment: { THUMBRANK_TF: "off" } });
  const subjects = findings.map(({ subject }) => subject);
  expect(subjects).toEqual([...new Set(subjects)]);
  expect(subjects).toEqual(
    expect.arrayContaining([
      "Node",
      "machine",
      "disk",
      "engine",
      "precision",
      "fallback",
      "tfjs-node",
      "store",
      "Python",
    ]),
  );
  expect(findings.find(({ subject }) => subject === "fallback")).toMatchObject({
    state: "ok",
    value: expect.stringContaining("wasm"),
  });
  expect(findings.find(({ subject }) => subject === "store")).toMatchObject({ state: "note" });
  await expect(diskFinding(paths.home)).resolves.toMatchObject({ state: "ok" });
});

test("a store's ledger says what the day's quota stands at", async () => {
  const paths = resolvePaths(join(home, "collected"));
  const store = await openStore({ paths });
  const spending = { day: pacificDay(new Date()), bucket: "units", method: "videos.list", units: 250 } as const;
  await store.spendQuota({ ...spending, limit: 10_000 });
  await store.close();
  const findings = await storeFindings(paths, {});
  expect(findings.map(({ subject }) => subject)).toEqual(["store", "YouTube's quota"]);
  expect(findings[1]?.value).toBe(
    "left today: 100 of 100 searches, 9750 of 10000 units, 10000 of 10000 calls of videos.batchGetStats",
  );
});

test("a key is reported by name, its value never", () => {
  const findings = keyFindings({
    YOUTUBE_API_KEY: "sesame",
    WANDB_API_KEY: "sesame",
    DATABASE_URL: "postgres://u:sesame@h",
  });
  expect(findings.filter(({ state }) => state === "ok").map(({ subject }) => subject)).toEqual([
    "YOUTUBE_API_KEY",
    "DATABASE_URL",
    "WANDB_API_KEY",
  ]);
  expect(JSON.stringify(findings)).not.toContain("sesame");
});

test("every problem says what to do, and the text lists it", async () => {
  const findings: Finding[] = [
    await diskFinding(home, Number.MAX_SAFE_INTEGER),
    await pythonFinding({}, join(home, "no-python")),
    ...encoderFindings(join(home, "no-models")),
    nodeFinding("20.1.0"),
    memoryFinding(1e9),
  ];
  const wrong = findings.filter(({ state }) => state !== "ok");
  expect(wrong).toHaveLength(5);
  for (const { next = "" } of wrong) {
    expect(next).not.toBe("");
    expect(doctorText(findings)).toContain(next);
  }
});

test("conda's environment is looked at where it is active; a Python that fails is a problem", async () => {
  const conda = join(home, "conda");
  mkdirSync(join(conda, "bin"), { recursive: true });
  writeFileSync(join(conda, "bin", "python"), "#!/bin/sh\necho No package jupyterlab >&2\nexit 1\n", { mode: 0o755 });
  const finding = await pythonFinding({ CONDA_DEFAULT_ENV: "thumbrank", CONDA_PREFIX: conda });
  expect(finding).toMatchObject({ state: "problem", value: expect.stringContaining("No package jupyterlab") });
});

test("nothing to do is said in so many words", () => {
  expect(doctorText([nodeFinding("22.1.0")])).toMatch(/Nothing to do\.$/);
});
