import { z } from "zod";
import { ThumbrankError } from "../base";
import { resolvePaths } from "../config";
import type { RunComparison } from "../evaluation";
import { defineCommand } from "./command";
import { answer, CommonSettings, say } from "./context";
import { differenceText, estimateText } from "./estimate-text";
import { Path } from "./fields";
import { assertRun } from "./run-files";
import { table } from "./table";
import { textPlot } from "./text-plot";

/** More would have neither a colour nor a column of their own. */
const MOST_RUNS = 12;

const SPLITS = ["channel", "time"] as const;

const CompareSettings = z
  .strictObject({
    html: Path.optional().meta({
      placeholder: "file",
      description: "also write the comparison as a page, with the curves over each other",
    }),
    unpaired: z.boolean().default(false).meta({
      description: "compare runs that were evaluated on different pairs too, each resampled by itself",
    }),
  })
  .meta({ title: "Comparison" });

/** Fewer than two runs to compare, more than fit, or one of them twice. */
export class RunsToCompareInvalid extends ThumbrankError {
  constructor(names: readonly string[]) {
    super("RUNS_TO_COMPARE", {
      what: `these cannot be compared: ${names.join(", ")}`,
      next: `name 2 to ${MOST_RUNS} different runs; \`thumbrank runs list\` shows them`,
    });
  }
}

export const compareCommand = defineCommand({
  name: "compare",
  summary:
    "compare runs with the first named: settings that differ, curves over each other, differences with intervals",
  operands: [{ name: "<run...>", description: `2 to ${MOST_RUNS} names of runs` }],
  settings: { comparison: CompareSettings, common: CommonSettings },
  examples: ["first second", "first second third --html comparison.html"],
  notes:
    "Differences are there for runs that were evaluated (`thumbrank evaluate --run NAME`). They come from a paired bootstrap: each resample draws whole channels, the same for both runs, so that hard channels cancel. An interval that contains 0 means that the runs cannot be told apart. Choose between runs by their validation AUC: a run that was chosen because it is the best on unseen channels looks better there than it is.",
  async run({ comparison: chosen, common }, names) {
    if (names.length < 2 || names.length > MOST_RUNS || new Set(names).size < names.length)
      throw new RunsToCompareInvalid(names);
    for (const run of names) await assertRun({ ...common, run });
    const { compareRuns, writeComparison } = await import("../evaluation");
    const comparison = await compareRuns(resolvePaths(common.dataDir), names, { allowUnpaired: chosen.unpaired });
    if (chosen.html !== undefined) {
      await writeComparison(comparison, chosen.html);
      say(`page: ${chosen.html}`);
    }
    answer(common, comparison, await comparisonText(comparison));
  },
});

async function comparisonText(comparison: RunComparison): Promise<string> {
  const { runs, settings } = comparison;
  const names = runs.map(({ name }) => name);
  const differing = settings.map(({ name, values }) => [name, ...values.map((value) => String(value ?? "-"))]);
  const curves = textPlot(
    "validation AUC by epoch",
    runs.map(({ name, history }) => ({ name, points: history.map(({ epoch, valAuc }) => ({ x: epoch, y: valAuc })) })),
  );
  return [
    ...(differing.length === 0
      ? ["no setting differs, and the data are the same"]
      : [table(["differs", ...names], differing)]),
    "",
    ...(curves.length === 0 ? [] : [...curves, ""]),
    table(["figure", ...names], await figureRows(comparison)),
    "",
    ...(await differenceLines(comparison)),
  ].join("\n");
}

async function figureRows({ runs }: RunComparison): Promise<string[][]> {
  const { COMPARED_FIGURES, SPLIT_TITLES } = await import("../evaluation");
  const { validationAuc } = await import("../runs");
  const rows = SPLITS.flatMap((split) => [
    [`${SPLIT_TITLES[split]}:`],
    ...COMPARED_FIGURES.map(({ name, label }) => [
      `  ${label}`,
      ...runs.map(({ evaluation }) => estimateText(evaluation?.[split][name])),
    ]),
  ]);
  const isEvaluated = runs.some(({ evaluation }) => evaluation !== null);
  const validation = ["Validation AUC", ...runs.map((run) => validationAuc(run)?.toFixed(3) ?? "-")];
  return [validation, ...(isEvaluated ? rows : [])];
}

async function differenceLines({ runs, resamples }: RunComparison): Promise<string[]> {
  const { SPLIT_TITLES, verdictOnDifference } = await import("../evaluation");
  const first = runs[0]?.name ?? "";
  const lines = runs.flatMap(({ name, minusFirst }) => {
    if (minusFirst === null) return [];
    return SPLITS.flatMap((split) => {
      const { pairwiseAuc, pairwiseAucByChannel, agreement, isPaired, warning } = minusFirst[split];
      const verdict = `${verdictOnDifference(pairwiseAuc, name, first)}${isPaired ? "" : " (not paired)"}`;
      const agreed = agreement === null ? "" : `; agreement of the orders ρ=${agreement.value.toFixed(3)}`;
      return [
        `${name} minus ${first}, ${SPLIT_TITLES[split].toLowerCase()}: ${verdict}`,
        `  AUC ${differenceText(pairwiseAuc)}; each channel the same ${differenceText(pairwiseAucByChannel)}${agreed}`,
        ...(warning === "" ? [] : [`  ${warning}`]),
      ];
    });
  });
  const unevaluated = runs.filter(({ evaluation }) => evaluation === null).map(({ name }) => name);
  const advice = unevaluated.map((name) => `not evaluated: ${name}; \`thumbrank evaluate --run ${name}\` first`);
  if (lines.length === 0) return advice;
  const isPaired = runs.every(({ minusFirst }) => minusFirst === null || minusFirst.channel.isPaired);
  const drawing = isPaired
    ? `In brackets: 95 % intervals of a paired bootstrap, ${resamples} resamples of whole channels.`
    : `In brackets: 95 % intervals; the pairs differ, so each run was resampled by itself, ${resamples} times.`;
  return [
    ...lines,
    ...advice,
    drawing,
    "Two seeds of the same settings differ too: `train --seeds 0,1,2` shows by how much.",
  ];
}
