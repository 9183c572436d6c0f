import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import multipart from "@fastify/multipart";
import rateLimit from "@fastify/rate-limit";
import underPressure from "@fastify/under-pressure";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type App, makeApp } from "./app";
import { RouteMissing, ServiceBusy, TokenMissing, TooManyRequests } from "./errors";
import { BodyBudget, refuseForeignPages, refuseSlowBody, watchEnd } from "./guards";
import { answerProblem } from "./problems";
import { addDocs } from "./routes/docs";
import { addHealth } from "./routes/health";
import { addHome } from "./routes/home";
import { addInference } from "./routes/inference";
import { addModels } from "./routes/models";
import { addPage } from "./routes/page";
import { addRank } from "./routes/rank";
import type { Service } from "./service";

const LONGEST_LOOP_DELAY_MS = 5000;

/** Builds the server with all routes. It does not listen yet. */
export async function buildServer(service: Service): Promise<App> {
  const { settings, report } = service.options;
  const app = makeApp(settings);
  app.setErrorHandler((thrown, request, reply) => answerProblem(thrown, request, reply, report));
  app.setNotFoundHandler((request, reply) => answerProblem(new RouteMissing(), request, reply, report));
  await addPlugins(app, service);
  addGuards(app, service);
  await addDocs(app);
  addHealth(app, service);
  addHome(app, service);
  addModels(app, service);
  addRank(app, service);
  addInference(app, service);
  await addPage(app, service);
  return app;
}

async function addPlugins(app: FastifyInstance, { options: { settings }, tokens }: Service): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "blob:", "data:"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // The service speaks plain HTTP; what stands in front of it may add this.
    strictTransportSecurity: false,
  });
  if (settings.corsOrigin.length > 0) await app.register(cors, { origin: settings.corsOrigin, maxAge: 600 });
  await app.register(underPressure, {
    maxEventLoopDelay: LONGEST_LOOP_DELAY_MS,
    pressureHandler: () => {
      throw new ServiceBusy();
    },
  });
  await app.register(multipart);
  if (settings.rateLimit === null) return;
  await app.register(rateLimit, {
    max: settings.rateLimit,
    timeWindow: 60_000,
    keyGenerator: ({ headers, ip }) => tokens.identify(headers.authorization) ?? ip,
    allowList: (request) => isOpen(request),
    errorResponseBuilder: (_, { ttl }) => new TooManyRequests(Math.ceil(ttl / 1000)),
  });
}

/** What every request must pass before its body is read, and what is measured of it. */
function addGuards(app: FastifyInstance, { options: { settings }, tokens, metrics }: Service): void {
  const budget = new BodyBudget(settings.bodyMb * 2 ** 20);
  const onlyThisMachine = isThisMachine(settings.host) && !tokens.areSet;
  app.decorateRequest("ended");
  app.addHook("onRequest", async (request, reply) => {
    request.ended = watchEnd(reply, settings.deadlineMs);
    metrics.activeRequests.inc();
    reply.raw.once("close", () => metrics.activeRequests.dec());
    refuseForeignPages(request, settings.corsOrigin, onlyThisMachine);
    if (tokens.areSet && !isOpen(request) && tokens.identify(request.headers.authorization) === undefined)
      throw new TokenMissing();
    if (request.method !== "POST") return;
    budget.reserve(request, reply);
    refuseSlowBody(request, reply);
  });
  app.addHook("onResponse", async (request, reply) => {
    const labels = {
      http_request_method: request.method,
      http_route: request.routeOptions.url ?? "",
      http_response_status_code: reply.statusCode,
    };
    metrics.requestDuration.observe(labels, reply.elapsedTime / 1000);
  });
}

/** Whether everyone may ask for it: health, the page and the documentation, which hold nothing of their own. */
function isOpen({ method, routeOptions: { url = "" } }: FastifyRequest): boolean {
  return method !== "POST" && !/^\/(v1|v2\/(models|repository)|metrics)/.test(url);
}

/** Whether only this machine can reach an address. */
export function isThisMachine(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(host);
}
