import { z } from "zod";
import { unquoted } from "../../base";
import { StoreKeyRefused, StoreLocationInvalid } from "../errors";

/** Address and key of a project's REST API. */
export interface SupabaseCredentials {
  /** SUPABASE_URL: https://PROJECT.supabase.co */
  url: string;
  /** SUPABASE_KEY: the project's secret key (sb_secret_…), or its service_role key. */
  key: string;
}

const Address = z.url({ protocol: /^https?$/, hostname: /./ });
const Claims = z.object({ role: z.string() });
/** Characters that keys consist of and a header may contain. */
const KEY = /^[\w.~+/=-]+$/;

/**
 * Checks a project's address and key, strips surrounding blanks and quotes, and reduces the address to its origin.
 * @throws StoreLocationInvalid if the address is not a URL; the message does not repeat it, since it may be the key
 * @throws StoreKeyRefused if the key is a browser key, which cannot read anything, or is not a key
 */
export function checkedCredentials({ url, key }: SupabaseCredentials): SupabaseCredentials {
  const address = Address.safeParse(unquoted(url));
  if (!address.success) {
    throw new StoreLocationInvalid(
      "SUPABASE_URL is not an address of the form https://PROJECT.supabase.co",
      "copy the project's URL from its settings (Data API)",
    );
  }
  const { origin } = new URL(address.data);
  const checked = { url: origin, key: unquoted(key) };
  const problem = findKeyProblem(checked.key);
  if (problem !== null) throw new StoreKeyRefused(describeSupabase(checked), problem);
  return checked;
}

/** Human-readable name of a project, without its key. */
export function describeSupabase({ url }: Pick<SupabaseCredentials, "url">): string {
  return `Supabase at ${new URL(url).host}`;
}

function findKeyProblem(key: string): string | null {
  if (!KEY.test(key)) return "SUPABASE_KEY is empty or has characters that no key has";
  if (key.startsWith("sb_publishable_"))
    return "SUPABASE_KEY is the publishable key, which cannot read or write anything";
  const role = parseRole(key);
  if (role === null || role === "service_role") return null;
  return `SUPABASE_KEY is a key of the role ${role}, which cannot read or write anything`;
}

/** The role in a key of the older form, a JWT; null for other keys. */
function parseRole(key: string): string | null {
  const [, payload, signature] = key.split(".");
  if (payload === undefined || signature === undefined) return null;
  try {
    return Claims.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8"))).role;
  } catch {
    return null;
  }
}
