import { escapeHtml } from "../../base";
import type { PageContent } from "./content";
import * as figures from "./figures";

/** Names of the plots on the page. */
export type PlotName =
  | "gaps"
  | "gapsLater"
  | "channels"
  | "channelsLater"
  | "niches"
  | "nichesLater"
  | "calibration"
  | "standings"
  | "losses"
  | "quality";

/** Draws the plots that have data. */
export function drawFigures({ report, history }: PageContent): Partial<Record<PlotName, figures.Figure>> {
  const { channel, time } = report;
  return {
    ...(channel.pairs > 0 && {
      gaps: figures.gapFigure(channel),
      channels: figures.channelFigure(channel),
      niches: figures.nicheFigure(channel),
      calibration: figures.calibrationFigure(channel),
      standings: figures.standingFigure(channel),
    }),
    ...(time.pairs > 0 && {
      gapsLater: figures.gapFigure(time),
      channelsLater: figures.channelFigure(time),
      nichesLater: figures.nicheFigure(time),
    }),
    ...(history.length > 0 && { losses: figures.lossFigure(history), quality: figures.qualityFigure(history) }),
  };
}

/** The element of a plot, or a short note if there is nothing to draw. */
export function plot(content: PageContent, name: PlotName, label: string): string {
  if (drawFigures(content)[name] === undefined) return '<p class="quiet">Nothing to draw: no pairs.</p>';
  return figurePlace(name, label);
}

/** The element that the figure of this name is drawn into. */
export function figurePlace(name: string, label: string): string {
  return `<div class="plot" data-figure="${name}" role="img" aria-label="${escapeHtml(label)}"></div>`;
}
