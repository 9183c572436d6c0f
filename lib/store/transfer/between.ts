import type { Progress } from "../../base";
import { StoreLocationInvalid } from "../errors";
import { openDatabase } from "../open-store";
import { type CopiedTable, copyStore } from "./copy";
import { parseLocation } from "./location";

/** Opens two stores (named as in `parseLocation`), copies one into the other with `copyStore`, and closes both. */
export async function* copyBetween(from: string, to: string): AsyncGenerator<Progress, CopiedTable[]> {
  const source = parseLocation(from);
  const target = parseLocation(to);
  if (JSON.stringify(source) === JSON.stringify(target)) {
    throw new StoreLocationInvalid("both stores of the copy are the same", "name another store with --from or --to");
  }
  const opened = await openDatabase(source);
  try {
    const other = await openDatabase(target);
    try {
      return yield* copyStore(opened, other);
    } finally {
      await other.close();
    }
  } finally {
    await opened.close();
  }
}
