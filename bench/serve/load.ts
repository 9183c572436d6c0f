import { readFile } from "node:fs/promises";
import autocannon, { type Result } from "autocannon";
import { distinct } from "./pictures";
import type { Served } from "./served";

const BOUNDARY = "----bench";
/** Ticks a second of /proc's clocks, on every Linux that we know. */
const TICKS = 100;
const PER_REQUEST = 2;

/** What a service did under load. */
export interface LoadResult {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Of the service alone, for each picture. */
  cpuMsPerPicture: number;
  /** Of this process, which sends the requests. */
  generatorCpuMsPerPicture: number;
  failed: number;
  /** How many requests had each status other than 200, and how many had no answer. */
  failures: Record<string, number>;
}

export interface LoadOptions {
  pictures: readonly Buffer[];
  connections: number;
  requests: number;
  /** Numbers of distinct pictures start here; without one, the same few pictures are sent again and again. */
  firstNumber?: number;
  /** Called after each answer. */
  onAnswer?(): void;
}

/** Sends rankings of two pictures with a title from so many clients. */
export async function load(service: Served, options: LoadOptions): Promise<LoadResult> {
  const { pictures, connections, requests, firstNumber, onAnswer } = options;
  let number = firstNumber ?? 0;
  const body = () => {
    const pair = Array.from({ length: PER_REQUEST }, () => {
      const jpeg = pictures[number % pictures.length] ?? Buffer.alloc(0);
      return distinct(jpeg, firstNumber === undefined ? number++ % pictures.length : number++);
    });
    return form(pair);
  };
  const cpuBefore = await cpuSeconds(service);
  const generatorBefore = process.cpuUsage();
  const attack = autocannon({
    url: service.address,
    connections,
    amount: requests,
    timeout: 60,
    requests: [
      {
        method: "POST",
        path: "/v1/rank",
        headers: { "content-type": `multipart/form-data; boundary=${BOUNDARY}` },
        setupRequest: (request) => ({ ...request, body: body() }),
      },
    ],
  });
  if (onAnswer !== undefined) attack.on("response", onAnswer);
  const result = await attack;
  const failures = failuresOf(result);
  const generator = process.cpuUsage(generatorBefore);
  const cpu = (await cpuSeconds(service)) - cpuBefore;
  return {
    requestsPerSecond: requests / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMsPerPicture: (1000 * cpu) / (requests * PER_REQUEST),
    generatorCpuMsPerPicture: (generator.user + generator.system) / 1000 / (requests * PER_REQUEST),
    failed: Object.values(failures).reduce((sum, requests) => sum + requests, 0),
    failures,
  };
}

/** @param result `errors` counts timeouts too */
function failuresOf({ statusCodeStats, errors }: Result): Record<string, number> {
  const failures = Object.entries(statusCodeStats)
    .filter(([status]) => status !== "200")
    .map(([status, { count }]) => [`status ${status}`, count] as const);
  return Object.fromEntries(errors > 0 ? [...failures, ["no answer", errors] as const] : failures);
}

function form(pictures: readonly Buffer[]): Buffer {
  const parts = pictures.flatMap((bytes, index) => [
    Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="images"; filename="${index}.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`,
    ),
    bytes,
    Buffer.from("\r\n"),
  ]);
  const title = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="title"\r\n\r\nI built a robot\r\n--${BOUNDARY}--\r\n`;
  return Buffer.concat([...parts, Buffer.from(title)]);
}

/** Processor time of all threads of the service so far; 0 where there is no /proc. */
async function cpuSeconds({ child }: Served): Promise<number> {
  const text = await readFile(`/proc/${child.pid}/stat`, "utf8").catch(() => "");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS;
}
