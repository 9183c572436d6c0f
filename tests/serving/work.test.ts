import { expect, test } from "vitest";
import type { Predictions } from "../../lib/model";
import { RowBatcher } from "../../lib/serving/batcher";
import { ServiceBusy } from "../../lib/serving/errors";
import { SharedWork } from "../../lib/serving/shared-work";
import { Tokens } from "../../lib/serving/tokens";
import { WorkQueue } from "../../lib/serving/work-queue";

const never = new AbortController().signal;
const untimed = { waited: () => {}, worked: () => {} };

/** A promise to be settled by the test. */
function deferred<Value>() {
  let settle = { resolve: (_: Value) => {}, reject: (_: unknown) => {} };
  const promise = new Promise<Value>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A model whose scores are the rows' first numbers, and a record of its batches. */
function model(gate?: Promise<void>) {
  const batches: number[] = [];
  const predict = async (embeddings: Float32Array): Promise<Predictions> => {
    batches.push(embeddings.length / 2);
    await gate;
    const scores = embeddings.filter((_, place) => place % 2 === 0);
    return { scores, ctr: scores, auxiliary: Float32Array.from({ length: scores.length * 6 }, (_, at) => at) };
  };
  return { predict, batches };
}

const options = { width: 2, batchRows: 4, batchWaitMs: 0, observe: () => {} };
const rows = (...first: number[]) => Float32Array.from(first.flatMap((value) => [value, 0]));

test("rows of several requests share a batch, and each request gets its own", async () => {
  const { predict, batches } = model();
  const batcher = new RowBatcher({ ...options, predict });
  const answers = await Promise.all([batcher.predict(rows(1, 2), never), batcher.predict(rows(3), never)]);
  expect(batches).toEqual([3]);
  expect(answers.map(({ scores }) => [...scores])).toEqual([[1, 2], [3]]);
  expect([...(answers[1]?.auxiliary ?? [])]).toEqual([12, 13, 14, 15, 16, 17]);
});

test("a batch counts rows, not requests, and what does not fit waits for the next", async () => {
  const { predict, batches } = model();
  const batcher = new RowBatcher({ ...options, predict });
  await Promise.all(
    [rows(1, 2), rows(3, 4), rows(5), rows(1, 2, 3, 4, 5, 6)].map((each) => batcher.predict(each, never)),
  );
  expect(batches).toEqual([4, 1, 6]);
});

test("rows of a request that was given up are never scored", async () => {
  const gate = deferred<void>();
  const { predict, batches } = model(gate.promise);
  const batcher = new RowBatcher({ ...options, predict });
  const first = batcher.predict(rows(1), never);
  await turn();
  const controller = new AbortController();
  const given = batcher.predict(rows(2, 3), controller.signal);
  const kept = batcher.predict(rows(4), never);
  controller.abort(new Error("gone"));
  gate.resolve();
  await expect(given).rejects.toThrow("gone");
  expect([...(await kept).scores]).toEqual([4]);
  expect([...(await first).scores]).toEqual([1]);
  expect(batches).toEqual([1, 1]);
});

test("a batch that fails fails its own requests only", async () => {
  let calls = 0;
  const { predict } = model();
  const flaky = (embeddings: Float32Array) => (calls++ === 0 ? Promise.reject(new Error("no")) : predict(embeddings));
  const batcher = new RowBatcher({ ...options, predict: flaky });
  await expect(batcher.predict(rows(1), never)).rejects.toThrow("no");
  expect([...(await batcher.predict(rows(2), never)).scores]).toEqual([2]);
});

test("the queue runs so many at once, in order, and tells how many wait", async () => {
  const queue = new WorkQueue(2, 10, untimed);
  const gates = [1, 2, 3].map(() => deferred<void>());
  const began: number[] = [];
  const runs = gates.map((gate, index) =>
    queue.run(() => {
      began.push(index);
      return gate.promise;
    }, never),
  );
  await turn();
  expect([began, queue.size]).toEqual([[0, 1], 1]);
  gates[1]?.resolve();
  await turn();
  expect([began, queue.size]).toEqual([[0, 1, 2], 0]);
  for (const gate of gates) gate.resolve();
  await Promise.all(runs);
});

test("a full queue refuses, and says when there will be room", async () => {
  const queue = new WorkQueue(1, 2, untimed);
  queue.requireRoom(3);
  expect(() => queue.requireRoom(4)).toThrow(ServiceBusy);
  const gate = deferred<void>();
  const runs = [1, 2, 3].map(() => queue.run(() => gate.promise, never));
  await turn();
  const refused = (() => {
    try {
      return queue.requireRoom(1);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(refused).toBeInstanceOf(ServiceBusy);
  expect(Number((refused as ServiceBusy).headers["retry-after"])).toBeGreaterThanOrEqual(1);
  gate.resolve();
  await Promise.all(runs);
  queue.requireRoom(3);
});

test("what waits is dropped when its caller goes, and the rest moves up", async () => {
  const queue = new WorkQueue(1, 10, untimed);
  const gate = deferred<void>();
  const first = queue.run(() => gate.promise, never);
  const controller = new AbortController();
  let ran = false;
  const dropped = queue.run(async () => {
    ran = true;
  }, controller.signal);
  const last = queue.run(async () => "done", never);
  controller.abort(new Error("gone"));
  await expect(dropped).rejects.toThrow("gone");
  expect(queue.size).toBe(1);
  gate.resolve();
  await first;
  expect(await last).toBe("done");
  expect(ran).toBe(false);
});

test("the same work is done once for all who ask while it is done, and again afterwards", async () => {
  const shared = new SharedWork<number>();
  const gate = deferred<number>();
  let calls = 0;
  const work = () => {
    calls++;
    return gate.promise;
  };
  const asked = [1, 2, 3].map(() => shared.run("key", never, work));
  gate.resolve(7);
  expect(await Promise.all(asked)).toEqual([7, 7, 7]);
  expect([calls, shared.has("key")]).toEqual([1, false]);
});

test("shared work is given up when the last who asked has gone, not before", async () => {
  const shared = new SharedWork<number>();
  let given: AbortSignal | undefined;
  const work = (signal: AbortSignal) => {
    given = signal;
    return new Promise<number>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const [one, two] = [new AbortController(), new AbortController()];
  const first = shared.run("key", one.signal, work);
  const second = shared.run("key", two.signal, work);
  one.abort(new Error("first gone"));
  await expect(first).rejects.toThrow("first gone");
  expect(given?.aborted).toBe(false);
  two.abort(new Error("second gone"));
  await expect(second).rejects.toThrow("second gone");
  expect([given?.aborted, shared.has("key")]).toEqual([true, false]);
});

test("tokens are known by their hashes, and everything else is not a token", () => {
  const tokens = new Tokens("first-token-of-16+, second-token-of-16==");
  expect(tokens.areSet).toBe(true);
  expect(tokens.identify("Bearer first-token-of-16+")).toMatch(/^[0-9a-f]{16}$/);
  expect(tokens.identify("bearer second-token-of-16==")).toBeDefined();
  for (const wrong of [undefined, "", "Bearer", "Bearer ", "Bearer first-token-of-16", "Basic first-token-of-16+"])
    expect(tokens.identify(wrong)).toBeUndefined();
  expect(new Tokens(" , ").areSet).toBe(false);
  expect(() => new Tokens("short")).toThrow("THUMBRANK_TOKENS");
  expect(() => new Tokens("with a blank inside it")).toThrow("THUMBRANK_TOKENS");
});
