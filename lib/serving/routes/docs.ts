import swagger, { type SwaggerTransform } from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import packageJson from "../../../package.json";

/** The OpenAPI document at /docs/json, and a page to try the routes at /docs; all of its files are local. */
export async function addDocs(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Thumbrank",
        version: packageJson.version,
        description: "Ranks YouTube thumbnails and titles of one channel before they are published.",
        license: { name: "MIT", identifier: "MIT" },
      },
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
      security: [{ token: [] }, {}],
    },
    transform: transformBodies,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: true,
    uiConfig: { displayRequestDuration: true, tryItOutEnabled: true },
  });
}

/** The schemas of a body that may be of several types; the type provider's own transform takes only one. */
const transformBodies: SwaggerTransform = (document) => {
  const { schema } = document;
  const body = schema?.body;
  if (typeof body !== "object" || body === null || !("content" in body)) return jsonSchemaTransform(document);
  const contents = Object.entries(body.content as Record<string, { schema: unknown }>);
  const transformed = contents.map(([type, { schema: one }]) => {
    const { schema: alone } = jsonSchemaTransform({ ...document, schema: { ...schema, body: one } });
    return { type, alone };
  });
  const content = Object.fromEntries(transformed.map(({ type, alone }) => [type, { schema: alone.body }]));
  return { url: document.url, schema: { ...transformed[0]?.alone, body: { content } } };
};
