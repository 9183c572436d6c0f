import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";
import { describeApi } from "../../lib/serving";

const HEAD = `// Made by \`npm run client\` from the OpenAPI document of \`thumbrank serve\`; do not edit.\n`;

/** Makes the types of clients/typescript: those of the service's routes, with files as \`Blob\`. */
export async function makeTypes(): Promise<string> {
  const blob = ts.factory.createTypeReferenceNode("Blob");
  const document = await describeApi();
  const types = await openapiTS(JSON.stringify(document), {
    transform: ({ format }) => (format === "binary" ? blob : undefined),
  });
  return HEAD + astToString(types);
}
