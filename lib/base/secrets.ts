/** Environment variables whose value is secret, or is an address that may hold a password. */
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
/** Variables whose address is not secret itself, but may hold a password. */
const ADDRESS_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
const SHORTEST = 6;

/**
 * Masks the environment's keys and passwords in a text, and whatever looks like one in a URL. Use it for text from
 * elsewhere, such as a driver's errors; our own messages contain no secrets to begin with.
 */
export function withoutSecrets(text: string, environment: NodeJS.ProcessEnv = process.env): string {
  const secrets = [
    ...listTokens(environment.THUMBRANK_TOKENS),
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
      // Keeps the literal `user:password@host` of our own messages, which is only an example.
      .replace(/(:\/\/(?!user:password@host)[^\s:/@]+):\S+@/g, "$1:***@")
  );
}

/** The password in an address that may not be a valid URL: everything between the user's colon and the last "@". */
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

/** The service's tokens, separated by commas, as in THUMBRANK_TOKENS. */
export function listTokens(listed = ""): string[] {
  return listed
    .split(",")
    .map((token) => token.trim())
    .filter((token) => token !== "");
}
