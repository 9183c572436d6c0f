import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { ResourceMissing } from "../errors";
import type { Service } from "../service";

/** Where the set-up puts the built page. */
const PAGE = join(__dirname, "..", "..", "..", "dist", "page");

/** The page for people, if the set-up has built it. */
export async function addPage(app: FastifyInstance, { options: { report } }: Service): Promise<void> {
  if (existsSync(join(PAGE, "index.html"))) {
    await app.register(fastifyStatic, { root: PAGE, index: "index.html", dotfiles: "deny" });
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
