import { type NotebookSettings, settingsOf } from "./profile";

/** Where a notebook's videos come from, and the settings it continues with. */
export interface SourceChoice {
  way: "youtube" | "table" | "sample";
  settings: NotebookSettings;
  /** The reason, shown to the reader. */
  why: string;
}

const HOW_TO_GET_A_KEY = [
  "YOUTUBE_API_KEY is not set, so nothing can be collected. It is free, and takes five minutes:",
  "1. https://console.cloud.google.com: create a project",
  "2. APIs & Services, Library: enable YouTube Data API v3",
  "3. APIs & Services, Credentials: create an API key, and restrict it to that API",
  "4. export YOUTUBE_API_KEY=... in the terminal in which you start the lab, never in a notebook",
  "Until then we continue with the synthetic sample world, in its own home (profile sample).",
].join("\n");

/**
 * Chooses where videos come from: the reader's table; else, for the profile `full`, YouTube if there is a key; else the
 * synthetic world, which has its own home so that it never mixes with real videos.
 */
export function chooseSource(
  settings: NotebookSettings,
  { table }: { table: string | null },
  environment: NodeJS.ProcessEnv = process.env,
): SourceChoice {
  if (table !== null) return { way: "table", settings, why: `your videos: ${table}` };
  if (settings.sample !== null) return { way: "sample", settings, why: "the synthetic world of this profile" };
  if (environment.YOUTUBE_API_KEY?.trim()) return { way: "youtube", settings, why: "YouTube, with your key" };
  return { way: "sample", settings: settingsOf("sample", { seed: settings.seed }), why: HOW_TO_GET_A_KEY };
}
