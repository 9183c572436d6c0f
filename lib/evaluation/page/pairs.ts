import { escapeHtml } from "../../base";
import type { RatedVideo } from "../../store";
import { percent } from "../format";
import type { EvaluationReport, RankedPair } from "../report";
import type { Thumbnails } from "./pictures";

/** Pairs as pictures side by side, with the better-performing one on the left. */
export function pairCards(report: EvaluationReport, pairs: RankedPair[], pictures: Thumbnails): string {
  if (pairs.length === 0) return '<p class="quiet">None.</p>';
  return `<div class="pairs">${pairs.map((pair) => card(report, pair, pictures)).join("")}</div>`;
}

function card(report: EvaluationReport, { winner, loser, probability }: RankedPair, pictures: Thumbnails): string {
  const better = report.videos[winner];
  const worse = report.videos[loser];
  if (better === undefined || worse === undefined) return "";
  const channel = escapeHtml(better.channelTitle ?? better.channelId);
  const sides = [
    side(better, "did better", probability, pictures),
    side(worse, "did worse", 1 - probability, pictures),
  ];
  return `<article class="pair"><h4>${channel}</h4><div class="sides">${sides.join("")}</div></article>`;
}

function side(video: RatedVideo, outcome: string, probability: number, pictures: Thumbnails): string {
  const uri = video.picture && pictures.get(video.picture.sha256);
  const title = escapeHtml(video.title);
  const picture = uri ? `<img src="${uri}" alt="Thumbnail: ${title}">` : '<div class="missing">picture missing</div>';
  const rate = `${rounded(video.viewsPerHour)} views/h`;
  const facts = `<b>${outcome}</b> · ${rate}<br>the model gave it ${percent(probability)}`;
  return `<figure>${picture}<figcaption><span class="title" title="${title}">${title}</span><span class="quiet">${facts}</span></figcaption></figure>`;
}

/** Three significant figures, because rates range from 0.01 to 100,000. */
function rounded(rate: number): string {
  return rate.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}
