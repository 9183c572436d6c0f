// Computes hidden states in the folder it is given, a few at a time, and says how far it is.
import { setTimeout } from "node:timers/promises";
import { writePrefix } from "../../lib/embedding";
import { IDENTITY, PICTURES, statesOf } from "./prefix-world";

async function main(embeddings: string): Promise<void> {
  const compute = async (indices: readonly number[]) => {
    await setTimeout(5);
    return statesOf(indices);
  };
  const job = { embeddings, identity: IDENTITY, pictures: PICTURES, compute, batch: 4 };
  for await (const { done } of writePrefix(job)) console.log(`done ${done}`);
}

main(process.argv[2] ?? "").catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
