import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";

/** A proxy that connects to this machine whatever host is asked for. */
export interface TestProxy {
  host: string;
  /** Hosts and ports that were asked for, in order. */
  asked: string[];
  /** Proxy-Authorization of each. */
  logins: (string | undefined)[];
  stop(): Promise<void>;
}

/** @param status what it answers; other than 200 it connects nobody */
export async function startProxy(status = 200): Promise<TestProxy> {
  const asked: string[] = [];
  const logins: (string | undefined)[] = [];
  const server = createServer().on("connect", (request, socket, head) => {
    asked.push(request.url ?? "");
    logins.push(request.headers["proxy-authorization"]);
    socket.on("error", () => {});
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} Refused\r\n\r\n`);
    const target = connect(Number(request.url?.split(":").at(-1)), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connected\r\n\r\n");
      target.write(head);
      target.pipe(socket).pipe(target);
    });
    target.on("error", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    asked,
    logins,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
