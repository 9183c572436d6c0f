import { writeFileSync } from "node:fs";

/** A Vitest reporter that counts, for the last line of `npm test`. A file that cannot be loaded is one failure. */
export default class SummaryReporter {
  onTestRunEnd(modules) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state) => tests.filter((test) => test.result().state === state);
    const broken = modules.filter((module) => module.errors().length > 0);
    const summary = {
      passed: inState("passed").length,
      failed: inState("failed").length + broken.length,
      skipped: inState("skipped").map((test) => test.fullName),
    };
    writeFileSync(process.env.THUMBRANK_TEST_SUMMARY, JSON.stringify(summary));
  }
}
