// npm run bench exits [-- --processes 200 --json FILE]
// Short processes that train and end in many ways, also in the middle of a step: each must end by itself, with its code.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { random } from "../lib/base/random";
import { ENDINGS, type Ending, type Exit, isExpected, tableOf } from "./exits/endings";
import { conclude, count } from "./long/verdict";

/** A process that takes longer hangs, and is killed. */
const PATIENCE_MS = 120_000;
/** Processes end up to so long after they began to train on: some ten steps. */
const LATEST_MS = 40;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { processes: { type: "string", default: "200" }, json: { type: "string" } },
  });
  const processes = count("processes", values.processes);
  const endings = Object.keys(ENDINGS) as Ending[];
  const delays = random("exits");
  const exits: Exit[] = [];
  for (let at = 0; at < processes; at++) {
    const exit = await endOf(endings[at % endings.length] as Ending, delays.uniform() * LATEST_MS);
    exits.push(exit);
    if (!isExpected(exit)) console.log(describe(exit));
  }
  console.log(tableOf(exits).join("\n"));
  const failures = exits.filter((exit) => !isExpected(exit)).map(describe);
  await conclude(
    { check: `${processes} short processes`, settings: { processes }, facts: { exits }, failures },
    values.json,
  );
}

function endOf(ending: Ending, delayMs: number): Promise<Exit> {
  const loader = pathToFileURL(require.resolve("tsx")).href;
  const program = join(__dirname, "exits", "program.ts");
  const child = spawn(process.execPath, ["--import", loader, program, ending, String(delayMs)], {
    stdio: ["ignore", "ignore", "pipe"],
    timeout: PATIENCE_MS,
    killSignal: "SIGKILL",
  });
  let said = "";
  child.stderr.on("data", (piece: Buffer) => {
    said = `${said}${piece}`.slice(-1000);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ ending, code, signal, said: said.trim() }));
  });
}

function describe({ ending, code, signal, said }: Exit): string {
  return `a process that ${ending} ended with ${signal ?? `code ${code}`}, not code ${ENDINGS[ending]}: ${said.split("\n").slice(-3).join(" | ")}`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
