import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { z } from "zod";

const Ready = z.object({ versions: z.record(z.string(), z.string()) });

/** A process that is kept alive between rounds and answers a line of JSON with a line of JSON. */
export interface Contender {
  name: string;
  /** Of what it computes with. */
  versions: Record<string, string>;
  /**
   * Asks one thing; one question at a time.
   * @throws where the process ends, or answers something else
   */
  ask<Answer>(request: Record<string, unknown>, schema: z.ZodType<Answer>): Promise<Answer>;
  /** Ends the process and waits for its end. */
  end(): Promise<void>;
}

/** Starts a program and waits until it has said its versions. */
export async function startContender(name: string, program: string, args: string[]): Promise<Contender> {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  const said: string[] = [];
  child.stderr.on("data", (piece: Buffer) => said.push(piece.toString()));
  const lines = answersOf(child);
  const next = async <Answer>(schema: z.ZodType<Answer>): Promise<Answer> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${name} ended: ${said.join("").trim().split("\n").slice(-4).join("\n")}`);
    return schema.parse(JSON.parse(value));
  };
  const { versions } = await next(Ready);
  return {
    name,
    versions,
    ask: (request, schema) => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return next(schema);
    },
    end: () => ended(child),
  };
}

/** Starts one of our own programs, in TypeScript. */
export function startOwn(name: string, script: string, args: string[]): Promise<Contender> {
  const loader = pathToFileURL(require.resolve("tsx")).href;
  return startContender(name, process.execPath, ["--import", loader, script, ...args]);
}

/** Lines of JSON objects; what libraries print besides is passed over. */
async function* answersOf(child: ChildProcess): AsyncGenerator<string, undefined> {
  if (child.stdout === null) return;
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  failed.catch(() => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  for (;;) {
    const { value, done } = await Promise.race([lines.next(), failed]);
    if (done) return;
    if (value.startsWith("{")) yield value;
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.stdin?.end();
  await exit;
}
