import { expect, test } from "vitest";
import { display, figure, html, lines, liveFigure, promise, reload } from "../../lib/notebook";
import { inCell, textOf } from "./host";
import { printed } from "./printed";

const line = (title: string) => lines({ loss: { x: [0, 1], y: [2, 1] } }, { title, x: "epoch" });

test("what is displayed goes to the kernel as a bundle; outside a notebook its text is printed", async () => {
  const shown = await inCell(() => display(html("<b>bold</b>", "bold")));
  expect(shown).toEqual([{ bundle: { "text/html": "<b>bold</b>", "text/plain": "bold" } }]);
  expect(await printed(() => display(html("<b>bold</b>", "bold")))).toEqual(["bold"]);
});

test("a live figure is redrawn in place at most twice a second, and its last state is never lost", async () => {
  let clock = 0;
  const shown = await inCell(() => {
    const live = liveFigure(line("0"), () => clock);
    for (const title of ["1", "2", "3", "4"]) {
      clock += 200;
      live.update(line(title));
    }
    live.close();
    live.close();
  });
  expect(shown.map(textOf).map((text) => /\[plot\] (\d)/.exec(text)?.[1])).toEqual(["0", "3", "4"]);
  expect(shown.map(({ update }) => update)).toEqual([false, true, true]);
  expect(new Set(shown.map(({ displayId }) => displayId)).size).toBe(1);
});

test("two live figures have places of their own", async () => {
  const shown = await inCell(() => [liveFigure(line("a")), liveFigure(line("b"))]);
  expect(new Set(shown.map(({ displayId }) => displayId)).size).toBe(2);
});

test("where nobody looks on, a live figure is drawn once", async () => {
  const draw = () => {
    const live = liveFigure(line("0"));
    for (const title of ["1", "2", "3"]) live.update(line(title));
    live.close();
  };
  const shown = await inCell(draw, { headless: true });
  expect(shown.map(textOf)).toEqual(["[plot] 3 (epoch): loss 2 points"]);
  expect(await printed(draw)).toEqual(["[plot] 3 (epoch): loss 2 points"]);
});

test("a promise that is kept is ticked; a broken one throws with its figures", async () => {
  expect(await printed(() => promise("winners win", true, "900 of 900"))).toEqual(["✓ winners win (900 of 900)"]);
  expect(() => promise("winners win", false, "1 of 900")).toThrowError(
    expect.objectContaining({ code: "NOTEBOOK_PROMISE_BROKEN", message: expect.stringContaining("1 of 900") }),
  );
});

test("reload does nothing outside a notebook", () => {
  expect(reload()).toBeUndefined();
  expect(figure([]).traces).toEqual([]);
});
