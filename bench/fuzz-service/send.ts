import { connect } from "node:net";

/** An answer to a request that was sent as bytes. */
export interface RawAnswer {
  /** 0 if the connection was closed without an answer. */
  status: number;
  type: string;
  body: string;
}

/**
 * Sends bytes over a connection of its own, and reads until the service closes it. It never says that there are no more
 * bytes: to the service that would be a client that has gone.
 */
export function sendBytes(port: number, bytes: Buffer, timeoutMs: number): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    socket.on("data", (chunk) => chunks.push(chunk));
    // A service that has answered may close before it has read everything.
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(parse(Buffer.concat(chunks)));
    });
    socket.write(bytes);
  });
}

function parse(bytes: Buffer): RawAnswer {
  // An answer to "Expect: 100-continue" comes before the real one.
  const text = bytes.toString("latin1").replace(/^HTTP\/1\.1 1\d\d[\s\S]*?\r\n\r\n/, "");
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  const end = text.indexOf("\r\n\r\n");
  const type = /\r\ncontent-type: ([^\r\n;]*)/i.exec(text.slice(0, end))?.[1] ?? "";
  return { status: Number(status ?? 0), type, body: text.slice(end + 4) };
}
