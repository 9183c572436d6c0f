import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { setTimeout } from "node:timers/promises";

export interface Machine {
  cpu: string;
  cores: number;
  memoryBytes: number;
  platform: string;
  node: string;
}

/** What the figures were measured on. */
export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
  };
}

export interface Load {
  /** Share of all cores that others used while nothing of ours ran, 0-1. */
  busy: number;
  /** Average of running programs over the last minute. */
  loadAverage: number;
}

/** Above this share figures are worth little. */
export const QUIET = 0.1;

/** Watches the machine for a moment in which the caller does nothing. */
export async function loadOf(milliseconds = 1000): Promise<Load> {
  const before = ticks();
  await setTimeout(milliseconds);
  const after = ticks();
  const total = after.total - before.total;
  const busy = total === 0 ? 0 : 1 - (after.idle - before.idle) / total;
  return { busy, loadAverage: loadavg()[0] ?? 0 };
}

function ticks(): { idle: number; total: number } {
  const times = cpus().map((core) => core.times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  return { idle, total: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle) };
}

/** A warning for people; undefined on a quiet machine. */
export function warningOf({ busy }: Load): string | undefined {
  if (busy <= QUIET) return undefined;
  return `the machine is busy: other programs use ${(busy * 100).toFixed(0)} % of it, so these figures are worth little`;
}
