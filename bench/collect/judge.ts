import type { Round } from "./rounds";

const MOST_SEARCHES = 100;
const MOST_UNITS = 10_000;
const MOST_BYTES = 700e6;

/** What is not as it must be, a line each. */
export function failuresOf(undisturbed: Round, disturbed: Round, counted: string): string[] {
  const differing = (["searches", "channels", "videos"] as const).filter(
    (name) => undisturbed[name] !== disturbed[name],
  );
  return [
    ...differing.map((name) => `${name} are not those of the undisturbed run`),
    ...[undisturbed, disturbed].flatMap((round, at) => ledgerFailures(round, at === 0 ? "undisturbed" : "disturbed")),
    ...[undisturbed, disturbed]
      .filter(({ peakBytes }) => peakBytes > MOST_BYTES)
      .map(({ peakBytes }) => `${counted}: ${Math.round(peakBytes / 1e6)} MB are more than ${MOST_BYTES / 1e6}`),
  ];
}

function ledgerFailures({ ledger, counted }: Round, name: string): string[] {
  const sumOf = (bucket: string) =>
    ledger.filter((row) => row.bucket === bucket).reduce((sum, { units }) => sum + units, 0);
  const searches = sumOf("search");
  const units = sumOf("units");
  return [
    ...(searches > MOST_SEARCHES ? [`${name}: ${searches} searches are more than a day has`] : []),
    ...(units > MOST_UNITS ? [`${name}: ${units} units are more than a day has`] : []),
    ...(searches < counted.search ? [`${name}: ${counted.search} searches were sent, ${searches} counted`] : []),
    ...(units < counted.units ? [`${name}: ${counted.units} units were sent, ${units} counted`] : []),
  ];
}
