import type { Fault } from "./faults";
import { type Behaviour, type Logged, openGateway } from "./gateway";
import { type Keys, makeKeys, signToken } from "./keys";
import { createProject, type Exposure } from "./project";
import { openRest } from "./rest";

/** What a stand-in is started with; everything else is changed by `set`. */
export interface SupabaseOptions extends Partial<Behaviour> {
  /** `explicit` (default): the API's roles get no grants on new tables, as in projects made since May 2026. */
  exposure?: Exposure;
  /** Connections of the REST server to the database. */
  connections?: number;
  /** Of the draws of faults. */
  seed?: number;
}

/** A project of Supabase's: a PostgreSQL database behind a gateway that speaks PostgREST's protocol. */
export interface Supabase extends Omit<Keys, "secret"> {
  url: string;
  /** Of the database's owner, who is no superuser and bypasses row level security. */
  databaseUrl: string;
  set(change: Partial<Behaviour>): void;
  /** The next requests meet these faults, in order. */
  failNext(...faults: Fault[]): void;
  /** What was asked since the start or the last `forget`. */
  requests(): Logged[];
  forget(): void;
  /** A signed token, as a signed-in user has one. */
  token(claims: Record<string, unknown>): string;
  stop(): Promise<void>;
}

/** Starts the database and the gateway. Throws where this machine has no PostgreSQL. */
export async function startSupabase(options: SupabaseOptions = {}): Promise<Supabase> {
  const { exposure = "explicit", connections = 10, seed = 0, ...changed } = options;
  const behaviour: Behaviour = { ...DEFAULTS, ...changed };
  const { secret, ...keys } = makeKeys();
  const project = await createProject(exposure);
  const rest = openRest(project.authenticatorUrl, connections);
  const gateway = await openGateway({ secret, ...keys }, rest, behaviour, seed);
  return {
    ...keys,
    url: gateway.url,
    databaseUrl: project.ownerUrl,
    set: (change) => void Object.assign(behaviour, change),
    failNext: (...faults) => void gateway.pending.push(...faults),
    requests: () => [...gateway.log],
    forget: () => void gateway.log.splice(0),
    token: (claims) => signToken(secret, claims),
    async stop() {
      await gateway.stop();
      await rest.end();
      await project.server.stop();
    },
  };
}

const DEFAULTS: Behaviour = {
  maxRows: 1000,
  statementTimeoutMs: null,
  paused: false,
  latencyMs: 0,
  faultRate: 0,
  faults: ["reset", "502", "503", "504"],
  maxBodyBytes: 100 * 2 ** 20,
  maxUrlBytes: 16 * 2 ** 10,
};
