import { join } from "node:path";
import { expect, test } from "vitest";
import { Config } from "../../lib/config";
import { loadModel, openEncoders, type Ranking, rank, resolveModel, type TrainedModel } from "../../lib/deployment";
import { openImageEncoder, openTextEncoder } from "../../lib/embedding";
import { randomModel } from "../deployment/trained";
import { form, picture, send, startTestService } from "./running";

/** Tiny random towers, as transformers saves them. */
const TOWERS = join(__dirname, "..", "golden", "clip");

/** A model of a tower's vectors of whole pictures. */
async function ofTower(): Promise<Partial<TrainedModel>> {
  const image = await openImageEncoder(join(TOWERS, "vision"), { geometry: "wide" });
  const text = await openTextEncoder("title-hash");
  await image.close();
  const model = randomModel(image.identity.dimensions, text.identity.dimensions, 16);
  return {
    weights: model.weights,
    config: Config.parse({ model: model.options }),
    identities: { image: image.identity, text: text.identity },
  };
}

test("a service ranks with a folder's tower in wide, on threads, as the command line does", async () => {
  const service = await startTestService({ threads: 2 }, { model: await ofTower(), modelDir: TOWERS });
  try {
    const pictures = await Promise.all([1, 2, 3].map((number) => picture(number)));
    const body = form(pictures, [["title", "A title"]]);
    const sent = await send<Ranking>(`${service.address}/v1/rank`, { method: "POST", body });
    expect(sent.status).toBe(200);
    const model = await loadModel((await resolveModel(service.models, "first")).folder);
    const encoders = await openEncoders(model.card, { modelDir: TOWERS });
    expect(encoders.image.identity.preprocessing).toContain("42x24, wide");
    const images = pictures.map((source, index) => ({ image: `picture-${index}.jpg`, source }));
    const expected = await rank({ model, encoders, images, titles: ["A title"] });
    const scores = ({ ranking }: Ranking) => ranking.map(({ image, score }) => ({ image, score: score.toFixed(5) }));
    expect(scores(sent.body)).toEqual(scores(expected));
    expect(new Set(scores(expected).map(({ score }) => score)).size).toBe(3);
    await Promise.all([model.close(), encoders.image.close(), encoders.text.close()]);
  } finally {
    await service.end();
  }
});

test("without the tower's folder a service does not start, and says where the folder is named", async () => {
  await expect(startTestService({}, { model: await ofTower() })).rejects.toMatchObject({
    code: "EMBEDDING_ENCODER_UNKNOWN",
    what: 'there is no image encoder "vision"',
    next: expect.stringContaining("--model-dir"),
  });
});
