import type { Executor } from "tslab/dist/executor";
import { JupyterHandlerImpl, ZmqServer } from "tslab/dist/jupyter";
import { Cell, type Send } from "./cell";
import type { Failure } from "./failure";
import type { Session } from "./session";

type Message = Parameters<ZmqServer["handleKernelInfo"]>[1];
type Socket = ZmqServer["shell"];

/** Requests sent before a cell failed are read within this time, and then not run. */
const ABORT_MS = 50;

interface ExecuteRequest {
  code: string;
  silent?: boolean;
  stop_on_error?: boolean;
}

/** tslab's server of the Jupyter protocol, with executions that report errors the way the protocol requires. */
export class KernelServer extends ZmqServer {
  #count = 0;
  #aborted = 0;
  #queue: Promise<void> = Promise.resolve();
  #cell: Cell | undefined;
  #bound: Promise<void> = Promise.resolve();

  constructor(
    private readonly session: Session,
    connectionFile: string,
  ) {
    super(new JupyterHandlerImpl(createExecutor(session), false), connectionFile);
  }

  override init(): Promise<void> {
    this.#bound = super.init();
    return this.#bound;
  }

  /** tslab listens before all sockets are bound, and a socket that is still being bound cannot send. */
  override async handleShellMessage(...request: Parameters<ZmqServer["handleShellMessage"]>): Promise<void> {
    await this.#bound;
    await super.handleShellMessage(...request);
  }

  /** Stops the running cell. @param ended whether its code was terminated, so that there is nothing to wait for */
  interrupt(ended: boolean): void {
    this.#cell?.interrupt(ended);
  }

  override handleKernelInfo(socket: Socket, message: Message): void {
    const info = this.handler.handleKernel();
    const language_info = { ...info.language_info, version: "5.0", pygments_lexer: "typescript" };
    this.#answer(socket, message, "kernel_info_reply", {
      ...info,
      implementation: "thumbrank",
      language_info,
      status: "ok",
    });
  }

  override handleCommInfoRequest(socket: Socket, message: Message): void {
    this.#answer(socket, message, "comm_info_reply", { status: "ok", comms: {} });
  }

  /** Open stores, servers and timers of cells would keep the process alive. */
  override close(): void {
    super.close();
    setImmediate(() => process.exit());
  }

  override handleExecute(socket: Socket, message: Message): Promise<void> {
    const arrived = this.#aborted;
    const turn = this.#queue.then(async () => {
      const reply = arrived === this.#aborted ? await this.#execute(message) : { status: "aborted" };
      this.#answer(socket, message, "execute_reply", reply);
    });
    this.#queue = turn;
    return turn;
  }

  async #execute(message: Message): Promise<Record<string, unknown>> {
    const { code, silent = false, stop_on_error = true } = message.content as ExecuteRequest;
    const cell = new Cell(silent ? this.#count : ++this.#count, code, this.#sender(message));
    const execution_count = cell.count;
    if (!silent) cell.send("execute_input", { code, execution_count });
    this.#cell = cell;
    try {
      const data = await this.session.execute(cell);
      if (data !== undefined) cell.send("execute_result", { execution_count, data, metadata: {} });
      return { status: "ok", execution_count, user_expressions: {}, payload: [] };
    } catch (thrown) {
      // The cell may be interrupted already, and describing what it threw may have to be interruptible as well.
      this.#cell = new Cell(cell.count, code, this.#sender(message));
      const failure = await this.session.describe(this.#cell, thrown);
      await this.#fail(cell, failure, stop_on_error);
      return { status: "error", execution_count, ...failure };
    } finally {
      this.#cell = undefined;
    }
  }

  async #fail(cell: Cell, failure: Failure, stopOnError: boolean): Promise<void> {
    cell.send("error", { ...failure });
    if (!stopOnError) return;
    await new Promise((resolve) => setTimeout(resolve, ABORT_MS));
    this.#aborted++;
  }

  #sender(message: Message): Send {
    return (type, content) => this.#answer(this.iopub, message, type, content);
  }

  #answer(socket: unknown, message: Message, type: string, content: Record<string, unknown>): void {
    const reply = message.createReply();
    reply.header.msg_type = type;
    reply.content = content;
    reply.signAndSend(this.connInfo.key, socket);
  }
}

/** tslab's handler needs no more than this; the session executes cells. */
function createExecutor(session: Session): Executor {
  return {
    complete: (source, position) => session.converter.complete(session.declarations, source, position),
    inspect: (source, position) => session.converter.inspect(session.declarations, source, position),
    close: () => session.converter.close(),
    execute: () => Promise.reject(new Error("cells are executed by the session")),
    interrupt: () => {},
    reset: () => {},
    locals: {},
  };
}
