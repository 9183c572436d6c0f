// export.ts MODELS TIMES: exports a model, again and again, after saying so on stdout.
import { exportModel } from "../../../lib/deployment";
import { trainedModel } from "../trained";

async function main(): Promise<void> {
  const trained = await trainedModel();
  process.stdout.write("exporting\n");
  const [models = "", times] = process.argv.slice(2);
  for (let time = 0; time < Number(times); time++) await exportModel(models, trained);
}

main().catch((error: { code?: string }) => {
  process.stderr.write(`${error.code}: ${error}\n`);
  process.exitCode = 1;
});
