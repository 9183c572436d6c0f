import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileSizeBytes, makeFolder } from "../../files";
import { NoAnswer } from "../client";
import { NOTHING_MORE, type ReportingApi } from "./api";
import { CtrAddressForeign } from "./errors";
import type { ListedReport } from "./jobs";
import type { Answered } from "./send";

/**
 * Downloads a report into a file, compressed in transit. It resumes a partial file, even one of a killed process:
 * ranges count bytes of the report itself, not of its compressed form, which differs each time.
 * @returns false if the report no longer exists
 * @throws CtrAddressForeign, and what `ask` throws
 */
export async function downloadReport(api: ReportingApi, report: ListedReport, file: string): Promise<boolean> {
  const url = new URL(report.downloadUrl);
  if (!isOurs(url, api.root)) throw new CtrAddressForeign(report.reportId, url.origin);
  await makeFolder(dirname(file));
  const asked = async () => {
    const have = await fileSizeBytes(file);
    // A range of the compressed form would be useless.
    const headers = { range: `bytes=${have}-`, "accept-encoding": "identity" };
    return { call: "download a report", url, ...(have > 0 ? { headers } : {}) };
  };
  return (await api.ask(asked, (answer) => keep(answer, file))) !== null;
}

/** The token is sent only to the API's own host, or if that is Google's, to any host of googleapis.com. */
function isOurs(url: URL, root: URL): boolean {
  const google = (name: string) => name === "googleapis.com" || name.endsWith(".googleapis.com");
  if (url.origin === root.origin) return true;
  return url.protocol === "https:" && google(url.hostname) && google(root.hostname);
}

async function keep({ status, headers, body }: Answered, file: string): Promise<true> {
  const have = await fileSizeBytes(file);
  const { from, total } = parseContentRange(headers["content-range"]);
  if (status === NOTHING_MORE && total === have) return true;
  const goesOn = status === 206 && from === have && headers["content-encoding"] === undefined;
  if (status !== 200 && !goesOn) {
    await rm(file, { force: true });
    throw new NoAnswer(`status ${status} to a range`);
  }
  if (headers["content-type"]?.startsWith("text/html")) throw new NoAnswer("a page in place of the report");
  await pipeline(body, createWriteStream(file, { flags: goesOn ? "a" : "w" }));
  if (goesOn && (await fileSizeBytes(file)) !== total) throw new NoAnswer("a report that was cut");
  return true;
}

function parseContentRange(header: string | undefined): { from: number | null; total: number | null } {
  const [, from, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+)$/.exec(header ?? "") ?? [];
  return { from: from === undefined ? null : Number(from), total: total === undefined ? null : Number(total) };
}
