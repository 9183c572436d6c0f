import { afterAll, expect, test } from "vitest";
import { openEngine } from "../../lib/engine";
import { ThumbnailRankingModel } from "../../lib/model";
import { openPredictor } from "../../lib/training";
import { planted } from "./planted";

const data = planted({ perChannel: 3 });
const engine = await openEngine({ backend: "cpu" });
const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 });
afterAll(() => engine.dispose());

test("what is predicted of a row does not depend on chunks or on the rows beside it", async () => {
  const small = openPredictor(engine, model, 5);
  const large = openPredictor(engine, model, 64);
  const chunked = await small.predict(data.features);
  const whole = await large.predict(data.features);
  expect(chunked.scores).toHaveLength(24);
  expect(chunked).toEqual(whole);
  const rows = [17, 3, 3];
  const some = await small.predict(data.features, rows);
  expect([...some.scores]).toEqual(rows.map((row) => whole.scores[row]));
  expect([...some.auxiliary.slice(6, 12)]).toEqual([...whole.auxiliary.slice(18, 24)]);
});
