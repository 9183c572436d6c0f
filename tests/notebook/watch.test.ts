import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Progress } from "../../lib/base/progress";
import { watch } from "../../lib/notebook";
import { openProgressView } from "../../lib/notebook/progress-view";
import { htmlOf, inCell, textOf } from "./host";
import { printed } from "./printed";

/** Counts to a number, in two stages, and tells whether it was put away. */
function counting(total: number, put: { away: boolean } = { away: false }): AsyncGenerator<Progress, string> {
  return (async function* () {
    try {
      for (let done = 0; done <= total; done++) yield { stage: "count <b>", done, total };
      yield { stage: "stream", done: 7 };
      return "result";
    } finally {
      await pause(1);
      put.away = true;
    }
  })();
}

test("a bar becomes one line a stage, and the result comes back", async () => {
  let result = "";
  const facts: Progress[] = [];
  const shown = await inCell(async () => {
    result = await watch(counting(1200), (fact) => facts.push(fact));
  });
  expect(result).toBe("result");
  expect(facts).toHaveLength(1202);
  const places = [...new Set(shown.map(({ displayId }) => displayId))];
  const last = places.map((place) => textOf(shown.findLast(({ displayId }) => displayId === place)!));
  expect(last).toEqual(["count <b>: 1,200 done in 0 s", "stream: 7 done in 0 s"]);
  expect(shown.map(htmlOf).join("")).not.toContain("<b>");
});

test("a bar is redrawn at most five times a second, with rate and time left", async () => {
  let clock = 0;
  const shown = await inCell(() => {
    const view = openProgressView(() => clock);
    for (let done = 0; done <= 100; done++, clock += 50) view.show({ stage: "embed", done, total: 100 });
    view.end();
  });
  // At 0, 200, 400, … 5,000 ms, and the last line.
  expect(shown).toHaveLength(26 + 1);
  expect(textOf(shown[10]!)).toContain("40/100  20/s  ETA 3 s");
  expect(htmlOf(shown[10]!)).toContain("width:40.0%");
  expect(textOf(shown.at(-1)!)).toBe("embed: 100 done in 5 s");
});

test("where nobody looks on there is a line every ten seconds, and one at the end", async () => {
  let clock = 0;
  const run = () => {
    const view = openProgressView(() => clock);
    for (let done = 0; done <= 25; done++, clock += 1000) view.show({ stage: "embed", done, total: 25 });
    view.end();
  };
  const lines = await printed(() => inCell(run, { headless: true }));
  expect(lines.map((line) => /\d+\/25|done in .*/.exec(line)?.[0])).toEqual(["10/25", "20/25", "done in 26 s"]);
});

test("an interrupt ends the job in order, and says how far it was", async () => {
  const put = { away: false };
  const shown = await inCell(async (interrupt) => {
    const watched = watch(counting(1000, put), ({ done }) => done === 40 && interrupt());
    await expect(watched).rejects.toMatchObject({ code: "NOTEBOOK_INTERRUPTED", where: "count <b>, 40 of 1000" });
  });
  expect(put.away).toBe(true);
  expect(textOf(shown.at(-1)!)).toContain("40 done, then stopped after");
});

test("what a job throws comes through, and what watches it cannot leave it running", async () => {
  const failing = (async function* (): AsyncGenerator<Progress, void> {
    yield { stage: "a", done: 1 };
    throw new Error("disk full");
  })();
  await inCell(() => expect(watch(failing)).rejects.toThrow("disk full"));
  const put = { away: false };
  const careless = () => {
    throw new Error("in onFact");
  };
  await inCell(() => expect(watch(counting(3, put), careless)).rejects.toThrow("in onFact"));
  expect(put.away).toBe(true);
});
