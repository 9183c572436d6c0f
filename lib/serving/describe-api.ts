import { ServeSettings } from "../config";
import { buildServer } from "./server";
import { Service } from "./service";

/** The service's OpenAPI document, as /docs/json has it, without a model. */
export async function describeApi(): Promise<object> {
  const service = new Service({
    settings: ServeSettings.parse({ watchSeconds: 0 }),
    paths: { models: "", store: "", thumbnails: "" },
    encoders: {},
    report: () => {},
  });
  const app = await buildServer(service);
  try {
    await app.ready();
    return app.swagger();
  } finally {
    await app.close();
    await service.close();
  }
}
