import { QueueUnknown } from "./errors";
import { QUEUES, type QueueName } from "./queues";

/** Parses a list of queues such as "embed,thumbnails"; keeps its order and drops duplicates. @throws QueueUnknown */
export function queuesNamed(names: string): QueueName[] {
  const given = names.split(",").map((name) => name.trim());
  return [...new Set(given)].map((name) => {
    const queue = QUEUES.find((known) => known === name);
    if (queue === undefined) throw new QueueUnknown(name);
    return queue;
  });
}
