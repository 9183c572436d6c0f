import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { hashSeed } from "../../lib/base/random";
import type { PairOptions } from "../../lib/config";
import type { TrainingPair } from "../../lib/store";

export interface PeerRequest {
  databaseUrl: string;
  options: PairOptions;
  seed: number;
}

export interface PeerResult {
  readSeconds: number;
  loopSeconds: number;
  pairs: number;
  digest: number;
  peakBytes: number;
}

/** Runs the peer once, in a new process. */
export async function askPeer(request: PeerRequest): Promise<PeerResult> {
  const loader = pathToFileURL(require.resolve("tsx")).href;
  const peer = fork(join(__dirname, "peer.ts"), { execArgv: ["--max-old-space-size=12000", "--import", loader] });
  const answered = once(peer, "message");
  const failed = once(peer, "exit").then(([code]: (number | null)[]) => {
    throw new Error(`the peer ended with exit code ${code}`);
  });
  failed.catch(() => {});
  peer.send(request);
  const [result]: PeerResult[] = await Promise.race([answered, failed]);
  if (result === undefined) throw new Error("the peer gave no result");
  return result;
}

/** A number that two equal sets of pairs share, in whatever order. */
export function pairsDigest(pairs: Iterable<Pick<TrainingPair, "winnerId" | "loserId" | "margin">>): number {
  let sum = 0;
  for (const { winnerId, loserId, margin } of pairs) sum = (sum + hashSeed(winnerId, loserId, String(margin))) >>> 0;
  return sum;
}
