import { resolvePaths } from "../config";
import type { ListedVersion } from "../deployment";
import { defineCommand } from "./command";
import { answer, CommonSettings } from "./context";
import { type Cell, table } from "./table";

const listCommand = defineCommand({
  name: "list",
  summary: "list the exported models of a home: versions, which is current, encoders, AUC",
  settings: { common: CommonSettings },
  examples: ["", "--json"],
  notes:
    "Each export adds a version. A plain name means the current version, NAME@VERSION any other. The files of each version are compared with its manifest; a damaged version is listed as such.",
  async run({ common }) {
    const { listModels } = await import("../deployment");
    const versions = await listModels(resolvePaths(common.dataDir).models);
    answer(common, { models: versions.map(toJson) }, await listText(versions));
  },
});

const useCommand = defineCommand({
  name: "use",
  summary: "make a version the current one: go back to an earlier version, or forward again",
  operands: [{ name: "<model>", description: "NAME@VERSION, as `models list` shows it" }],
  settings: { common: CommonSettings },
  examples: ["first@1"],
  async run({ common }, [reference = ""]) {
    const { setCurrentVersion } = await import("../deployment");
    const model = await setCurrentVersion(resolvePaths(common.dataDir).models, reference);
    answer(common, model, `${model.name} is now version ${model.version}: ${model.folder}`);
  },
});

export const modelsCommand = defineCommand({
  name: "models",
  group: "Results",
  summary: "list the exported models and choose the current version of each",
  settings: {},
  examples: ["list", "use first@1"],
  subcommands: [listCommand, useCommand],
});

function toJson({ card, ...version }: ListedVersion): Record<string, unknown> {
  return { ...version, encoders: card?.encoders ?? null, metrics: card?.metrics ?? null };
}

async function listText(versions: readonly ListedVersion[]): Promise<string> {
  if (versions.length === 0) return "no exported models yet; `thumbrank export` makes one";
  const { evaluatedMetrics } = await import("../deployment");
  const rows = versions.map(({ name, version, isCurrent, card, damage }): Cell[] => [
    `${name}@${version}`,
    isCurrent ? "current" : "",
    card === null ? "-" : `${card.encoders.image.model}, ${card.encoders.text.model}`,
    (card && evaluatedMetrics(card)?.test.pairwiseAuc.value?.toFixed(4)) ?? "-",
    damage === null ? "" : `damaged: ${damage}`,
  ]);
  return table(["model", "", "encoders", "unseen AUC", ""], rows);
}
