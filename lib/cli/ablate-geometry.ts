import { z } from "zod";
import { ConfigInvalid } from "../config";
import type { Geometry } from "../embedding";
import { GEOMETRIES } from "../embedding/encoders";
import { ablationText, compareVariants, trainVariants, type Variant } from "./ablation";
import { defineCommand } from "./command";
import { answer, type CommonFlags, CommonSettings, say } from "./context";
import { embed } from "./embed";
import { type EncoderFlags, EncoderSettings } from "./encoder-flags";
import { EngineSettings } from "./engine-flags";
import { PLAIN_NAME_FORM, PlainName } from "./fields";
import { trainingSettings } from "./recipe";
import { givenSettings } from "./settings";
import { STOPPED } from "./signals";
import { TrainingSettings, trainDefaults, WidthSettings } from "./train-flags";

const GeometrySettings = z
  .strictObject({
    geometries: z
      .array(z.enum(GEOMETRIES))
      .min(2)
      .max(GEOMETRIES.length)
      .optional()
      .meta({
        placeholder: "names",
        form: `two or more of ${GEOMETRIES.join(", ")}, separated by commas`,
        commas: true,
        description:
          "geometries to compare, separated by commas; the others are compared with the crop if it is among them, else with the first (default: all that the encoder supports)",
      }),
    run: PlainName.default("ablate-geometry").meta({
      placeholder: "name",
      form: PLAIN_NAME_FORM,
      description: "start of the runs' names: each ends in its geometry, such as ablate-geometry-crop",
    }),
  })
  .meta({ title: "Geometries" });

export const ablateGeometryCommand = defineCommand({
  name: "geometry",
  summary: "embed the home's pictures in each geometry, train a run on each, and compare them",
  settings: {
    geometry: GeometrySettings,
    encoders: EncoderSettings.omit({ geometry: true }).meta({ title: "Encoders" }),
    training: TrainingSettings,
    model: WidthSettings,
    engine: EngineSettings,
    common: CommonSettings,
  },
  examples: ["--image descriptor", "--image clip-vit-l-14 --text minilm --geometries crop,squash,crops"],
  notes: [
    "Needs pairs (`thumbrank pairs`). Titles, folds, pairs, settings and seed are the same for all runs, so they differ in how",
    "the encoder takes in a picture, and each resample draws the same channels for both runs of a difference. The same command",
    "continues one that was stopped, and does nothing twice. Choose by validation AUC: a geometry that was chosen because it is",
    "the best on unseen channels looks better there than it is.",
    "Exit codes: 0 compared, 130 stopped by a signal (the same command continues), 1 anything else.",
  ].join("\n"),
  async run({ geometry, encoders, training, model, engine, common }, _, given) {
    const { recipe, ...explicit } = givenSettings(TrainingSettings, training, given);
    const flags = { ...trainDefaults(), ...model, ...engine, ...common };
    const options = await trainingSettings(flags, recipe, explicit);
    const embedded = await embedGeometries({ ...encoders, ...common }, geometry.geometries);
    const variants = embedded.map(
      ({ name, image, text }): Variant => ({
        name,
        flags: { ...flags, run: `${geometry.run}-${name}`, image, geometry: name, text },
        options,
      }),
    );
    if (!(await trainVariants(variants))) {
      process.exitCode = STOPPED;
      return;
    }
    const ablation = await compareVariants(variants);
    answer(common, ablation, await ablationText(ablation, "geometry"));
  },
});

/** A geometry whose vectors are there, and the names of the encoders that made them and the titles'. */
interface EmbeddedGeometry {
  name: Geometry;
  image: string;
  text: string;
}

/**
 * Embeds pictures in each geometry, the crop first.
 * @param wanted all that the encoder supports if omitted
 * @throws GeometryUnsupported for a wanted one
 */
async function embedGeometries(
  flags: Omit<EncoderFlags, "geometry"> & CommonFlags,
  wanted: readonly Geometry[] | undefined,
): Promise<EmbeddedGeometry[]> {
  const { GeometryUnsupported } = await import("../embedding");
  const names = [...new Set(wanted ?? GEOMETRIES)].sort((a, b) => Number(b === "crop") - Number(a === "crop"));
  const embedded: EmbeddedGeometry[] = [];
  let { text } = flags;
  for (const name of names) {
    say(`embed: ${name}`);
    try {
      const report = await embed({ ...flags, geometry: name, ...(text !== undefined && { text }) });
      for (const { videoId, reason } of report.image.refused) say(`${videoId}: ${reason}`);
      text ??= report.text.identity.model;
      embedded.push({ name, image: report.image.identity.model, text: report.text.identity.model });
    } catch (error) {
      if (wanted !== undefined || !(error instanceof GeometryUnsupported)) throw error;
      say(error.what);
    }
  }
  if (embedded.length < 2)
    throw new ConfigInvalid([`--image "${flags.image}": must take in pictures in two or more geometries`]);
  return embedded;
}
