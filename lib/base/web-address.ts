import { ThumbrankError } from "./errors";

/** A variable that holds no web address; it is not shown, since it may hold a password. */
export class AddressInvalid extends ThumbrankError {
  constructor(readonly variable: string) {
    super("ADDRESS_INVALID", {
      what: `${variable} is not of the form https://host or https://host:port/path (its value is not shown, since it may hold a password)`,
      next: `write ${variable} in that form, without user and password, or unset it`,
    });
  }
}

const FORM = /^https?:\/\/[^\s\p{C}/?#@\\]+(?:\/[^\s\p{C}?#]*)?$/iu;

/** The web address that a variable of the environment holds; undefined if it holds none. @throws AddressInvalid */
export function readWebAddress(variable: string, environment: NodeJS.ProcessEnv): string | undefined {
  const address = unquoted(environment[variable] ?? "");
  if (address === "") return undefined;
  if (!FORM.test(address) || !URL.canParse(address)) throw new AddressInvalid(variable);
  return address;
}

/** A setting without blanks and one pair of quotes around it, as `--env-file` and copying leave them. */
export function unquoted(text: string): string {
  const bare = text.trim();
  return /^(["'])[\s\S]*\1$/.test(bare) && bare.length > 1 ? bare.slice(1, -1).trim() : bare;
}
