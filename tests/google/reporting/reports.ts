import { pacificDay, pacificMidnight } from "../clock";
import type { Channel, World } from "../world";
import { appealOf } from "../world";
import { bitsOf, normalOf, uniformOf } from "../world/draw";

const DAY = 86_400_000;
const SALT = { rank: 91, noise: 92, again: 93, zero: 94 };

/** How long after its day's end a report is made; how many days before a job's first come; how long each is kept. */
export const LATE_MS = 2 * DAY;
export const BACKFILL_DAYS = 30;
export const KEPT_DAYS = { backfill: 30, daily: 60 } as const;
/** One day in nine is delivered again three days later, with other figures. */
const AGAIN = { every: 9, afterMs: 3 * DAY };

/** A job; times are milliseconds since 1970. */
export interface Job {
  id: string;
  name: string;
  reportTypeId: string;
  createdAt: number;
}

/** A report of a job: one Pacific day. */
export interface Report {
  id: string;
  job: Job;
  /** YYYY-MM-DD. */
  day: string;
  startAt: number;
  endAt: number;
  createdAt: number;
  /** 0 for the first delivery of the day, 1 for the one that replaces it. */
  delivery: number;
}

export const REACH_COLUMNS = [
  "date",
  "channel_id",
  "video_id",
  "video_thumbnail_impressions",
  "video_thumbnail_impressions_ctr",
];

/** The day so many days after another. */
const dayAfter = (day: string, days: number) => pacificDay(pacificMidnight(day) + days * DAY + DAY / 2);

function reportOf(job: Job, day: string, delivery: number): Report {
  const startAt = pacificMidnight(day);
  const endAt = pacificMidnight(dayAfter(day, 1));
  const first = Math.max(endAt, job.createdAt) + LATE_MS;
  const id = String(10_000_000 + (bitsOf(Number(job.id.slice(-6)), delivery + 1, startAt / 3_600_000) % 89_999_999));
  return { id, job, day, startAt, endAt, createdAt: first + delivery * AGAIN.afterMs, delivery };
}

const isAgain = (day: string) => Math.floor(pacificMidnight(day) / DAY) % AGAIN.every === 0;

/** The reports of a job that exist at a time, newest first. */
export function reportsOf(job: Job, at: number): Report[] {
  const first = dayAfter(pacificDay(job.createdAt), -BACKFILL_DAYS);
  const days: string[] = [];
  for (let day = first; pacificMidnight(day) < at; day = dayAfter(day, 1)) days.push(day);
  const all = days.flatMap((day) => (isAgain(day) ? [0, 1] : [0]).map((delivery) => reportOf(job, day, delivery)));
  const kept = (report: Report) => (report.endAt <= job.createdAt ? KEPT_DAYS.backfill : KEPT_DAYS.daily) * DAY;
  const there = all.filter((report) => report.createdAt <= at && at < report.createdAt + kept(report));
  return there.sort((a, b) => b.createdAt - a.createdAt || b.startAt - a.startAt);
}

/** The rate at which a video's thumbnail is clicked, 0 to 1: what its appeal makes likelier. */
export function trueCtrOf(world: World, channel: Channel, number: number): number {
  return Math.min(0.5, 0.045 * appealOf(world.options, channel, number) ** 0.5);
}

/** A row of the reach report. */
export interface ReachRow {
  /** YYYY-MM-DD. */
  day: string;
  channelId: string;
  videoId: string;
  impressions: number;
  /** Clicks an impression, 0 to 1. */
  ctr: number;
}

function rowOf(world: World, channel: Channel, place: number, report: Report): ReachRow | undefined {
  const video = world.upload(channel, place, report.endAt);
  const { seed } = world.options;
  const hours = report.startAt / 3_600_000;
  const ageDays = Math.max(0, report.startAt - video.publishedAt) / DAY;
  const busy =
    (200 + channel.subscribers * 0.05) *
    (1 / (1 + ageDays / 5)) *
    Math.exp(0.3 * normalOf(seed, SALT.noise, hours, video.number));
  const impressions = Math.floor(busy * (1 + 0.02 * report.delivery));
  // A day without impressions has no row.
  if (impressions === 0 || video.state !== "public" || uniformOf(seed, SALT.zero, hours, video.number) < 0.05)
    return undefined;
  const clicks = Math.round(impressions * trueCtrOf(world, channel, video.number));
  return { day: report.day, channelId: channel.id, videoId: video.id, impressions, ctr: clicks / impressions };
}

/** The rows of a report of a channel: its videos that were shown that day. */
export function reachRowsOf(world: World, channel: Channel, report: Report): ReachRow[] {
  const places = Array.from({ length: world.uploads(channel, report.endAt) }, (_, place) => place);
  return places.flatMap((place) => rowOf(world, channel, place, report) ?? []);
}

/** A row of the user activity report: some of what a video's viewers did that day. */
export interface ActivityRow {
  /** YYYY-MM-DD. */
  day: string;
  videoId: string;
  country: string;
  views: number;
  engaged: number;
}

/** Of the plays of a day, seven in ten are engaged; they come from two countries. */
export function activityRowsOf(world: World, channel: Channel, { startAt, endAt, day }: Report): ActivityRow[] {
  const places = Array.from({ length: world.uploads(channel, endAt) }, (_, place) => place);
  return places.flatMap((place) => {
    const { id, state, views = 0 } = world.upload(channel, place, endAt);
    const before = world.video(id, startAt)?.views ?? 0;
    const row = (country: string, share: number): ActivityRow => {
      const plays = Math.floor(share * (views - before));
      return { day, videoId: id, country, views: plays, engaged: Math.floor(0.7 * plays) };
    };
    const rows = state === "public" ? [row("US", 0.6), row("DE", 0.4)] : [];
    return rows.filter((each) => each.views > 0);
  });
}

/** The file of a user activity report, with its first columns. */
export function activityCsv(channelId: string, rows: ActivityRow[]): string {
  const header = "date,channel_id,video_id,live_or_on_demand,subscribed_status,country_code,views,engaged_views";
  const line = ({ day, videoId, country, views, engaged }: ActivityRow) =>
    [day.replaceAll("-", ""), channelId, videoId, "on_demand", "not_subscribed", country, views, engaged].join(",");
  return `${[header, ...rows.map(line)].join("\n")}\n`;
}

/** The file: a header and a line a row; dates without hyphens. */
export function reachCsv(rows: ReachRow[]): string {
  const line = ({ day, channelId, videoId, impressions, ctr }: ReachRow) =>
    [day.replaceAll("-", ""), channelId, videoId, impressions, ctr.toFixed(6)].join(",");
  return `${[REACH_COLUMNS.join(","), ...rows.map(line)].join("\n")}\n`;
}
