import { databaseAddress } from "../address";
import { StoreLocationInvalid } from "../errors";
import { type StoreLocation, storeLocation } from "../open-store";

const FORMS =
  "pglite:FOLDER, postgres (DATABASE_URL), postgres:NAME of a variable, or supabase (SUPABASE_URL and SUPABASE_KEY)";

/**
 * Parses a text that names a store (see `FORMS`). Secrets come only from the environment.
 * @throws StoreLocationInvalid; a text that may contain a password is not repeated
 */
export function parseLocation(text: string, environment: NodeJS.ProcessEnv = process.env): StoreLocation {
  const [kind = "", ...others] = text.split(":");
  const rest = others.join(":");
  if (kind === "pglite" && /^(?!.*:\/\/)\P{Cc}+$/u.test(rest)) return { paths: { store: rest } };
  if (kind === "postgres" && /^\w*$/.test(rest)) return postgresLocation(rest || "DATABASE_URL", environment);
  if (kind === "supabase" && rest === "") return supabaseLocation(environment);
  const shown = /^[a-z]{1,12}$/.test(text) ? `"${text}"` : "what was given (not shown, since it may hold a password)";
  throw new StoreLocationInvalid(`${shown} does not name a store`, `give ${FORMS}`);
}

function postgresLocation(name: string, environment: NodeJS.ProcessEnv): StoreLocation {
  // Inherited names such as __proto__ are not variables.
  const databaseUrl = Object.hasOwn(environment, name) ? environment[name] : undefined;
  if (databaseUrl) return { paths: { store: "" }, databaseUrl: databaseAddress(databaseUrl, name).connectionString };
  throw new StoreLocationInvalid(`${name} is not set`, `set ${name} to postgres://user:password@host:port/database`);
}

function supabaseLocation({ SUPABASE_URL, SUPABASE_KEY }: NodeJS.ProcessEnv): StoreLocation {
  const location = storeLocation({ store: "" }, { SUPABASE_URL, SUPABASE_KEY });
  if (location.supabase !== undefined) return location;
  throw new StoreLocationInvalid("SUPABASE_URL and SUPABASE_KEY are not set", "set both, from the project's settings");
}
