import { join, resolve } from "node:path";
import { z } from "zod";

/** What the environment may set; keys and passwords come from here alone. */
export const Environment = z.object({
  THUMBRANK_HOME: z.string().optional(),
  DATABASE_URL: z.string().optional(),
  SUPABASE_URL: z.string().optional(),
  SUPABASE_KEY: z.string().optional(),
  YOUTUBE_API_KEY: z.string().optional(),
  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),
  /** Another root than Google's for the Data API, for stand-ins and tests. */
  YOUTUBE_ROOT_URL: z.string().optional(),
  /** The same for OAuth and the Reporting API. */
  GOOGLE_OAUTH_ROOT_URL: z.string().optional(),
  YOUTUBE_REPORTING_ROOT_URL: z.string().optional(),
});
export type Environment = z.infer<typeof Environment>;

/** Where one home folder keeps what commands read and write. */
export interface Paths {
  home: string;
  store: string;
  thumbnails: string;
  embeddings: string;
  /** CTR reports on their way into the store. */
  reports: string;
  checkpoints: string;
  models: string;
  runs: string;
}

/**
 * The folders below a home: `--data-dir`, else THUMBRANK_HOME, else the project's root.
 * @param dataDir what `--data-dir` gave
 */
export function resolvePaths(dataDir?: string, environment: NodeJS.ProcessEnv = process.env): Paths {
  const home = resolve(dataDir ?? environment.THUMBRANK_HOME ?? join(__dirname, "..", ".."));
  const below = (...names: string[]) => join(home, ...names);
  return {
    home,
    store: below("data", "store"),
    thumbnails: below("data", "thumbnails"),
    embeddings: below("data", "embeddings"),
    reports: below("data", "ctr-reports"),
    checkpoints: below("checkpoints"),
    models: below("models"),
    runs: below("runs"),
  };
}
