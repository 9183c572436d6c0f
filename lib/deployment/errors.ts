import { basename, dirname } from "node:path";
import { listed, ThumbrankError } from "../base";
import { MOST_TITLES } from "../config";
import type { LockHolder } from "../files";
import type { EncoderIdentity } from "../store";
import { PICTURES_TAKEN, type ThumbnailRefusalCode } from "../thumbnails";

/** A name that cannot be used as a model's folder name. */
export class ModelNameInvalid extends ThumbrankError {
  constructor(name: string) {
    super("MODEL_NAME_INVALID", {
      what: `${JSON.stringify(name)} cannot name a model`,
      next: "use letters, digits, dots, dashes and underscores, at most 64, with a letter or digit first",
    });
  }
}

/** Text that is not a reference to a model. */
export class ModelReferenceInvalid extends ThumbrankError {
  constructor(reference: string, reason = "it is neither NAME nor NAME@VERSION") {
    super("MODEL_REFERENCE_INVALID", {
      what: `${JSON.stringify(reference)} does not name a model: ${reason}`,
      next: "write NAME@VERSION, such as first@2; `thumbrank models list` shows them",
    });
  }
}

/** No exported model has the given name. */
export class ModelMissing extends ThumbrankError {
  constructor(
    readonly folder: string,
    /** Names of the models in the same folder. */
    readonly models: readonly string[],
  ) {
    const name = basename(folder);
    super("MODEL_MISSING", {
      what: `there is no exported model ${name} in ${dirname(folder)}; ${models.length === 0 ? "none was exported yet" : `there are ${listed(models)}`}`,
      next: `${models.length === 0 ? "" : "name one of those with --model, or "}export it with \`thumbrank export --run ${name}\``,
    });
  }
}

/** A model does not have the version that was asked for, or that its file `current` names. */
export class ModelVersionMissing extends ThumbrankError {
  constructor({
    name,
    version,
    versions,
    folder,
  }: { name: string; version: number; versions: readonly number[]; folder: string }) {
    super("MODEL_VERSION_MISSING", {
      what: `the model ${name} has no version ${version} in ${folder}; there are ${listed(versions.map(String))}`,
      next: `name one of those, or make it the current one: \`thumbrank models use ${name}@${versions.at(-1)}\``,
    });
  }
}

/** A model's file `current` holds no version's number. */
export class CurrentVersionDamaged extends ThumbrankError {
  constructor(file: string, text: string) {
    super("MODEL_CURRENT_DAMAGED", {
      what: `${file} should hold the number of the current version, but holds ${JSON.stringify(text)}`,
      next: "choose the current version with `thumbrank models use NAME@VERSION`",
    });
  }
}

/** Another process is exporting a model of this name or choosing its current version. */
export class ModelLocked extends ThumbrankError {
  constructor({ folder, host, pid, lockFile }: LockHolder) {
    super("MODEL_LOCKED", {
      what: `process ${pid} on ${host} is writing to ${folder}`,
      next: `wait until it has ended, then try again; if that process is gone, delete ${lockFile}`,
    });
  }
}

/** An exported model whose files are damaged or were not written by this program. */
export class ModelDamaged extends ThumbrankError {
  constructor(folder: string, reason: string, cause?: unknown) {
    super("MODEL_DAMAGED", {
      what: `the model in ${folder} cannot be used: ${reason}`,
      next: "export it again with `thumbrank export`",
      cause,
    });
  }
}

/** The available encoder is not the one that the model was trained with. */
export class ModelEncoderMismatch extends ThumbrankError {
  constructor(
    readonly expected: EncoderIdentity,
    readonly found: EncoderIdentity,
  ) {
    const fields = ["kind", "model", "revision", "preprocessing", "normalisation", "dimensions"] as const;
    const differing = fields.filter((field) => expected[field] !== found[field]);
    const facts = differing.map((field) => `${field} is ${found[field]}, not ${expected[field]}`);
    super("MODEL_ENCODER_MISMATCH", {
      what: `the ${expected.kind} encoder is not the one this model was trained with: ${facts.join(", ")}`,
      next: `use the encoder ${expected.model} of that revision, or train again on embeddings of this one`,
    });
  }
}

/** A picture that could not be ranked, and the reason. */
export interface Refusal {
  image: string;
  code: ThumbnailRefusalCode;
  /** In words. */
  reason: string;
}

/** Pictures that cannot be ranked; ranking only the others would not answer the question. */
export class ThumbnailsRefused extends ThumbrankError {
  constructor(readonly refusals: Refusal[]) {
    super("RANK_PICTURES_REFUSED", {
      what: `these pictures cannot be ranked: ${refusals.map(({ image, reason }) => `${image} (${reason})`).join("; ")}`,
      next: `replace them or leave them out; accepted are ${PICTURES_TAKEN}`,
    });
  }
}

/** No pictures to rank, or more pictures or titles than one call accepts. */
export class RankingSizeInvalid extends ThumbrankError {
  constructor(pictures: number, titles: number, mostPictures: number) {
    super("RANK_SIZE_INVALID", {
      what: `${pictures} pictures and ${titles} titles were given, a ranking takes 1 to ${mostPictures} pictures and at most ${MOST_TITLES} titles`,
      next: "name the pictures and titles of one video, or rank in several calls",
    });
  }
}

/** The page of a ranking could not be written to the given path. */
export class RankingPageNotWritten extends ThumbrankError {
  constructor(file: string, reason: string, cause?: unknown) {
    super("RANK_PAGE_NOT_WRITTEN", {
      what: `the ranking's page cannot be written to ${file}: ${reason}`,
      next: "name a file in a folder that you may write to, such as --html ranking.html",
      cause,
    });
  }
}

/** The model was trained with an encoder that the page cannot run in a browser. */
export class PageEncoderMissing extends ThumbrankError {
  constructor(names: readonly string[]) {
    super("PAGE_ENCODER_MISSING", {
      what: `this model was trained with ${listed(names)}, which this page cannot run in a browser`,
      next: "for CLIP name the folder of its files with --model-dir; for other encoders rank with `thumbrank serve` or `thumbrank rank`, or train a model with descriptor and title-hash",
    });
  }
}

/** The set-up has not bundled the page. */
export class PageNotBuilt extends ThumbrankError {
  constructor(folder: string) {
    super("PAGE_NOT_BUILT", {
      what: `the page was not built: ${folder} has no index.html`,
      next: "run `npm run setup`",
    });
  }
}

/** A folder for the page that holds something else. */
export class PageFolderTaken extends ThumbrankError {
  constructor(folder: string) {
    super("PAGE_FOLDER_TAKEN", {
      what: `${folder} holds something other than a page written earlier`,
      next: "name a new or empty folder",
    });
  }
}
