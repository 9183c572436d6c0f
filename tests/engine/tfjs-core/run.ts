import "./one-core";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { boot, type SpecResult } from "jasmine-core";
import { findLibrary } from "../../../lib/engine";
import { RECORDER } from "../../../lib/engine/recorder";
import { TensorFlowEngine } from "../../../lib/engine/tensorflow";
import { noteKernels } from "./called";
import { computeWhenRead, renew } from "./lazy-backend";
import { CORE } from "./one-core";
import type { Outcome } from "./outcome";
import { loadSpecs } from "./specs";

const TEST_ENVIRONMENT = { name: "tensorflow", backendName: RECORDER, isDataSync: true };

/** Runs tfjs-core's own tests on the backend that records; writes their outcomes to a file. */
async function main(file: string, only?: string): Promise<void> {
  const jasmine = boot();
  const settings = { intraOpThreads: 1, interOpThreads: 1, precision: "float32", xla: false } as const;
  new TensorFlowEngine(findLibrary(), settings, { onTrace: () => {}, checkNumerics: false }).dispose(); // registers the backend
  computeWhenRead();
  const kernels = noteKernels();
  require(join(CORE, "jasmine_util.js")).setTestEnvs([TEST_ENVIRONMENT]);
  Error.stackTraceLimit = 10;
  loadSpecs(only);
  const outcomes: Outcome[] = [];
  const specStarted = () => {
    renew();
    kernels.begin();
  };
  const specDone = (result: SpecResult) => {
    const { kernels: called, unmapped } = kernels.called;
    outcomes.push({
      name: result.fullName.replaceAll(` ${TEST_ENVIRONMENT.name} {}`, ""),
      status: result.status,
      messages: result.failedExpectations.map(({ message }) => message.slice(0, 500)),
      kernels: [...called],
      unmapped: [...unmapped],
    });
  };
  const environment = jasmine.getEnv();
  environment.configure({ random: false });
  environment.addReporter({ specStarted, specDone });
  await environment.execute();
  writeFileSync(file, JSON.stringify(outcomes));
  process.exit(0);
}

void main(process.argv[2] as string, process.argv[3]);
