import { Command } from "commander";
import { pathsOf } from "../config";
import { answer, type CommonFlags, common } from "./context";

export function doctorCommand(): Command {
  return common(
    new Command("doctor")
      .description("show what is here and what is missing, and what to do about each finding")
      .option("--model-dir <folder>", "folder with encoders in the hub's layout"),
  ).action(async (flags: CommonFlags & { modelDir?: string }) => {
    const { diagnoseSetup, doctorText } = await import("./doctor");
    const { modelDir } = flags;
    const findings = await diagnoseSetup({
      paths: pathsOf(flags.dataDir),
      ...(modelDir === undefined ? {} : { modelDir }),
    });
    answer(flags, findings, doctorText(findings));
    if (findings.some(({ state }) => state === "problem")) process.exitCode = 1;
  });
}
