import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ranking } from "../../clients/typescript/client";
import { textOf } from "../house/files";
import { hasJupyter, needed, program } from "../kernel/notebook";
import { picture, type Running, startTestService } from "./running";

const hasCurl = ["/usr/bin/curl", "/bin/curl"].some(existsSync);

/** Code of a section of docs/INTEGRATION.md in a language, with the address of the test's service. */
function codeIn(section: string, language: string): string[] {
  const [, text = ""] = textOf("docs/INTEGRATION.md").split(`\n## ${section}\n`);
  const [own = ""] = text.split("\n## ");
  const blocks = own.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "gm"));
  return [...blocks].map(([, code = ""]) => code.replaceAll("http://127.0.0.1:8080", service.address));
}

let service: Running;
let folder: string;

beforeAll(async () => {
  service = await startTestService();
  folder = await mkdtemp(join(tmpdir(), "integration-"));
  for (const [number, name] of ["a.jpg", "b.jpg", "c.jpg"].entries())
    await writeFile(join(folder, name), await picture(number));
});
afterAll(async () => {
  await service.end();
  await rm(folder, { recursive: true });
});

test.skipIf(!hasCurl)(`the documentation's curl commands rank${hasCurl ? "" : " (needs curl)"}`, async () => {
  const answers: Ranking[] = [];
  for (const command of codeIn("curl", "bash")) {
    const { stdout } = await promisify(execFile)("bash", ["-euc", command], { cwd: folder });
    answers.push(JSON.parse(stdout) as Ranking);
  }
  const rows = answers.map(({ ranking }) => ranking.map(({ index, titleIndex }) => `${index} ${titleIndex}`).sort());
  expect(rows).toEqual([
    ["0 0", "0 1", "1 0", "1 1", "2 0", "2 1"],
    ["0 0", "1 0"],
  ]);
});

test.skipIf(!hasJupyter)(`the documentation's Python ranks over HTTP${needed}`, async () => {
  const [code = ""] = codeIn("Python", "python");
  const { stdout } = await promisify(execFile)(program("python"), ["-c", code], { cwd: folder });
  expect(stdout).toMatch(/^(take the first|cannot tell) [abc]\.jpg\n$/);
});
