import { escapeHtml } from "../../base";
import { counted } from "../format";
import { UNKNOWN_NICHE } from "../groups";
import { fewChannels, SPLIT_TITLES } from "../labels";
import type { SplitResult } from "../report";
import type { PageContent } from "./content";
import { MOST_CHANNELS } from "./figures";
import { pairCards } from "./pairs";
import { plot } from "./plots";
import { runSection } from "./run";
import { channelTable, gapTable, headlineTable, knownTable, nicheTable, targetTable } from "./tables";
import { answer, calibrationWords, meaning, method, SYNTHETIC_NOTICE } from "./words";

/** The page's sections, in order. */
export function sections(content: PageContent): string[] {
  const { report } = content;
  return [
    `<h1>How good is this ranker?</h1>${report.synthetic ? SYNTHETIC_NOTICE : ""}<p class="answer">${answer(report.channel)}</p>`,
    splitSection(content, "channel"),
    ...(report.exported === null ? [splitSection(content, "time")] : []),
    ...knownSection(content),
    gapSection(content),
    `<h2>What a score means</h2>${meaning(report)}`,
    channelSection(content),
    nicheSection(content),
    trustSection(content),
    ...trainingSection(content),
    pairSection(content),
    ...(content.run === null ? [] : [runSection(content.run)]),
    `<h2>How this was measured</h2>${method(report)}`,
  ];
}

function splitSection({ report }: PageContent, name: "channel" | "time"): string {
  const split = report[name];
  const { channels, videos, pairs } = split;
  const counts = [counted(channels, "channel"), counted(videos, "video"), counted(pairs, "pair")].join(", ");
  const targets = `<h3>Beside the guide’s marks</h3>${targetTable(SPLIT_TITLES[name], split, report.ctrTarget)}`;
  const caveat =
    '<p class="quiet">The guide sets its marks for 120,000 thumbnails of 500 channels with CLIP embeddings.</p>';
  return `<h2>${SPLIT_TITLES[name]}</h2><p class="quiet">${counts}. ${fewChannels(split)}</p>${headlineTable(SPLIT_TITLES[name], split)}${targets}${name === "channel" ? caveat : ""}`;
}

function knownSection({ report: { knownChannels: known } }: PageContent): string[] {
  if (known === null) return [];
  const about = `${counted(known.channels, "channel")} with enough past videos, ${counted(known.pairs, "pair")} of their later videos. A ridge regression on a channel’s own past says what its viewers like; as an offset it is added to the global score. <code>rank --channel</code> uses it.`;
  return [`<h2>What a channel’s own past adds</h2><p class="quiet">${about}</p>${knownTable(known)}`];
}

function gapSection(content: PageContent): string {
  const { channel, time } = content.report;
  return `<h2>Clear winners and narrow ones</h2>
<p class="quiet">Views are noisy: of two videos with nearly the same views, chance decides which comes first. A model that has learned something is better where the winner is clear. Lines are 95 % intervals.</p>
<div class="two"><div><h3>${SPLIT_TITLES.channel}</h3>${plot(content, "gaps", "AUC by how clearly the winner won, on unseen channels")}</div>
<div><h3>${SPLIT_TITLES.time}</h3>${plot(content, "gapsLater", "AUC by how clearly the winner won, on later videos")}</div></div>
<details><summary>Table of unseen channels</summary>${gapTable(SPLIT_TITLES.channel, channel)}</details>
<details><summary>Table of later videos</summary>${gapTable(SPLIT_TITLES.time, time)}</details>`;
}

function channelSection(content: PageContent): string {
  const { channel, time } = content.report;
  return `<h2>Channel by channel</h2>
<p class="quiet">Bars are 95 % intervals over the channel’s videos; a hollow dot has too few videos for one, or all its pairs in the same order. Dotted line: chance; dashed: all pairs of the split.${describeShown(channel)}</p>
<div class="two"><div><h3>${SPLIT_TITLES.channel}</h3>${plot(content, "channels", "AUC of each unseen channel with its interval")}</div>
<div><h3>${SPLIT_TITLES.time}</h3>${plot(content, "channelsLater", "AUC of each training channel on its later videos")}</div></div>
<details><summary>Table of unseen channels</summary>${channelTable(SPLIT_TITLES.channel, channel.channelResults)}</details>
<details><summary>Table of training channels</summary>${channelTable(SPLIT_TITLES.time, time.channelResults)}</details>`;
}

function describeShown({ channelResults }: SplitResult): string {
  return channelResults.length > MOST_CHANNELS ? ` Drawn are the ${MOST_CHANNELS} channels with the most pairs.` : "";
}

function nicheSection(content: PageContent): string {
  const { channel, time, ctrTarget } = content.report;
  const named = [...channel.niches, ...time.niches].some(({ niche }) => niche !== UNKNOWN_NICHE);
  if (!named) return '<h2>Niche by niche</h2><p class="quiet">These data name no niches.</p>';
  return `<h2>Niche by niche</h2>
<div class="two"><div><h3>${SPLIT_TITLES.channel}</h3>${plot(content, "niches", "AUC of each niche on unseen channels")}</div>
<div><h3>${SPLIT_TITLES.time}</h3>${plot(content, "nichesLater", "AUC of each niche on later videos")}</div></div>
${nicheTable(SPLIT_TITLES.channel, channel.niches, ctrTarget)}<details><summary>Table for later videos</summary>${nicheTable(SPLIT_TITLES.time, time.niches, ctrTarget)}</details>`;
}

function trustSection(content: PageContent): string {
  return `<div class="two"><section><h2>Can the probability be believed?</h2><p>${calibrationWords(content.report.channel)}</p>
${plot(content, "calibration", "Share of pairs that the favourite won against the probability it was given")}</section>
<section><h2>Do high scores go with success?</h2><p>Each dot is a video of a channel never seen in training. A model that finds nothing gives a flat line at 50, a perfect one the diagonal.</p>
${plot(content, "standings", "Percentile of the proxy against percentile of the score")}</section></div>`;
}

function trainingSection(content: PageContent): string[] {
  const { history, diagnosis } = content;
  if (history.length === 0 && diagnosis === null) return [];
  const curves = `<div class="two"><div><h3>Losses</h3>${plot(content, "losses", "Losses by epoch")}</div><div><h3>Ranking</h3>${plot(content, "quality", "AUC and correlation by epoch")}</div></div>`;
  return [
    `<h2>Training</h2>${history.length === 0 ? "" : curves}${diagnosis === null ? "" : diagnosisHtml(diagnosis)}`,
  ];
}

function diagnosisHtml({ findings, looked }: NonNullable<PageContent["diagnosis"]>): string {
  const list = (lines: string[]) => `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join("")}</ul>`;
  if (findings.length === 0) return `<h3>Diagnosis: nothing found</h3>${list(looked)}`;
  const shown = findings.map(
    ({ title, evidence, advice }) => `<h3>${escapeHtml(title)}</h3><p>${escapeHtml(evidence)}</p>${list(advice)}`,
  );
  return shown.join("");
}

function pairSection({ report, pictures }: PageContent): string {
  const of = ({ bestPairs, worstPairs }: SplitResult) =>
    `<h3>Surest and right</h3>${pairCards(report, bestPairs, pictures)}<h3>Surest and wrong</h3>${pairCards(report, worstPairs, pictures)}`;
  return `<h2>Pairs the model is surest about</h2>
<p class="quiet">${SPLIT_TITLES.channel}. On the left is always the video that did better; the share is the model’s probability that it would.</p>
${of(report.channel)}
<details><summary>The same for later videos of the training channels</summary>${of(report.time)}</details>`;
}
