import { Command } from "commander";
import { collectCommand } from "./cli/collect";
import { ctrCommand } from "./cli/ctr";
import { demoCommand } from "./cli/demo";
import { diagnoseCommand } from "./cli/diagnose";
import { doctorCommand } from "./cli/doctor-command";
import { embedCommand } from "./cli/embed";
import { evaluateCommand } from "./cli/evaluate";
import { exportCommand } from "./cli/export";
import { escapeOutput, reportFailure, reportUncaught } from "./cli/failure";
import { importCommand } from "./cli/import";
import { jobsCommand } from "./cli/jobs";
import { pairsCommand } from "./cli/pairs";
import { purgeCommand } from "./cli/purge";
import { rankCommand } from "./cli/rank";
import { refreshCommand } from "./cli/refresh";
import { sampleCommand } from "./cli/sample";
import { storeCommand } from "./cli/store";
import { trainCommand } from "./cli/train";
import { workerCommand } from "./cli/worker";
import { useProxy } from "./proxy";

const program = new Command("thumbrank")
  .description("Train a YouTube thumbnail ranker: which thumbnail wins?")
  .addHelpText(
    "after",
    "\nThe way through: collect (or import, or sample), pairs, embed, train, evaluate, export, rank.",
  );

for (const command of [
  doctorCommand(),
  sampleCommand(),
  collectCommand(),
  importCommand(),
  pairsCommand(),
  embedCommand(),
  trainCommand(),
  evaluateCommand(),
  diagnoseCommand(),
  exportCommand(),
  rankCommand(),
  ctrCommand(),
  refreshCommand(),
  purgeCommand(),
  demoCommand(),
  storeCommand(),
  workerCommand(),
  jobsCommand(),
]) {
  program.addCommand(command);
}

program.hook("preAction", async (_, command) => {
  await useProxy();
  if (command.opts<{ verbose?: boolean }>().verbose) process.env.TF_CPP_MIN_LOG_LEVEL ??= "0";
});
escapeOutput(program);
reportUncaught();
program.parseAsync().catch(reportFailure);
