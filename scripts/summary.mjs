/**
 * Adds the checks to the tests.
 * @param checked { passed, failed } of the checks
 * @param tests what the reporter wrote; undefined where Vitest ended before it could
 * @param code Vitest's exit code: not 0 also for what belongs to no test, which then counts as one failure
 */
export function countTests(checked, tests, code) {
  const { passed = 0, failed = 0, skipped = [] } = tests ?? {};
  const elsewhere = code !== 0 && failed === 0 ? 1 : 0;
  return {
    passed: checked.passed + passed,
    failed: checked.failed + failed + elsewhere,
    skipped: skipped.length,
    skippedNames: skipped,
  };
}

/** The plain last line of `npm test`. */
export const lineOf = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;
