import { lineThrough } from "../long/line";
import { conclude } from "../long/verdict";
import { load } from "./load";
import { benchPictures } from "./pictures";
import { serve } from "./served";

const CONNECTIONS = 8;
/** Samples of the memory, spread evenly over the requests. */
const SAMPLES = 100;
const WARM_UP = 0.2;
/** MB per 10,000 requests. */
const ALLOWED_MB = 2;

/** Sends requests with new pictures, and judges whether the service's resident memory grows. @param file for `--json` */
export async function judgeMemory(requests: number, file: string | undefined): Promise<void> {
  const pictures = await benchPictures(undefined, 320, 180);
  const service = await serve({ threads: 2, queueLimit: 10_000, deadlineMs: 600_000, cacheEntries: 500 });
  const samples: { requests: number; mb: number }[] = [];
  const between = Math.ceil(requests / SAMPLES);
  let answered = 0;
  const onAnswer = () => {
    answered++;
    if (answered % between !== 0) return;
    const at = answered;
    void service.memoryMb().then(({ now }) => samples.push({ requests: at, mb: now }));
  };
  try {
    const result = await load(service, { pictures, connections: CONNECTIONS, requests, firstNumber: 0, onAnswer });
    const kept = samples.filter((sample) => sample.requests > WARM_UP * requests);
    const growth = lineThrough(
      kept.map((sample) => sample.requests / 1e4),
      kept.map(({ mb }) => mb),
    );
    const grows = growth.slope - 3 * growth.error > ALLOWED_MB;
    const first = kept[0]?.mb ?? 0;
    const last = kept.at(-1)?.mb ?? 0;
    console.log(
      `${requests} requests at ${result.requestsPerSecond.toFixed(0)}/s: ${first.toFixed(0)} MB after the warm-up, ${last.toFixed(0)} MB at the end, ${growth.slope.toFixed(2)} ± ${growth.error.toFixed(2)} MB per 10,000 requests`,
    );
    const failures = [
      ...(result.failed > 0 ? [`${result.failed} requests failed: ${JSON.stringify(result.failures)}`] : []),
      ...(grows ? [`memory grows by ${growth.slope.toFixed(2)} MB per 10,000 requests`] : []),
    ];
    await conclude(
      { check: "serve memory", settings: { requests }, facts: { growth, samples, result }, failures },
      file,
    );
  } finally {
    await service.end();
  }
}
