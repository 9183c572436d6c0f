import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WRONG_ADDRESSES } from "../store/wrong-addresses";
import { run } from "./thumbrank";

const PASSWORD = "Geheimnis/@#?%Xyzzy";

let home: string;
let table: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "thumbrank-secrets-"));
  table = join(home, "videos.csv");
  writeFileSync(table, "video_id\n");
});
afterAll(() => rmSync(home, { recursive: true }));

async function expectUnsaid(args: string[], environment: Record<string, string>): Promise<void> {
  const { code, stdout, stderr } = await run(args, environment);
  expect([args, code, `${stdout}${stderr}`]).toEqual([args, 1, expect.stringMatching(/\S/)]);
  for (const part of ["Geheimnis", "Xyzzy"]) expect(`${stdout}${stderr}`).not.toContain(part);
}

test.each(Object.entries(WRONG_ADDRESSES))(
  "store status says nothing of the password in an address %s",
  (_, addressWith) => expectUnsaid(["store", "status", "--data-dir", home], { DATABASE_URL: addressWith(PASSWORD) }),
);

test("nor does any other command that takes the database", async () => {
  const [quoted = PASSWORD, keywords = PASSWORD, slash = PASSWORD] = [
    "in one quote",
    "in keywords",
    "with a slash in the password",
  ].map((form) => WRONG_ADDRESSES[form]?.(PASSWORD));
  const at = ["--data-dir", home];
  await expectUnsaid(["doctor", ...at], { DATABASE_URL: slash, THUMBRANK_TF: "off" });
  await expectUnsaid(["import", table, "--thumbnails", home, ...at], { DATABASE_URL: quoted });
  await expectUnsaid(["store", "migrate"], { DATABASE_URL: keywords });
  await expectUnsaid(["store", "copy", "--from", "postgres:OTHER", "--to", `pglite:${home}`], { OTHER: slash });
  await expectUnsaid(["store", "copy", "--from", `postgres:${slash}`, "--to", `pglite:${home}`], {});
  for (const command of [["jobs"], ["worker"], ["collect", "--queue", "--niche", "cooking"]])
    await expectUnsaid([...command, ...at], { DATABASE_URL: slash, YOUTUBE_API_KEY: "k" });
});

test("nor is an address repeated that stands where none belongs", async () => {
  const address = `postgres://me:${PASSWORD}@127.0.0.1:1/db`;
  for (const args of [
    ["store", "status", "--data-dir", address],
    ["store", "copy", "--from", `${address} x\n`, "--to", address],
    ["store", address],
    ["store", "migrate", `--url=${address}`],
    [address],
  ])
    await expectUnsaid(args, {});
  await expectUnsaid(["store", "migrate"], { DATABASE_URL: "postgres://h/d", THUMBRANK_CONNECTIONS: address });
});
