import { createInterface } from "node:readline";

/** What a contender does when asked, by the request's `do`. */
export type Actions = Record<string, (request: Record<string, unknown>) => Promise<object>>;

/** The other end of `startContender`: says its versions, then answers requests until stdin ends. */
export async function serve(versions: Record<string, string>, actions: Actions): Promise<void> {
  const say = (answer: object) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  say({ versions });
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Record<string, unknown>;
    const action = actions[String(request.do)];
    if (action === undefined) throw new RangeError(`nothing is called ${String(request.do)}`);
    say(await action(request));
  }
}
