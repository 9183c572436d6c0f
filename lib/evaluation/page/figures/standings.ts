import { COLOURS } from "../../../page";
import type { SplitResult, Standing } from "../../report";
import { axes, diagonal, type Figure } from "./axes";

/** Number of score percentile groups whose mean proxy is drawn. */
const GROUPS = 10;
/** Most single videos drawn: more would only be a grey cloud. */
const MOST_POINTS = 2500;

/** Percentile of the proxy against percentile of the score, both within the channel, and the mean of each tenth. */
export function standingFigure({ standings }: SplitResult): Figure {
  const every = Math.ceil(standings.length / MOST_POINTS);
  const points = standings.filter((_, i) => i % every === 0);
  const layout = axes("score, percentile within its channel", "proxy, percentile within its channel");
  return { data: [cloud(points), means(tenths(standings))], layout: { ...layout, shapes: [diagonal(0, 100)] } };
}

function tenths(standings: Standing[]): Standing[] {
  const groups = Array.from({ length: GROUPS }, (): Standing[] => []);
  for (const standing of standings) groups[Math.min(GROUPS - 1, Math.floor(standing.score * GROUPS))]?.push(standing);
  const mean = (group: Standing[], of: keyof Standing) =>
    group.reduce((sum, standing) => sum + standing[of], 0) / group.length;
  return groups
    .filter((group) => group.length > 0)
    .map((group) => ({ score: mean(group, "score"), proxy: mean(group, "proxy") }));
}

function cloud(points: Standing[]): Record<string, unknown> {
  return {
    ...percentiles(points),
    mode: "markers",
    name: "videos",
    marker: { color: COLOURS.quiet, size: 3, opacity: 0.75 },
    hoverinfo: "skip",
  };
}

function means(groups: Standing[]): Record<string, unknown> {
  return {
    ...percentiles(groups),
    mode: "lines+markers",
    name: "mean of each tenth",
    marker: { color: COLOURS.model, size: 9 },
    line: { color: COLOURS.model, width: 2 },
    hovertemplate: "score %{x:.0f}, proxy %{y:.0f}<extra></extra>",
  };
}

function percentiles(standings: Standing[]) {
  const percent = (of: keyof Standing) => standings.map((standing) => Math.round(1000 * standing[of]) / 10);
  return { type: "scatter", x: percent("score"), y: percent("proxy") };
}
