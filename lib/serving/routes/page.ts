import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { BUILT_PAGE } from "../../config";
import { ResourceMissing } from "../errors";
import type { Service } from "../service";

/** The page for people, if the set-up has built it. */
export async function addPage(app: FastifyInstance, { options: { report } }: Service): Promise<void> {
  if (existsSync(join(BUILT_PAGE, "index.html"))) {
    await app.register(fastifyStatic, { root: BUILT_PAGE, index: "index.html", dotfiles: "deny" });
    return;
  }
  report("the page was not built; `npm run setup` does");
  app.get("/", { schema: { hide: true } }, async () => {
    throw new ResourceMissing(
      "the page was not built",
      "run `npm run setup` where the service runs; /docs has all routes",
    );
  });
}
