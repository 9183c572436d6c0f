import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../lib/base/errors";
import { root } from "../house/files";
import type { Output } from "./kernel";

const token = "a-token-of-this-test";
/** The first start of a new environment compiles all of JupyterLab's Python. */
const PATIENCE_MS = 90_000;

/** A real JupyterLab, started as `npm run lab` does, on a folder, settings and a port of its own. */
export interface Lab {
  folder: string;
  /** The address of a page or of a part of the REST API, with the token. */
  address(path: string): string;
  /** Calls the REST API; what it answers, undefined where that is empty. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** @returns the exit code */
  close(): Promise<number | null>;
}

export async function startLab(): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), "thumbrank-lab-"));
  const own = ["CONFIG", "DATA", "RUNTIME"].map((name) => [`JUPYTER_${name}_DIR`, join(folder, ".jupyter", name)]);
  // A port that we choose here could be another program's by the time the lab takes it.
  const flags = ["--ServerApp.port=0", `--ServerApp.root_dir=${folder}`, `--IdentityProvider.token=${token}`];
  const lab = spawn(process.execPath, [join(root, "scripts/lab.mjs"), "--no-browser", ...flags], {
    env: { ...process.env, ...Object.fromEntries(own) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => lab.once("exit", resolve));
  const close = async () => {
    lab.kill("SIGTERM");
    const code = await ended;
    rmSync(folder, { recursive: true, force: true });
    return code;
  };
  try {
    const origin = await serving(lab.stderr, ended);
    const address = (path: string) => `${origin}/${path}${path.includes("?") ? "&" : "?"}token=${token}`;
    return { folder, address, call: (method, path, body) => call(address(`api/${path}`), method, body), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Waits until the lab answers; its address. */
async function serving(stderr: NodeJS.ReadableStream, ended: Promise<number | null>): Promise<string> {
  let said = "";
  stderr.on("data", (piece: Buffer) => {
    said += piece;
  });
  let code: number | null | undefined;
  void ended.then((ending) => {
    code = ending;
  });
  let failure = "it has not said its address";
  for (const late = Date.now() + PATIENCE_MS; Date.now() < late && code === undefined; await sleep(50)) {
    const port = /is running at:\s[^\n]*?http:\/\/[^/:]+:(\d+)\//.exec(said)?.[1];
    // It says its address before it listens.
    if (port === undefined) continue;
    const origin = `http://127.0.0.1:${port}`;
    failure = await failureOf(`${origin}/api/status?token=${token}`);
    if (failure === "") return origin;
  }
  throw new Error(
    `the lab ${code === undefined ? "does not serve" : `ended with ${code}`}: ${failure}; it said: ${said}`,
  );
}

async function failureOf(url: string): Promise<string> {
  return call(url, "GET").then(
    () => "",
    (error: unknown) => messageOf(error),
  );
}

async function call<T>(url: string, method: string, body?: unknown): Promise<T> {
  const asked = `${method} ${url}`;
  const answer = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }).catch(
    (error: unknown) => {
      throw new Error(`${asked}: ${messageOf(error)}: ${messageOf((error as Error).cause)}`);
    },
  );
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${asked}: ${answer.status} ${text}`);
  try {
    return (text === "" ? undefined : JSON.parse(text)) as T;
  } catch {
    throw new Error(`${asked}: ${answer.status}, which is no JSON: ${text.slice(0, 500)}`);
  }
}

interface Message {
  channel: string;
  header: { msg_type: string };
  parent_header: { msg_id?: string };
  content: Output & { status?: string; execution_state?: string };
}

export interface Answer<T = { status: string }> {
  reply: T;
  outputs: Output[];
}

/** A kernel of the lab, talked to over its websocket as the browser does. */
export class LabKernel {
  private constructor(
    private readonly lab: Lab,
    readonly id: string,
    private socket: WebSocket,
  ) {}

  static async start(lab: Lab): Promise<LabKernel> {
    const { id } = await lab.call<{ id: string }>("POST", "kernels", { name: "thumbrank" });
    return new LabKernel(lab, id, await connected(lab, id));
  }

  /** Sends a request; its reply, and what the kernel published until it was idle again. */
  ask<T = { status: string }>(type: string, content: object): Promise<Answer<T>> {
    const id = `message-${++LabKernel.sent}`;
    const found = this.collect<T>(id);
    const header = {
      msg_id: id,
      msg_type: type,
      username: "",
      session: "test",
      date: new Date().toISOString(),
      version: "5.3",
    };
    const message = { channel: "shell", header, parent_header: {}, metadata: {}, content, buffers: [] };
    this.socket.send(JSON.stringify(message));
    return found;
  }

  execute(code: string): Promise<Answer> {
    return this.ask("execute_request", { code, silent: false, store_history: true, allow_stdin: false });
  }

  interrupt(): Promise<void> {
    return this.lab.call("POST", `kernels/${this.id}/interrupt`);
  }

  /**
   * Connects again too, as JupyterLab does: the lab then waits until it receives what the kernel publishes. Over the old
   * connection it may receive a request's reply and not its outputs, for each channel finds the new kernel by itself.
   */
  async restart(): Promise<void> {
    await this.lab.call("POST", `kernels/${this.id}/restart`);
    this.socket.close();
    this.socket = await connected(this.lab, this.id);
  }

  async shutDown(): Promise<void> {
    this.socket.close();
    await this.lab.call("DELETE", `kernels/${this.id}`);
  }

  private static sent = 0;

  private collect<T>(id: string): Promise<Answer<T>> {
    const outputs: Output[] = [];
    let reply: T | undefined;
    let isIdle = false;
    return new Promise((resolve) => {
      const take = ({ data }: MessageEvent) => {
        const { header, parent_header, content } = JSON.parse(String(data)) as Message;
        if (parent_header.msg_id !== id) return;
        if (header.msg_type.endsWith("_reply")) reply = content as T;
        else if (header.msg_type === "status") isIdle = content.execution_state === "idle";
        else outputs.push({ ...content, kind: header.msg_type });
        if (!isIdle || reply === undefined) return;
        this.socket.removeEventListener("message", take);
        resolve({ reply, outputs });
      };
      this.socket.addEventListener("message", take);
    });
  }
}

async function connected(lab: Lab, id: string): Promise<WebSocket> {
  const socket = new WebSocket(lab.address(`api/kernels/${id}/channels`).replace("http", "ws"));
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    const fail = (what: string) => reject(new Error(`the websocket of kernel ${id} ${what}`));
    socket.addEventListener("error", (event) => fail(`failed: ${(event as Event & { message?: string }).message}`));
    socket.addEventListener("close", ({ code, reason }) => fail(`was closed: ${code} ${reason}`));
  });
  return socket;
}
