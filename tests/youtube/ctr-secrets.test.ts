import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Outcome, run, start } from "../cli/thumbrank";
import { type GoogleStandIn, startGoogle } from "../google/start";
import { newHome, trustStandIns } from "./collecting";
import { ownerEnvironment, secretsOfStandIn, visit } from "./owner";

let google: GoogleStandIn;
let owned: { home: string; remove: () => Promise<void> };
let environment: Record<string, string>;
beforeAll(async () => {
  google = await startGoogle({ world: { channels: 1, videosPerChannel: 20 }, now: "2026-10-01T12:00:00Z" });
  trustStandIns();
  owned = await newHome();
  const trusted = { NODE_EXTRA_CA_CERTS: google.caFile, NODE_TLS_REJECT_UNAUTHORIZED: "1" };
  environment = { ...ownerEnvironment(owned.home, google.rootUrl), THUMBRANK_HOME: owned.home, ...trusted };
});
afterAll(async () => {
  await google.stop();
  await owned.remove();
});

/** Connects as a person does who reads the address off the screen. */
async function connect(more: Record<string, string> = {}): Promise<Outcome> {
  const { child, outcome } = start(["ctr", "connect", "--no-browser"], { ...environment, ...more });
  let screen = "";
  const answered = new Promise<void>((resolve) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      screen += chunk;
      const address = /^https:\S+$/m.exec(screen)?.[0];
      if (address === undefined || !screen.endsWith("\n")) return;
      child.stderr?.removeAllListeners("data");
      void visit(address).then(() => resolve());
    });
  });
  await Promise.race([answered, outcome]);
  return { ...(await outcome), stderr: screen };
}

test("no secret is on a screen, in an error, in the store or in any file but the one for it", async () => {
  const outcomes = [await connect({ GOOGLE_CLIENT_SECRET: "planted-wrong-secret" }), await connect()];
  expect(outcomes.map(({ code }) => code)).toEqual([1, 0]);
  outcomes.push(await run(["ctr", "sync"], environment));
  await google.advance(4 * 86_400_000);
  outcomes.push(await run(["ctr", "sync", "--json"], environment), await run(["ctr", "status"], environment));
  await google.revokeAll();
  await google.advance(86_400_000);
  outcomes.push(
    await run(["ctr", "sync"], environment),
    await run(["ctr", "disconnect", "--delete-data"], environment),
  );
  expect(outcomes.map(({ code }) => code)).toEqual([1, 0, 0, 0, 0, 1, 0]);
  expect(outcomes[2]?.stdout).toContain("the first arrive about two days");
  expect(JSON.parse(outcomes[3]?.stdout ?? "")).toMatchObject({ coverage: { firstDay: "2026-09-01" } });
  expect(outcomes[4]?.stdout).toMatch(/^connected since/);
  expect(outcomes[5]?.stderr).toContain("CTR_AUTHORISATION_ENDED");
  expect(outcomes[6]?.stdout).toContain("The permission had already ended");

  const secrets = [...secretsOfStandIn(), "planted-wrong-secret"];
  const screens = outcomes.map(({ stdout, stderr }) => stdout + stderr).join("\n");
  expect(secrets.filter((secret) => screens.includes(secret))).toEqual([]);
  const files = (await readdir(owned.home, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
  expect(files.length).toBeGreaterThan(100);
  for (const file of files) {
    const bytes = await readFile(join(file.parentPath, file.name));
    expect(secrets.filter((secret) => bytes.includes(secret))).toEqual([]);
  }
}, 120_000);
