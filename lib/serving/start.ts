import { setFlagsFromString } from "node:v8";
import { errorCode, messageOf } from "../base";
import { AddressUnusable, TokensRequired } from "./errors";
import { buildServer, isThisMachine } from "./server";
import { Service, type ServiceOptions } from "./service";

/**
 * By how much the main thread's heap may grow before all of it is collected. Bodies of requests count as part of it, and
 * with V8's own few per cent a dozen pictures are enough.
 */
const HEAP_GROWTH_PERCENT = 200;

/** A service that listens. */
export interface RunningService {
  /** Such as http://127.0.0.1:8080. */
  address: string;
  /** Looks for another current version of the model. */
  reload(): Promise<void>;
  /** Finishes what is in flight, then ends. */
  close(): Promise<void>;
}

/**
 * Loads the model, warms it up, and listens.
 * @throws TokensRequired, TokensInvalid, AddressUnusable, ModelRefused, ModelMissing
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { host, port } = options.settings;
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  const service = new Service(options);
  if (!isThisMachine(host) && !service.tokens.areSet) throw new TokensRequired(host);
  await service.open();
  const app = await buildServer(service);
  try {
    const address = await app.listen({ host, port });
    return {
      address,
      reload: () => service.reload(),
      async close() {
        await app.close();
        await service.close();
      },
    };
  } catch (thrown) {
    await app.close();
    await service.close();
    if (errorCode(thrown) === null) throw thrown;
    throw new AddressUnusable(host, port, reasonOf(thrown), thrown);
  }
}

function reasonOf(thrown: unknown): string {
  const reasons: Record<string, string> = {
    EADDRINUSE: "another program uses it",
    EACCES: "this user may not",
    EADDRNOTAVAIL: "this machine has no such address",
    ENOTFOUND: "there is no such host",
  };
  return reasons[errorCode(thrown) ?? ""] ?? messageOf(thrown);
}
