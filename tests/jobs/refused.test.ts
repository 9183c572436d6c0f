import { describe, expect, test } from "vitest";
import { openJobs } from "../../lib/jobs";
import { run } from "../cli/thumbrank";
import { newDatabase, server, withServer } from "./database";

describe.skipIf(server === null)(`queues that cannot be opened${withServer}`, () => {
  test("a wrong password and a missing database are told from a server that is out of reach", async () => {
    const url = await newDatabase();
    const opened = (change: Partial<URL>) =>
      openJobs(Object.assign(new URL(url), change).href, { role: "coordinator" }).then(
        () => "opened",
        (thrown: unknown) => thrown,
      );
    expect(await opened({ password: "hunter2wrong" })).toMatchObject({ code: "STORE_ACCESS_DENIED" });
    expect(await opened({ pathname: "/nowhere" })).toMatchObject({ code: "STORE_ACCESS_DENIED" });
    expect(await opened({ port: "1" })).toMatchObject({ code: "STORE_UNREACHABLE" });
    const wrong = Object.assign(new URL(url), { password: "hunter2wrong" }).href;
    const { code, stderr } = await run(["jobs"], { DATABASE_URL: wrong });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^STORE_ACCESS_DENIED: .*password authentication failed/),
    ]);
    expect(stderr).not.toContain("hunter2wrong");
  });

  test("without the password that the server asks for, each command ends and says so", async () => {
    const withoutPassword = Object.assign(new URL(await newDatabase()), { password: "" }).href;
    for (const command of [["store", "status"], ["jobs"]]) {
      const { code, stderr } = await run(command, { DATABASE_URL: withoutPassword, PGPASSWORD: "" });
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^STORE_ACCESS_DENIED: .*it asks for a password/)]);
    }
  });
});
