import { z } from "zod";
import { resolvePaths } from "../config";
import { defineCommand } from "./command";
import { answer, CommonSettings } from "./context";
import { ModelFolder } from "./fields";

const DoctorSettings = z.strictObject({ modelDir: ModelFolder }).meta({ title: "Checks" });

export const doctorCommand = defineCommand({
  name: "doctor",
  group: "Start",
  summary: "show what is here and what is missing, and what to do about each finding",
  settings: { doctor: DoctorSettings, common: CommonSettings },
  examples: [""],
  async run({ doctor: { modelDir }, common }) {
    const { diagnoseSetup, doctorText } = await import("./doctor");
    const findings = await diagnoseSetup({
      paths: resolvePaths(common.dataDir),
      ...(modelDir === undefined ? {} : { modelDir }),
    });
    answer(common, findings, doctorText(findings));
    if (findings.some(({ state }) => state === "problem")) process.exitCode = 1;
  },
});
