import type { PairOptions } from "../../lib/config";
import type { Video } from "../../lib/store";
import { ageHours, groupBy, type NaiveMeasured } from "./naive";
import { unitOf } from "./naive-units";

/** Views per hour between two ages, by plain loops over all readings: rows of one video, each with its own views. */
export function naiveMeasured(readings: Video[], options: PairOptions): NaiveMeasured {
  const { snapshotFromHours, snapshotToHours } = options;
  const hours = snapshotToHours - snapshotFromHours;
  const rates: NaiveMeasured["rates"] = new Map();
  for (const [videoId, ofVideo] of groupBy(readings, (reading) => reading.videoId)) {
    for (const unit of ["engaged", "mixed", "starts"] as const) {
      const ofUnit = ofVideo.filter((reading) => unitOf(reading, options) === unit);
      const from = viewsAt(ofUnit, snapshotFromHours);
      const to = viewsAt(ofUnit, snapshotToHours);
      if (from === null || to === null || rates.has(videoId)) continue;
      const gained = Math.max(0, to - from);
      const logRate = Math.log(Math.max(1, gained) / hours);
      rates.set(videoId, { rate: gained / hours, logRate, unit: unit === "mixed" ? "starts" : unit });
    }
  }
  const note = `measured between ages of ${snapshotFromHours} and ${snapshotToHours} hours: a video needs a reading at or before the first and one at or after the second`;
  return { rates, note };
}

/** On the line through the last reading before and the first one after, in log views over log age; null without both. */
function viewsAt(readings: Video[], hours: number): number | null {
  let before: Video | undefined;
  let after: Video | undefined;
  for (const reading of readings) {
    const age = ageHours(reading);
    if (age <= hours && (before === undefined || reading.collectedAt >= before.collectedAt)) before = reading;
    if (age > hours && (after === undefined || reading.collectedAt < after.collectedAt)) after = reading;
  }
  if (before === undefined) return null;
  if (ageHours(before) === hours) return before.views;
  if (after === undefined) return null;
  const log = (reading: Video) => Math.log(Math.max(1, reading.views));
  const share =
    (Math.log(hours) - Math.log(ageHours(before))) / (Math.log(ageHours(after)) - Math.log(ageHours(before)));

  return Math.exp(log(before) + share * (log(after) - log(before)));
}
