import type { FastifyRequest } from "fastify";
import { type Candidate, explain, rankCandidates, withTitles } from "../../deployment";
import type { App } from "../app";
import type { Embedder } from "../embedder";
import { RequestTypeUnknown } from "../errors";
import { readForm, type SentPictures, sentPictures, throwRefusals } from "../pictures";
import { EmbedAnswer, EmbedBody, ExplainAnswer, ExplainBody, problemAnswers, RankAnswer, RankBody } from "../schemas";
import type { Service } from "../service";

/** Rankings and embeddings of pictures. */
export function addRank(app: App, service: Service): void {
  const { settings } = service.options;
  const preValidation = async (request: FastifyRequest) => {
    if (request.isMultipart()) request.body = await readForm(request, settings.bodyMb * 2 ** 20);
    // A body of another type that some route takes would pass without validation.
    else if (request.mediaType !== "application/json") throw new RequestTypeUnknown();
  };
  const errors = problemAnswers(400, 401, 408, 413, 415, 422, 429, 503, 504);
  const tags = ["rank"];

  app.post(
    "/v1/rank",
    {
      schema: {
        tags,
        summary: "Rank thumbnails of one channel, best first",
        body: bodies(RankBody),
        response: { 200: RankAnswer, ...errors },
      },
      preValidation,
    },
    (request) =>
      service.use(async (model) => {
        const sent = readPictures(request);
        const candidates = await embed(model.embedder, sent, request.ended);
        const predict = (embeddings: Float32Array) => model.predict(embeddings, request.ended);
        return rankCandidates({ ...model.loaded, predict }, candidates, {
          channelId: sent.channel,
          threshold: settings.decisionThreshold,
        });
      }),
  );

  app.post(
    "/v1/embed",
    {
      schema: {
        tags,
        summary: "The embeddings that the model takes, one row for each picture with each title",
        body: bodies(EmbedBody),
        response: { 200: EmbedAnswer, ...errors },
      },
      preValidation,
    },
    (request) =>
      service.use(async ({ name, version, loaded, embedder }) => {
        const candidates = await embed(embedder, readPictures(request), request.ended);
        const embeddings = candidates.map(({ imageVector, titleVector }) => [...imageVector, ...titleVector]);
        return { model: name, version, encoders: loaded.card.encoders, embeddings };
      }),
  );

  app.post(
    "/v1/explain",
    {
      schema: {
        tags,
        summary: "Which regions of a thumbnail move its score",
        body: bodies(ExplainBody),
        response: { 200: ExplainAnswer, ...errors },
      },
      preValidation,
    },
    (request) =>
      service.use(async (model) => {
        const { pictures, titles, channel } = readPictures(request);
        const [only] = pictures;
        const [title = ""] = titles;
        const predict = (embeddings: Float32Array) => model.predict(embeddings, request.ended);
        const explanation = explain({
          model: { ...model.loaded, predict },
          encoders: model.embedder.queued(request.ended),
          picture: { image: only?.name ?? "", source: only?.data ?? new Uint8Array(), title },
          channelId: channel,
        });
        return throwRefusals(pictures, await Promise.allSettled([explanation]))[0];
      }),
  );
}

const readPictures = ({ body }: FastifyRequest): SentPictures =>
  sentPictures(body as Parameters<typeof sentPictures>[0]);

/** Embeds each picture once and each title once. @throws PicturesRefused, ServiceBusy */
async function embed(
  embedder: Embedder,
  { pictures, titles }: SentPictures,
  signal: AbortSignal,
): Promise<Candidate[]> {
  const settled = await embedder.embedPictures(
    pictures.map(({ data }) => data),
    signal,
  );
  const imageVectors = throwRefusals(pictures, settled);
  const titleVectors = await embedder.embedTitles(titles.length > 0 ? titles : [""]);
  const vectorOf = (title: string) => titleVectors.get(title) ?? new Float32Array();
  return imageVectors.flatMap((imageVector, index) => {
    const picture = { index, image: pictures[index]?.name ?? "", imageVector };
    if (titles.length > 0) return withTitles(picture, titles, vectorOf);
    return [{ ...picture, title: null, titleIndex: null, titleVector: vectorOf("") }];
  });
}

/** The body's schemas by its type. */
function bodies<Form, Json>({ form, json }: { form: Form; json: Json }) {
  return { content: { "multipart/form-data": { schema: form }, "application/json": { schema: json } } };
}
