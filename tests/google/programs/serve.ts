// The stand-in of Google's APIs in a process of its own. The first line of stdin is its options as JSON, with the key and
// certificate (PEM) it serves with; it says its two ports in a line of JSON, and ends when stdin does.
import { once } from "node:events";
import { createServer as createControl } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { z } from "zod";
import { control } from "../control";
import { Google } from "../google";
import { Options } from "../options";
import { serve } from "../send";

const Start = z.object({ key: z.string(), cert: z.string(), options: Options });

function reportFault(thrown: unknown): void {
  process.stderr.write(`the stand-in failed: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
}

async function listening(server: ReturnType<typeof createServer> | ReturnType<typeof createControl>): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function run(line: string): Promise<void> {
  const { key, cert, options } = Start.parse(JSON.parse(line));
  const google = new Google(options);
  const server = createServer({ key, cert, keepAliveTimeout: 60_000 }, (request, response) => {
    serve(google, request, response).catch((thrown: unknown) => {
      reportFault(thrown);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  // Clients cut connections at will.
  server.on("clientError", (_error, socket) => socket.destroy());
  server.on("tlsClientError", () => {});
  const controls = createControl((request, response) => {
    control(google, request)
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body))
      .catch(reportFault);
  });
  const port = await listening(server);
  const controlPort = await listening(controls);
  google.origin = `https://127.0.0.1:${port}`;
  process.stdout.write(`${JSON.stringify({ port, controlPort })}\n`);
}

const lines = createInterface({ input: process.stdin });
lines.once("line", (line) => {
  run(line).catch((thrown: unknown) => {
    reportFault(thrown);
    process.exit(1);
  });
});
process.stdin.once("end", () => process.exit(0));
