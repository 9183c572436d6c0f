import { random } from "../../lib/base/random";
import { scene } from "../../tests/thumbnails/make";
import { seedPictures } from "../fuzz-pictures/seeds";
import { serve } from "../serve/served";
import { hostileRequest } from "./requests";
import { type RawAnswer, sendBytes } from "./send";

export interface FuzzServiceOptions {
  count: number;
  seed: string;
  /** Folder of real pictures, where there is one. */
  real?: string | undefined;
}

export interface FuzzServiceReport {
  /** How many requests had each answer, such as "422 RANK_PICTURES_REFUSED". */
  answers: Record<string, number>;
  /** Requests that were answered in another way than with 200 or a coded 4xx. */
  faults: string[];
  /** Whether the service ranked two good pictures at the end. */
  isAlive: boolean;
  /** Files of its home, working and temporary folder that were not there before. */
  written: string[];
  idleMb: number;
  peakMb: number;
}

const AT_ONCE = 8;
const WARM_UP = 100;
const TIMEOUT_MS = 60_000;
/** What no answer may contain: paths and stacks. */
const INTERNAL = /node_modules|\.ts:\d+|\n {4}at /;

/** Sends hostile requests to a service, eight at a time. */
export async function fuzzService({ count, seed, real }: FuzzServiceOptions): Promise<FuzzServiceReport> {
  const seeds = await seedPictures(real);
  const good = await scene(320, 180).jpeg().toBuffer();
  const service = await serve({ cacheEntries: 0 });
  const report: FuzzServiceReport = { answers: {}, faults: [], isAlive: false, written: [], idleMb: 0, peakMb: 0 };
  try {
    await warmUp();
    const before = new Set(await service.files());
    await service.resetPeak();
    report.idleMb = (await service.memoryMb()).now;
    let next = 0;
    const attack = async () => {
      for (let index = next++; index < count; index = next++) await attempt(index);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, attack));
    report.isAlive = await rankGood();
    report.peakMb = (await service.memoryMb()).peak;
    report.written = (await service.files()).filter((path) => !before.has(path));
  } finally {
    await service.end();
  }
  return report;

  async function attempt(index: number): Promise<void> {
    const { kind, bytes } = hostileRequest({ seeds, good, source: random("hostile", seed, index) });
    const name = `${index} (${kind})`;
    try {
      const answer = await sendBytes(service.port, bytes, TIMEOUT_MS);
      const outcome = judge(answer);
      report.answers[outcome] = (report.answers[outcome] ?? 0) + 1;
      // A machine that is busy with something else lets even a service that does nothing say so.
      const isFault = !/^(2\d\d|4\d\d [A-Z_]+|503 SERVICE_BUSY)$/.test(outcome) || INTERNAL.test(answer.body);
      if (isFault) report.faults.push(`${name}: ${outcome} ${answer.body.slice(0, 200)}`);
    } catch (thrown) {
      report.faults.push(`${name}: ${String(thrown)}`);
    }
  }

  async function warmUp(): Promise<void> {
    for (let done = 0; done < WARM_UP; done += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, rankGood));
  }

  async function rankGood(): Promise<boolean> {
    const body = new FormData();
    for (const name of ["a.jpg", "b.jpg"]) body.append("images", new Blob([new Uint8Array(good)]), name);
    const { status } = await fetch(`${service.address}/v1/rank`, { method: "POST", body });
    return status === 200;
  }
}

/** The status, and the code of a problem. */
function judge({ status, type, body }: RawAnswer): string {
  if (status < 400) return String(status);
  if (type !== "application/problem+json") return `${status} ${type || "without a type"}`;
  const code = /"code":"([A-Z_]+)"/.exec(body)?.[1] ?? "without a code";
  return `${status} ${code}`;
}
