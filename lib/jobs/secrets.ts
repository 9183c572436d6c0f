const NAMES = ["DATABASE_URL", "SUPABASE_KEY", "YOUTUBE_API_KEY", "THUMBRANK_API_KEY"];
const SHORTEST = 6;

/** A text without the environment's keys and passwords, and without what looks like one in a URL. */
export function withoutSecrets(text: string, environment: NodeJS.ProcessEnv = process.env): string {
  const secrets = NAMES.flatMap((name) => formsOf(environment[name] ?? "")).filter((form) => form.length >= SHORTEST);
  const known = secrets
    .sort((a, b) => b.length - a.length)
    .reduce((left, secret) => left.replaceAll(secret, "***"), text);
  return known
    .replace(/\b(key|token|access_token|client_secret|password)=[^&\s"')]+/gi, "$1=***")
    .replace(/(:\/\/[^\s:/@]+):[^\s/@]+@/g, "$1:***@");
}

/** A secret, and the password in it where it is a URL, as they may be written. */
function formsOf(secret: string): string[] {
  const password = URL.canParse(secret) ? new URL(secret).password : "";
  return [secret, encodeURIComponent(secret), password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
