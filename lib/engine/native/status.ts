import { RunFailed } from "../errors";
import type { TensorFlow } from "./load";

/** Where TensorFlow says whether a call succeeded. */
export class Status {
  readonly pointer: number;
  readonly #api: TensorFlow;

  constructor(api: TensorFlow) {
    this.#api = api;
    this.pointer = api.TF_NewStatus();
  }

  /**
   * Checks the call before.
   * @param doing what the call did, for the message
   * @throws RunFailed with TensorFlow's message
   */
  check(doing: string): void {
    if (this.#api.TF_GetCode(this.pointer) !== 0) throw new RunFailed(doing, this.#api.TF_Message(this.pointer));
  }

  dispose(): void {
    this.#api.TF_DeleteStatus(this.pointer);
  }
}
