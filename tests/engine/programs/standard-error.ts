import { writeSync } from "node:fs";
import { filterStandardError } from "../../../lib/engine/native/standard-error";

/** Writes to file descriptor 2 as native code does: before, in and after work that is filtered and, where asked, fails. */
function main(ending: string): void {
  writeSync(2, "before\n");
  try {
    const result = filterStandardError(
      (line) => !line.startsWith("chatter"),
      () => {
        writeSync(2, "chatter 1\na real error\nchatter 2\n");
        if (ending === "fail") throw new Error("the work failed");
        return "done";
      },
    );
    process.stdout.write(result);
  } catch (thrown) {
    process.stdout.write((thrown as Error).message);
  }
  writeSync(2, "after\n");
}

main(process.argv[2] ?? "");
