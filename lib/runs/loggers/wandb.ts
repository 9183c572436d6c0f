import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, ThumbrankError } from "../../base";
import { readPlain } from "../../files";
import type { EpochRecord } from "../../training";
import { toScalars } from "./scalars";

/** Weights & Biases was requested (by a key or `wandb login`) but could not be used; training continues without it. */
export class WandbUnavailable extends ThumbrankError {
  constructor(cause: unknown) {
    super("WANDB_UNAVAILABLE", {
      what: `Weights & Biases cannot be used (${withoutKey(messageOf(cause)).slice(0, 200)})`,
      next: "run `npm install @wandb/sdk graphql` and check the network, or set WANDB_MODE=disabled",
    });
  }
}

/** The SDK's messages quote requests; the cause is left out of the error for the same reason. */
function withoutKey(text: string): string {
  const key = process.env.WANDB_API_KEY;
  return key ? text.replaceAll(key, "***") : text;
}

/** The part of `@wandb/sdk` that we use. It is not among our dependencies: users who want it install it. */
export interface WandbSdk {
  init(options: { project: string; name: string; config: unknown; settings: { silent: boolean } }): Promise<unknown>;
  log(data: Record<string, unknown>, step?: number): void;
  finish(): Promise<void>;
}

/** Logs epochs to Weights & Biases. Only the SDK sees the key, which it reads from WANDB_API_KEY or `~/.netrc`. */
export class WandbLogger {
  private constructor(private readonly sdk: WandbSdk) {}

  /**
   * @param name the run's name
   * @param load loads the SDK; tests pass another function
   * @throws WandbUnavailable
   */
  static async open(name: string, config: unknown, load: () => Promise<WandbSdk> = loadSdk): Promise<WandbLogger> {
    try {
      const sdk = await load();
      // Its own messages would go to stdout, where programs expect JSON.
      await sdk.init({ project: "thumbrank", name, config, settings: { silent: true } });
      return new WandbLogger(sdk);
    } catch (error) {
      throw new WandbUnavailable(error);
    }
  }

  async epoch(record: EpochRecord): Promise<void> {
    this.sdk.log(toScalars(record), record.epoch);
  }

  /** Sends what is still queued; await it at the end. Gives up on a server that no longer answers. */
  async close(timeoutMs = 30_000): Promise<void> {
    await Promise.race([this.sdk.finish(), sleep(timeoutMs, undefined, { ref: false })]);
  }
}

/** Whether the user is logged in to Weights & Biases and has not disabled it. */
export async function wantsWandb(environment: NodeJS.ProcessEnv, home = homedir()): Promise<boolean> {
  if (["disabled", "offline"].includes(environment.WANDB_MODE ?? "")) return false;
  if (environment.WANDB_API_KEY) return true;
  const netrc = await readPlain(join(home, ".netrc")).catch(() => Buffer.alloc(0));
  return /\bmachine\s+api\.wandb\.ai\b/.test(netrc.toString());
}

async function loadSdk(): Promise<WandbSdk> {
  // A name that the compiler cannot resolve, because the package is optional.
  const name: string = "@wandb/sdk";
  const module: { default: WandbSdk } = await import(name);
  return module.default;
}
