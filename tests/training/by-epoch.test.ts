import { expect, test } from "vitest";
import { byEpoch, type EpochRecord } from "../../lib/training";
import { epochRecord } from "../runs/loggers-record";

test("figures of a training become series over its epochs, without those it could not take", () => {
  const history: EpochRecord[] = [
    epochRecord(0, { pair: 0.3, valAuc: null }),
    epochRecord(1, { pair: 0.2, valAuc: 0.6 }),
    epochRecord(2, { pair: 0.1, valAuc: 0.7 }),
  ];
  expect(byEpoch(history, ["pair", "valAuc"])).toEqual({
    pair: { x: [0, 1, 2], y: [0.3, 0.2, 0.1] },
    valAuc: { x: [1, 2], y: [0.6, 0.7] },
  });
  expect(byEpoch([], ["pair"])).toEqual({ pair: { x: [], y: [] } });
});
