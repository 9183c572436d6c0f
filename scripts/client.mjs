// npm run client: makes clients/typescript/schema.d.ts from the service's OpenAPI document.
import { createRequire } from "node:module";
import { join } from "node:path";
import { writeWhole } from "./setup/files.mjs";
import { root } from "./setup/places.mjs";
import { loadTypeScript } from "./setup/typescript.mjs";

loadTypeScript();
const { makeTypes } = createRequire(import.meta.url)("./client/types");
writeWhole(join(root, "clients", "typescript", "schema.d.ts"), await makeTypes());
