import { join } from "node:path";
import { resolvePaths, type SettingValue } from "../config";
import type { EvaluationFigures } from "../evaluation";
import type { RunDescription } from "../runs";
import { defineCommand } from "./command";
import { answer, type CommonFlags, CommonSettings } from "./context";
import { assertRun } from "./run-files";
import { compareCommand } from "./runs-compare";
import { type Cell, table } from "./table";
import { textPlot } from "./text-plot";

const HASH_DIGITS = 8;

const listCommand = defineCommand({
  name: "list",
  summary: "list the runs of a home: state, settings that differ from the defaults, data, epochs and AUCs",
  settings: { common: CommonSettings },
  examples: ["", "--json"],
  notes:
    "A run is finished, running, or stopped (`train --resume latest --run NAME` continues it). Runs with the same data hash were trained on the same videos, vectors and pairs. Choose between runs by their validation AUC; the AUC on unseen channels is there if the run was evaluated, and is no longer honest for a run that was chosen by it.",
  async run({ common }) {
    const { listRuns } = await import("../runs");
    const paths = resolvePaths(common.dataDir);
    const runs: ShownRun[] = [];
    for (const run of await listRuns(paths)) runs.push(await withEvaluation(run, common));
    answer(common, { runs: await Promise.all(runs.map(toJson)) }, await listText(runs));
  },
});

const showCommand = defineCommand({
  name: "show",
  summary: "show a run: settings, versions, data, validation AUC by epoch, and the figures of its evaluation",
  operands: [{ name: "<run>", description: "name of the run, as `runs list` shows it" }],
  settings: { common: CommonSettings },
  examples: ["first", "first --json"],
  async run({ common }, [name = ""]) {
    const { describeRun } = await import("../runs");
    await assertRun({ ...common, run: name });
    const run = await withEvaluation(await describeRun(resolvePaths(common.dataDir), name), common);
    answer(common, { ...(await toJson(run)), history: run.history }, await showText(run));
  },
});

export const runsCommand = defineCommand({
  name: "runs",
  group: "Results",
  summary: "list, show and compare the runs of a home",
  settings: {},
  examples: ["list", "show first", "compare first second"],
  subcommands: [listCommand, showCommand, compareCommand],
});

/** A run with the figures of its evaluation, if it was evaluated after it was trained. */
interface ShownRun extends RunDescription {
  evaluation: EvaluationFigures | null;
}

async function withEvaluation(run: RunDescription, { dataDir }: CommonFlags): Promise<ShownRun> {
  const { evaluationFigures } = await import("../evaluation");
  return { ...run, evaluation: await evaluationFigures(join(resolvePaths(dataDir).runs, run.name)) };
}

async function toJson({ history, ...run }: ShownRun): Promise<Record<string, unknown>> {
  const { runSettings, validationAuc } = await import("../runs");
  const changed = runSettings(run).filter(({ isDefault }) => !isDefault);
  return {
    ...run,
    epochsDone: history.length,
    valAuc: validationAuc({ ...run, history }),
    changedSettings: Object.fromEntries(changed.map(({ key, value }) => [key, value])),
  };
}

async function listText(runs: readonly ShownRun[]): Promise<string> {
  if (runs.length === 0) return "no runs yet; `thumbrank train` makes one";
  const { runSettings, validationAuc } = await import("../runs");
  const rows = runs.map((run): Cell[] => [
    run.name,
    minute(run.startedAt),
    run.state,
    epochsText(run),
    (run.data.hash ?? "-").slice(0, HASH_DIGITS),
    auc(validationAuc(run)),
    auc(run.evaluation?.channel.pairwiseAuc.value),
    auc(run.evaluation?.time.pairwiseAuc.value),
    changedText(runSettings(run)),
  ]);
  const headings = ["run", "started (UTC)", "state", "epochs", "data", "val AUC", "unseen", "later", "settings"];
  return [
    table(headings, rows),
    "",
    "unseen, later: AUC on channels never seen and on later videos, of runs that were evaluated. Choose by val AUC.",
  ].join("\n");
}

async function showText(run: ShownRun): Promise<string> {
  const { runSettings, validationAuc } = await import("../runs");
  const settings = runSettings(run).map(({ flag, value, initial, isDefault }) => [
    flag,
    String(value),
    isDefault ? "" : String(initial),
  ]);
  const curve = textPlot("validation AUC by epoch", [
    { name: run.name, points: run.history.map(({ epoch, valAuc }) => ({ x: epoch, y: valAuc })) },
  ]);
  return [
    `${run.name}: ${run.state}, ${epochsText(run)} epochs, started ${minute(run.startedAt)} UTC${run.finishedAt === null ? "" : `, finished ${minute(run.finishedAt)} UTC`}`,
    ...madeWith(run),
    ...dataLines(run),
    "",
    ...(settings.length === 0 ? [] : [table(["setting", "value", "default, if another"], settings), ""]),
    ...(curve.length === 0 ? [] : [...curve, ""]),
    `validation AUC: ${auc(validationAuc(run))}`,
    ...evaluationLines(run.evaluation),
  ].join("\n");
}

function madeWith({ versions, engine }: RunDescription): string[] {
  const programs = versions && `thumbrank ${versions.thumbrank}, Node ${versions.node}, TensorFlow.js ${versions.tfjs}`;
  const computed = engine && `${engine.name} ${engine.version} on ${engine.device}`;
  const made = [programs, computed].filter(Boolean);
  return made.length === 0 ? [] : [`made with ${made.join(", ")}`];
}

function dataLines({ data }: RunDescription): string[] {
  if (data.hash === undefined) return ["data: unknown, since it stopped before its first checkpoint"];
  const { image, text, videos, trainingPairs } = data;
  const counts = videos === undefined ? "" : `; ${videos} videos, ${trainingPairs} training pairs`;
  const encoders = image === undefined ? "" : `; thumbnails by ${image}, titles by ${text}`;
  return [`data: ${data.hash.slice(0, 2 * HASH_DIGITS)}${encoders}${counts}`];
}

function evaluationLines(evaluation: EvaluationFigures | null): string[] {
  if (evaluation === null)
    return ["not evaluated: `thumbrank evaluate` measures it on unseen channels and later videos"];
  const figure = ({ value, low, high }: EvaluationFigures["channel"]["pairwiseAuc"]) =>
    `AUC ${auc(value)}${low === null || high === null ? "" : ` [${auc(low)}, ${auc(high)}]`}`;
  return [
    `unseen channels: ${figure(evaluation.channel.pairwiseAuc)}`,
    `later videos of known channels: ${figure(evaluation.time.pairwiseAuc)}`,
  ];
}

/** A table's column of AUCs is texts: all have the same digits. */
function auc(value: number | null | undefined): string {
  return value?.toFixed(4) ?? "-";
}

const minute = (date: Date): string => date.toISOString().slice(0, 16).replace("T", " ");

const epochsText = ({ history, epochs }: RunDescription): string => `${history.length}/${epochs ?? "?"}`;

/** Such as "lr=5e-5 swa-start=6"; "defaults" if no setting differs. */
function changedText(settings: readonly SettingValue[]): string {
  const changed = settings.filter(({ isDefault }) => !isDefault);
  if (settings.length === 0) return "-";
  return changed.length === 0 ? "defaults" : changed.map(({ flag, value }) => `${flag}=${value}`).join(" ");
}
