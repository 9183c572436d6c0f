import { rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { errorCode } from "../../base";
import { makeFolder, readPlain, writeAtomically } from "../../files";
import { CtrNotConnected, CtrTokenDamaged, CtrTokenExposed } from "./errors";

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** The stored part of a consent. Access tokens are not stored: they live for an hour, in memory. */
const Consent = z.strictObject({
  refreshToken: z.string().min(1),
  scope: z.string(),
  connectedAt: z.iso.datetime(),
});
export type Consent = z.infer<typeof Consent>;

/**
 * Path of the consent's file. It is in the user's settings, `$XDG_CONFIG_HOME/thumbrank` or `~/.config/thumbrank`, and
 * not in the data folder, which may be copied, shared and mounted.
 */
export function consentFile(environment: NodeJS.ProcessEnv): string {
  return join(environment.XDG_CONFIG_HOME || join(homedir(), ".config"), "thumbrank", "youtube-owner.json");
}

/** Writes the consent atomically, readable only by the user. */
export async function writeConsent(file: string, consent: Consent): Promise<void> {
  await makeFolder(dirname(file), 0o700);
  await writeAtomically(file, `${JSON.stringify(consent, null, 2)}\n`, OWNER_ONLY);
}

/** Reads the saved consent. @throws CtrNotConnected, CtrTokenExposed, CtrTokenDamaged */
export async function readConsent(file: string): Promise<Consent> {
  const text = await readOwn(file);
  try {
    return Consent.parse(JSON.parse(text));
  } catch {
    // The thrown error would repeat the file's text.
    throw new CtrTokenDamaged(file);
  }
}

export async function deleteConsent(file: string): Promise<void> {
  await rm(file, { force: true });
}

async function readOwn(file: string): Promise<string> {
  try {
    const { mode } = await stat(file);
    // Windows has no such modes.
    if (process.platform !== "win32" && (mode & OTHERS) !== 0)
      throw new CtrTokenExposed(file, (mode & 0o777).toString(8));
    return (await readPlain(file)).toString();
  } catch (thrown) {
    if (errorCode(thrown) === "ENOENT") throw new CtrNotConnected(file);
    throw thrown;
  }
}
