import { z } from "zod";
import { MOST_TITLES } from "../config";
import { AUXILIARY_HEADS } from "../model";

/** Fewest and most pictures of a ranking over HTTP. */
export const LEAST_PICTURES = 2;
export const MOST_PICTURES = 20;

/** A single line of text. */
const line = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^\P{Cc}*$/u, "must not have control characters");

const Title = line(500).describe("A title of the video.");
const Channel = line(64).min(1).describe("Id of the channel, for percentiles within it where the model knows it.");

/** A picture that was sent: its name, a label only, and its bytes. */
export interface SentPicture {
  name: string;
  data: Uint8Array;
}

/** A file of a form. The form's reader makes it, so there is nothing left to check. */
const FormPicture = z
  .custom<SentPicture>((value) => typeof value === "object" && value !== null && "data" in value)
  .meta({ type: "string", format: "binary", description: "A JPEG, PNG or WebP picture." });

const Base64 = z.string().min(1).meta({ contentEncoding: "base64", description: "A JPEG, PNG or WebP picture." });
const NamedPicture = z.strictObject({ name: line(200).default(""), data: Base64 });
const JsonPicture = z.union([Base64, NamedPicture]);

const titles = z.array(Title).max(MOST_TITLES).default([]);
const pictures = <Picture extends z.ZodType>(picture: Picture, least: number, most: number) =>
  z.array(picture).min(least).max(most);

/** Bodies of a route that takes pictures, as a form and as JSON. */
function pictureBodies(least: number, most: number) {
  return {
    form: z.strictObject({ images: pictures(FormPicture, least, most), title: titles, channel: Channel.optional() }),
    json: z.strictObject({ images: pictures(JsonPicture, least, most), titles, channel: Channel.optional() }),
  };
}

export const RankBody = pictureBodies(LEAST_PICTURES, MOST_PICTURES);
export const EmbedBody = pictureBodies(1, MOST_PICTURES);
export const ExplainBody = pictureBodies(1, 1);
export type PictureForm = z.output<typeof RankBody.form>;
export type PictureJson = z.output<typeof RankBody.json>;

const matrix = z.array(z.array(z.number()));
const ratio = z.number().min(0).max(1);

export const RankAnswer = z
  .object({
    model: z.string(),
    version: z.number().int().describe("0 for a model that was exported without versions."),
    ranking: z
      .array(
        z.object({
          index: z.number().int().describe("The picture's place in the request, from 0."),
          image: z.string(),
          title: z.string().nullable(),
          titleIndex: z.number().int().nullable().describe("The title's place in the request, from 0."),
          score: z.number().describe("Orders thumbnails of one channel; it has no unit."),
          percentile: z.number().min(0).max(100),
          subScores: z.object(
            Object.fromEntries(AUXILIARY_HEADS.map((head) => [head, ratio])) as Record<
              (typeof AUXILIARY_HEADS)[number],
              typeof ratio
            >,
          ),
        }),
      )
      .describe("Best first; one row for each picture with each title."),
    grid: z
      .object({ titles: z.array(z.string()), images: z.array(z.string()), scores: matrix, percentiles: matrix })
      .optional()
      .describe("With several titles: every picture (rows) with every title (columns)."),
    winProbability: matrix.describe("Probability that the row beats the column, in the ranking's order."),
    decision: z.enum(["take the first", "cannot tell", "nothing to compare"]),
    threshold: z.number().describe("If the first beats the second with a lower probability, nobody can tell."),
    note: z.string(),
  })
  .meta({ id: "Ranking" });

const Identity = z.object({
  kind: z.string(),
  model: z.string(),
  revision: z.string(),
  preprocessing: z.string(),
  normalisation: z.string(),
  dimensions: z.number().int(),
});
const Encoders = z.object({ image: Identity, text: Identity });

export const EmbedAnswer = z
  .object({
    model: z.string(),
    version: z.number().int(),
    encoders: Encoders,
    embeddings: matrix.describe("Image and title embedding side by side: by picture, then by title."),
  })
  .meta({ id: "Embeddings" });

export const ExplainAnswer = z
  .object({
    rows: z.number().int(),
    columns: z.number().int(),
    moved: matrix.describe("Score without the region minus score, by row and column; below 0 where the region helps."),
  })
  .meta({ id: "Explanation" });

export const ModelsAnswer = z
  .object({
    models: z.array(
      z.object({
        name: z.string(),
        version: z.number().int(),
        current: z.boolean().describe("Whether the model's plain name stands for this version."),
        loaded: z.boolean().describe("Whether the service uses it now."),
        damaged: z.boolean().describe("Whether its files cannot be used; `thumbrank models list` says why."),
        encoders: Encoders.nullable().describe("Null for a damaged version."),
        metrics: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .meta({ id: "Models" });

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe("What failed."),
    code: z.string().describe("A code of docs/ERRORS.md."),
    next: z.string().describe("What to do."),
    refusals: z
      .array(z.object({ index: z.number().int(), image: z.string(), code: z.string(), reason: z.string() }))
      .optional()
      .describe("Pictures that cannot be used."),
  })
  .meta({ id: "Problem" });

/** Answers with problems, for the schema of a route. */
export function problemAnswers<Status extends number>(...statuses: Status[]) {
  const answer = { description: "Problem", content: { "application/problem+json": { schema: Problem } } };
  return Object.fromEntries(statuses.map((status) => [status, answer])) as Record<Status, typeof answer>;
}
