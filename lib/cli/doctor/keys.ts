import { proxyHosts } from "../../base";
import { type Finding, note, ok } from "./finding";

/** The purpose of each environment variable. */
const KEYS = {
  YOUTUBE_API_KEY: "collecting from YouTube",
  GOOGLE_CLIENT_ID: "the true click-through rates of your own channels",
  GOOGLE_CLIENT_SECRET: "the true click-through rates of your own channels",
  DATABASE_URL: "a PostgreSQL server as the store",
  SUPABASE_URL: "Supabase as the store, with SUPABASE_KEY",
  SUPABASE_KEY: "Supabase as the store, with SUPABASE_URL",
  WANDB_API_KEY: "logging to Weights & Biases",
};

/** The proxies in use, if any: host and port only. */
export function proxyFindings(environment: NodeJS.ProcessEnv): Finding[] {
  const hosts = proxyHosts(environment);
  return hosts.length === 0 ? [] : [ok("proxy", hosts.join(", "))];
}

/** Which keys are set, by name; values are never shown. */
export function keyFindings(environment: NodeJS.ProcessEnv): Finding[] {
  return Object.entries(KEYS).map(([name, purpose]) =>
    environment[name] ? ok(name, `set, for ${purpose}`) : note(name, `not set; only for ${purpose}`),
  );
}
