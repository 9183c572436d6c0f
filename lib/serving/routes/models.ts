import type { App } from "../app";
import { ModelsAnswer } from "../schemas";
import type { Service } from "../service";

/** The models that the service has, in use or not. */
export function addModels(app: App, { models }: Service): void {
  app.get(
    "/v1/models",
    {
      schema: {
        tags: ["models"],
        summary: "The versions of all models, those in use first",
        response: { 200: ModelsAnswer },
      },
    },
    async () => ({
      models: (await models.list()).map(({ name, version, card, isCurrent, isLoaded, isDamaged }) => ({
        name,
        version,
        current: isCurrent,
        loaded: isLoaded,
        damaged: isDamaged,
        encoders: card?.encoders ?? null,
        metrics: card?.metrics ?? {},
      })),
    }),
  );
}
