import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { bars, DISPLAY, type Figure, figure, histogram, lines, scatter, subplots } from "../../lib/notebook";

interface Drawn {
  data: Record<string, unknown>[];
  layout: Record<string, Record<string, unknown>> & { annotations?: { text: string }[] };
}

const drawn = (plot: Figure) => plot[DISPLAY]()["application/vnd.plotly.v1+json"] as Drawn;
const textOf = (plot: Figure) => String(plot[DISPLAY]()["text/plain"]);
const normal = (count: number, name: string) => {
  const source = random(name);
  return Array.from({ length: count }, () => source.normal());
};

/** Edges and counts of the one list of a histogram. */
function binsOf(plot: Figure) {
  const { x, y, width } = drawn(plot).data[0] as { x: number[]; y: number[]; width: number[] };
  return x.map((centre, at) => ({ low: centre - width[at]! / 2, high: centre + width[at]! / 2, count: y[at]! }));
}

test("a histogram's bins hold what a loop counts, and all values", () => {
  for (const values of [normal(5000, "a"), normal(50, "b").map((value) => value * 1e6), [0.1, 0.2, 0.3, 0.7, 0.3]]) {
    const bins = binsOf(histogram(values, {}));
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
    const tolerance = (bins[0]!.high - bins[0]!.low) * 1e-6;
    for (const { low, high, count } of bins) {
      const within = (slack: number) => values.filter((value) => value >= low - slack && value < high - slack).length;
      expect([within(tolerance), within(0), within(-tolerance)]).toContain(count);
    }
  }
});

test("integers have bins of their own; on a logarithmic axis bins are equal factors", () => {
  const dice = Array.from({ length: 60 }, (_, at) => 1 + (at % 6));
  expect(binsOf(histogram(dice)).map(({ count }) => count)).toEqual([10, 10, 10, 10, 10, 10]);
  const views = Array.from({ length: 300 }, (_, at) => 10 ** (2 + at / 100));
  const factors = binsOf(histogram(views, { logX: true })).map(({ low, high }) => high / low);
  for (const factor of factors) expect(factor).toBeCloseTo(factors[0]!, 6);
  expect(factors[0]).toBeGreaterThan(1);
});

test("values that a histogram cannot hold are counted in the figure", () => {
  const plot = histogram([0, -1, 10, 100, Number.NaN], { logX: true });
  expect(drawn(plot).layout.annotations?.map(({ text }) => text)).toEqual(["3 values cannot be drawn here"]);
  expect(drawn(histogram([1, 2, 3])).layout.annotations).toEqual([]);
});

test("typed arrays become lists; what JSON lacks becomes null", () => {
  const plot = figure([{ type: "scatter", x: new Float32Array([1, 2]), y: [Number.NaN, Number.POSITIVE_INFINITY] }]);
  expect(drawn(plot).data[0]).toMatchObject({ x: [1, 2], y: [null, null] });
  expect(JSON.parse(JSON.stringify(drawn(plot)))).toEqual(drawn(plot));
});

test("texts are escaped wherever they stand, formats are not", () => {
  const hostile = '<a href="javascript:x">$y$ & z</a>';
  const plot = figure([{ x: [hostile], y: [1], text: [[hostile]], name: hostile, hovertemplate: "<b>%{x}</b>" }], {
    title: { text: hostile },
    annotations: [{ text: hostile }],
  });
  const { hovertemplate, ...rest } = drawn(plot).data[0]!;
  expect(hovertemplate).toBe("<b>%{x}</b>");
  expect(JSON.stringify([rest, drawn(plot).layout.title, drawn(plot).layout.annotations])).not.toMatch(/[<>$]/);
});

test("group names and axis titles in a template are texts, not formats", () => {
  const points = [{ x: 1, y: 2, color: "%{x}<b>", label: "%{y}" }];
  const [trace] = drawn(scatter(points, { x: "a%{y}", y: "<i>" })).data;
  expect(trace!.hovertemplate).toBe(
    "%{text}<br>&#37;{x}&#60;b&#62;<br>a&#37;{y}: %{x}<br>&#60;i&#62;: %{y}<extra></extra>",
  );
});

test("more than 20,000 points are thinned alike in all their lists, and the figure says so", () => {
  const x = Array.from({ length: 50_000 }, (_, at) => at);
  const plot = figure([
    { type: "scatter", x, y: x, marker: { color: x } },
    { type: "scatter", x: [0, 1], y: [0, 1] },
  ]);
  const [cloud, short] = drawn(plot).data as { x: number[]; y: number[]; marker: { color: number[] } }[];
  expect(cloud!.x.length).toBeLessThanOrEqual(20_000);
  expect(cloud!.marker.color).toEqual(cloud!.x);
  expect(cloud!.y).toEqual(cloud!.x);
  expect(short!.x).toEqual([0, 1]);
  expect(drawn(plot).layout.annotations?.map(({ text }) => text)).toEqual(["16,669 of 50,002 points drawn"]);
});

test("a few integers have a tick each, more have whole ticks, others are left to Plotly", () => {
  const ticksOf = (x: number[]) => drawn(lines({ a: { x, y: x } })).layout.xaxis;
  expect(ticksOf([0, 1, 2, 3])).toMatchObject({ dtick: 1, tickformat: ",d" });
  expect(ticksOf([0, 1000])).toMatchObject({ tickformat: ",d" });
  expect(ticksOf([0, 1000])).not.toHaveProperty("dtick");
  expect(ticksOf([0, 0.5])).not.toHaveProperty("tickformat");
});

test("bars reach their intervals, and only where there are any", () => {
  const [bar] = drawn(
    bars([
      { label: "a", value: 0.6, low: 0.5, high: 0.65 },
      { label: "b", value: 0.5 },
    ]),
  ).data as {
    error_y: { array: (number | null)[]; arrayminus: (number | null)[] };
  }[];
  expect(bar!.error_y.array[0]).toBeCloseTo(0.05);
  expect(bar!.error_y.arrayminus[0]).toBeCloseTo(0.1);
  expect([bar!.error_y.array[1], bar!.error_y.arrayminus[1]]).toEqual([null, null]);
  expect(drawn(bars([{ label: "a", value: 1 }])).data[0]).not.toHaveProperty("error_y");
});

test("subplots keep axes, marks and legends of each plot apart", () => {
  const one = lines(
    { a: { x: [0, 1], y: [0, 1] }, b: { x: [0, 1], y: [1, 0] } },
    { marks: [{ y: 0.5, label: "half" }] },
  );
  const { data, layout } = drawn(subplots([histogram([1, 2]), one, one], { columns: 2 }));
  expect(data.map(({ xaxis, yaxis, legend }) => [xaxis, yaxis, legend])).toEqual([
    ["x", "y", undefined],
    ...[...Array(2)].map(() => ["x2", "y2", "legend2"]),
    ...[...Array(2)].map(() => ["x3", "y3", "legend3"]),
  ]);
  const shapes = layout.shapes as unknown as { xref: string; yref: string }[];
  expect(shapes.map(({ xref, yref }) => [xref, yref])).toEqual([
    ["x2 domain", "y2"],
    ["x3 domain", "y3"],
  ]);
  const domains = ["yaxis", "yaxis3"].map((name) => layout[name]!.domain as [number, number]);
  expect(domains[0]![0]).toBeGreaterThan(domains[1]![1]);
});

test("a log reads title, axes, traces and points", () => {
  const plot = lines({ train: { x: [1, 2, 3], y: [1, 2, 3] } }, { title: "Loss", x: "epoch", y: "loss" });
  expect(textOf(plot)).toBe("[plot] Loss (epoch, loss): train 3 points");
});
