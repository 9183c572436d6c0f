import { ThumbrankError } from "../../base";

/** A folder without a sentence encoder, or with one of an unsupported kind. */
export class SentenceEncoderUnusable extends ThumbrankError {
  constructor(
    readonly folder: string,
    why: string,
    cause?: unknown,
  ) {
    super("EMBEDDING_SENTENCE_ENCODER", {
      what: `the sentence encoder in ${folder} cannot be used: ${why}`,
      next: "take a folder of a BERT, RoBERTa or XLM-RoBERTa as sentence-transformers saves it, with config.json, model.safetensors and tokenizer.json, or fetch its files again",
      cause,
    });
  }
}
