import { join, resolve } from "node:path";
import { z } from "zod";

/** Environment variables that are read; keys and passwords come only from here. */
export const Environment = z.object({
  THUMBRANK_HOME: z.string().optional(),
  DATABASE_URL: z.string().optional(),
  SUPABASE_URL: z.string().optional(),
  SUPABASE_KEY: z.string().optional(),
  YOUTUBE_API_KEY: z.string().optional(),
  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),
  /** Replaces Google's root address of the Data API, for stand-ins and tests. */
  YOUTUBE_ROOT_URL: z.string().optional(),
  /** The same for OAuth and the Reporting API. */
  GOOGLE_OAUTH_ROOT_URL: z.string().optional(),
  YOUTUBE_REPORTING_ROOT_URL: z.string().optional(),
});
export type Environment = z.infer<typeof Environment>;

/** The folders of a home, where commands read and write. */
export interface Paths {
  home: string;
  store: string;
  thumbnails: string;
  embeddings: string;
  /** Downloaded CTR reports, until they are in the store. */
  reports: string;
  checkpoints: string;
  models: string;
  runs: string;
}

/** Where the set-up puts the bundled web page. */
export const BUILT_PAGE = join(__dirname, "..", "..", "dist", "page");

/**
 * Resolves the folders of a home: `--data-dir`, else THUMBRANK_HOME, else the project's root.
 * @param dataDir value of `--data-dir`
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
