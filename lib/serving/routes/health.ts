import { z } from "zod";
import type { App } from "../app";
import { ModelNotReady } from "../errors";
import { problemAnswers } from "../schemas";
import type { Service } from "../service";

const Status = z.object({ status: z.string() });

/** Liveness, readiness and metrics. */
export function addHealth(app: App, service: Service): void {
  const tags = ["health"];
  app.get(
    "/healthz",
    { schema: { tags, summary: "Whether the process answers", response: { 200: Status } } },
    async () => ({ status: "alive" }),
  );
  app.get(
    "/readyz",
    {
      schema: {
        tags,
        summary: "Whether rankings are answered: embeds and scores a picture",
        response: { 200: Status, ...problemAnswers(503) },
      },
    },
    async ({ ended }) => {
      await checkReady(service, ended);
      return { status: "ready" };
    },
  );
  app.get("/metrics", { schema: { hide: true } }, async (_, reply) => {
    const { registry } = service.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

/** Runs a real inference: a picture and a title through their encoders, then the model. @throws ModelNotReady */
export async function checkReady(service: Service, signal: AbortSignal): Promise<void> {
  await service.use(async ({ embedder, predict }) => {
    const { scores } = await predict(await embedder.probe(), signal);
    if (!Number.isFinite(scores[0])) throw new ModelNotReady("the model in use gives no score");
  });
}
