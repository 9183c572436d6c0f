import type { ModelCard } from "../card";
import { type Estimate, evaluatedMetrics, type Metrics } from "../metrics";
import { toYaml, type YamlValue } from "./yaml";

/** Writes the model card of the Hugging Face hub, `README.md`: metadata as YAML, then what the figures mean in words. */
export function modelCardText(card: ModelCard): string {
  const { name, version, encoders, calibration, trainingChannels, dataHash } = card;
  const metrics = evaluatedMetrics(card);
  return [
    `---\n${toYaml(frontMatter(card, metrics))}---`,
    `# ${name}, version ${version}`,
    "Ranks YouTube thumbnails of one channel, each with its title: which would get more views? Exported by Thumbrank.",
    "## Use",
    `\`embedding\`, 32-bit floats [n, ${card.config.model.clipDim + card.config.model.textDim}], is the thumbnail's embedding by \`${encoders.image.model}\` (${encoders.image.dimensions}) beside the title's by \`${encoders.text.model}\` (${encoders.text.dimensions}), each of length 1. \`score\` is [n], \`ctr\` [n], \`auxiliary\` [n, 6].`,
    ...Object.entries(card.meaning).map(([output, meaning]) => `- **${output}**: ${meaning}`),
    `Probability that A beats B: 1 / (1 + exp(-${calibration.slope.toPrecision(4)} (score A - score B))), fitted on ${calibration.pairs} validation pairs.`,
    "## Evaluation",
    ...(metrics === undefined
      ? ["It was exported without an evaluation: nothing is known of how well it ranks."]
      : evaluation(metrics)),
    "## Training data",
    `Number of channels: ${trainingChannels?.length ?? "unknown"}. SHA-256 of the data: ${dataHash}. The ids of the channels are in \`model.json\`.`,
    "## Limits",
    "Scores of different channels must not be compared, and no score is good in itself. It learned from views, which have many causes; it does not say that a change of a picture causes anything. The auxiliary outputs are indications, not measurements.",
  ]
    .join("\n\n")
    .replaceAll(/(^- .*)\n\n(?=- )/gm, "$1\n")
    .concat("\n");
}

function frontMatter({ name }: ModelCard, metrics: Metrics | undefined): { readonly [key: string]: YamlValue } {
  const tags = ["thumbrank", "youtube", "thumbnail", "ranking", "onnx"];
  const value = metrics?.test.pairwiseAuc.value;
  if (metrics === undefined || value === null || value === undefined) return { library_name: "onnx", tags };
  const aucs = [{ type: "pairwise_auc", name: "Pairwise AUC", value }];
  const baselines = Object.entries(metrics.baselines ?? {}).flatMap(([baseline, { pairwiseAuc }]) =>
    pairwiseAuc.value === null
      ? []
      : [{ type: "pairwise_auc", name: `Pairwise AUC of the baseline ${baseline}`, value: pairwiseAuc.value }],
  );
  return {
    library_name: "onnx",
    tags,
    "model-index": [
      {
        name,
        results: [
          {
            task: { type: "other", name: "Pairwise ranking of thumbnails" },
            dataset: { type: "thumbrank", name: "Channels never seen in training" },
            metrics: [...aucs, ...baselines],
          },
        ],
      },
    ],
  };
}

function evaluation({ test, baselines = {}, splits }: Metrics): string[] {
  const counts = splits?.channel.counts;
  const where = counts && ` (${counts.pairs} pairs of ${counts.videos} videos, ${counts.channels} channels)`;
  const rows = [
    ["this model", test.pairwiseAuc] as const,
    ...Object.entries(baselines).map(([name, { pairwiseAuc }]) => [`baseline ${name}`, pairwiseAuc] as const),
  ];
  const later = splits?.time.pairwiseAuc;
  return [
    `On channels never seen${where ?? ""} it puts the winner of a pair first with probability ${interval(test.pairwiseAuc)}, where chance is 0.5. The interval of 95 % is over channels.${doubt(test.pairwiseAuc)}`,
    ["| pairwise AUC | value | 95 % interval |", "|---|---|---|", ...rows.map(([name, auc]) => row(name, auc))].join(
      "\n",
    ),
    ...(later === undefined
      ? []
      : [`On later videos of the training channels the pairwise AUC is ${interval(later)}.`]),
  ];
}

const row = (name: string, { value, low, high }: Estimate): string =>
  `| ${name} | ${figure(value)} | ${low === null ? "" : `${figure(low)} to ${figure(high)}`} |`;

const interval = ({ value, low, high }: Estimate): string =>
  `${figure(value)}${low === null ? "" : ` (${figure(low)} to ${figure(high)})`}`;

const doubt = ({ low }: Estimate): string =>
  low !== null && low <= 0.5 ? " It cannot be told apart from chance." : "";

const figure = (value: number | null): string => value?.toFixed(3) ?? "not defined";
