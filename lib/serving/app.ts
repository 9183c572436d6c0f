import fastify from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { ServeSettings } from "../config";
import { answerClientError, answerExpectation, answerProblem } from "./problems";

/** The server, with routes typed by their schemas. */
export type App = ReturnType<typeof makeApp>;

const HEADERS_MS = 10_000;
const IDLE_MS = 60_000;
/** Longest time between two packets of a request. */
const SILENCE_MS = 20_000;
const MOST_CONNECTIONS = 2000;

/** Makes a server without routes, with the limits of its connections. */
export function makeApp({ bodyMb, deadlineMs }: Pick<ServeSettings, "bodyMb" | "deadlineMs">) {
  const app = fastify({
    logger: false,
    bodyLimit: bodyMb * 2 ** 20,
    connectionTimeout: SILENCE_MS,
    requestTimeout: Math.max(SILENCE_MS, deadlineMs),
    keepAliveTimeout: IDLE_MS,
    // A request without a Host header gets our own answer, not that of Node.
    http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: 1000, requireHostHeader: false },
    clientErrorHandler: answerClientError,
    frameworkErrors: (thrown, request, reply) => answerProblem(thrown, request, reply, () => {}),
    forceCloseConnections: "idle",
    return503OnClosing: false,
  }).withTypeProvider<ZodTypeProvider>();
  app.removeContentTypeParser("text/plain");
  app.server.maxConnections = MOST_CONNECTIONS;
  app.server.on("checkExpectation", (_, response) => answerExpectation(response));
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  return app;
}
