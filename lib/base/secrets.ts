/** Environment variables that are secret, or addresses that may hold a password. */
const SECRET_VARIABLES = [
  "DATABASE_URL",
  "PGPASSWORD",
  "SUPABASE_KEY",
  "YOUTUBE_API_KEY",
  "GOOGLE_CLIENT_SECRET",
  "WANDB_API_KEY",
  "HF_TOKEN",
  "HF_ACCESS_TOKEN",
  "THUMBRANK_API_KEY",
];
/** Addresses that may hold a password and are no secret themselves. */
const ADDRESS_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
const SHORTEST = 6;

/**
 * A text without the environment's keys and passwords, and without what looks like one in a URL. For texts that others
 * wrote, such as a driver's errors; our own messages hold no secret to begin with.
 */
export function withoutSecrets(text: string, environment: NodeJS.ProcessEnv = process.env): string {
  const secrets = [
    ...SECRET_VARIABLES.flatMap((name) => [environment[name] ?? "", findPassword(environment[name])]),
    ...ADDRESS_VARIABLES.map((name) => findPassword(environment[name])),
  ];
  const known = secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret), decoded(secret)])
    .filter((form) => form.length >= SHORTEST)
    .sort((a, b) => b.length - a.length)
    .reduce((left, secret) => left.replaceAll(secret, "***"), text);
  return (
    known
      .replace(/\b(key|token|access_token|client_secret|password)=[^&\s"')]+/gi, "$1=***")
      // The form that our own messages ask for says itself what it is.
      .replace(/(:\/\/(?!user:password@host)[^\s:/@]+):\S+@/g, "$1:***@")
  );
}

/** The password in an address, which may be no clean URL: all between the user's colon and the last "@". */
function findPassword(address = ""): string {
  return /^\W*(?:psql\s+)?\W*\w+:\/\/[^:@/]*:([\s\S]*)@/.exec(address)?.[1] ?? "";
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
