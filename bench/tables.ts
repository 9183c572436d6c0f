// npm run bench tables [-- --count 3000 --first 0 --json FILE]
// Imports mutated tables (CSV, JSON and Parquet in turn) in a process of its own, which is watched: none may crash it,
// keep it busy for more than 5 s or take more than 1 GB, and what is refused is refused with a code.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { faultsOf, importMutated, summaryOf } from "./tables/watch";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "3000" },
      first: { type: "string", default: "0" },
      json: { type: "string" },
    },
  });
  const first = Number(values.first);
  const outcomes = await importMutated(first, Number(values.count), (done) => {
    if (done % 100 === 0) console.log(`${done} tables`);
  });
  console.log(summaryOf(outcomes));
  const faults = faultsOf(outcomes);
  for (const fault of faults) console.log(JSON.stringify(fault));
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify(outcomes));
  process.exitCode = faults.length > 0 ? 1 : 0;
}

void main();
