import { formatNumber } from "./number";
import { pointsOf } from "./thin";
import type { Layout, Trace } from "./trace";

/** A plot in a line, for those who read a log: title, axes, traces and their points. */
export function summary(traces: readonly Trace[], layout: Layout): string {
  const axes = Object.keys(layout)
    .filter((key) => /^[xy]axis\d*$/.test(key))
    .map((key) => titleOf(layout[key]))
    .filter((title) => title !== "");
  const drawn = traces.map((trace) => `${nameOf(trace)}${formatNumber(pointsOf(trace))} points`);
  return `[plot] ${titleOf(layout) || "untitled"}${axes.length > 0 ? ` (${axes.join(", ")})` : ""}: ${drawn.join("; ")}`;
}

const nameOf = ({ name }: Trace) => (typeof name === "string" && name !== "" ? `${name} ` : "");

function titleOf(part: unknown): string {
  const { title } = (part ?? {}) as { title?: unknown };
  if (typeof title === "string") return title;
  const { text } = (title ?? {}) as { text?: unknown };
  return typeof text === "string" ? text : "";
}
