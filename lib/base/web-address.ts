import { ThumbrankError } from "./errors";

/** A variable that does not hold a valid web address. Its value is not shown, since it may hold a password. */
export class AddressInvalid extends ThumbrankError {
  constructor(readonly variable: string) {
    super("ADDRESS_INVALID", {
      what: `${variable} is not of the form https://host or https://host:port/path (its value is not shown, since it may hold a password)`,
      next: `write ${variable} in that form, without user and password, or unset it`,
    });
  }
}

const FORM = /^https?:\/\/[^\s\p{C}/?#@\\]+(?:\/[^\s\p{C}?#]*)?$/iu;

/** Reads a web address from an environment variable; undefined if it is unset or empty. @throws AddressInvalid */
export function readWebAddress(variable: string, environment: NodeJS.ProcessEnv): string | undefined {
  const address = unquoted(environment[variable] ?? "");
  if (address === "") return undefined;
  if (!FORM.test(address) || !URL.canParse(address)) throw new AddressInvalid(variable);
  return address;
}

/** Strips surrounding blanks and one pair of quotes, which `--env-file` and copying leave behind. */
export function unquoted(text: string): string {
  const bare = text.trim();
  return /^(["'])[\s\S]*\1$/.test(bare) && bare.length > 1 ? bare.slice(1, -1).trim() : bare;
}
