import { RunFailed } from "../errors";
import type { TensorFlow } from "./load";

/** A TF_Status, in which TensorFlow reports whether a call succeeded. */
export class Status {
  readonly pointer: number;
  readonly #api: TensorFlow;

  constructor(api: TensorFlow) {
    this.#api = api;
    this.pointer = api.TF_NewStatus();
  }

  /**
   * Checks the previous call.
   * @param doing what the call did, for the message
   * @param origin finds who asked for it, if TensorFlow's message says so
   * @throws RunFailed with TensorFlow's message
   */
  check(doing: string, origin: (reason: string) => string | undefined = () => undefined): void {
    if (this.#api.TF_GetCode(this.pointer) === 0) return;
    const reason = this.#api.TF_Message(this.pointer);
    throw new RunFailed(doing, reason, origin(reason));
  }

  dispose(): void {
    this.#api.TF_DeleteStatus(this.pointer);
  }
}
