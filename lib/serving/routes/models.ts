import type { App } from "../app";
import { ModelsAnswer } from "../schemas";
import type { Service } from "../service";

/** The models that the service has. */
export function addModels(app: App, { models }: Service): void {
  app.get(
    "/v1/models",
    { schema: { tags: ["models"], summary: "The models in use", response: { 200: ModelsAnswer } } },
    async () => ({
      models: models.inUse().map(({ name, version, loaded: { card } }) => ({
        name,
        version,
        current: true,
        loaded: true,
        encoders: card.encoders,
        metrics: card.metrics,
      })),
    }),
  );
}
