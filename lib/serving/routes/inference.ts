import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import packageJson from "../../../package.json";
import { inputTensor, type NamedTensor, OUTPUT_TENSORS, shapeOf } from "../../deployment";
import type { App } from "../app";
import { RequestInvalid, ResourceMissing, TokensUnset } from "../errors";
import { InferRequest, readEmbeddings, splitBinary, writeOutputs } from "../inference/tensors";
import type { ServedModel } from "../models";
import type { Service } from "../service";
import { checkReady } from "./health";

const Model = z.object({ model: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/) });
const Version = Model.extend({ version: z.string().regex(/^[0-9]{1,9}$/) });
const tags = ["Open Inference Protocol"];

interface Asked {
  model: string;
  version?: string;
}

/** The Open Inference Protocol, version 2: the model's own tensors, for clients that speak it already. */
export function addInference(app: App, service: Service): void {
  app.addContentTypeParser("application/octet-stream", { parseAs: "buffer" }, (_, body, done) => done(null, body));
  addServer(app, service);
  addModel(app, service, "/v2/models/:model", Model);
  addModel(app, service, "/v2/models/:model/versions/:version", Version);
  addRepository(app, service);
}

function addServer(app: App, service: Service): void {
  app.get("/v2", { schema: { tags, summary: "The server" } }, async () => ({
    name: "thumbrank",
    version: packageJson.version,
    extensions: ["binary_tensor_data", "model_repository"],
  }));
  app.get("/v2/health/live", { schema: { tags, summary: "Whether the process answers" } }, async () => ({
    live: true,
  }));
  app.get("/v2/health/ready", { schema: { tags, summary: "Whether the model answers" } }, async ({ ended }) => {
    await checkReady(service, ended);
    return { ready: true };
  });
}

function addModel(app: App, service: Service, url: string, params: typeof Model | typeof Version): void {
  /** Calls `task` with the model that the path names. @throws ResourceMissing */
  const use = <Result>({ model: name, version }: Asked, task: (model: ServedModel) => Promise<Result>) =>
    service.models.use(name, async (model) => {
      if (version !== undefined && Number(version) !== model.version) throw notInUse(`${name}@${version}`);
      return task(model);
    });

  app.get(url, { schema: { tags, summary: "A model's tensors", params } }, async ({ params }, reply) =>
    reply.send(await use(params, describe)),
  );
  app.get(`${url}/ready`, { schema: { tags, summary: "Whether a model is in use", params } }, ({ params }) =>
    use(params, async ({ name }) => ({ name, ready: true })),
  );
  app.post(
    `${url}/infer`,
    {
      schema: { tags, summary: "Score embeddings", params, body: inferBodies },
      preValidation: readBinary,
    },
    (request, reply) => use(request.params, (model) => infer(model, request, reply)),
  );
}

const inferBodies = {
  content: { "application/json": { schema: InferRequest }, "application/octet-stream": { schema: InferRequest } },
};

declare module "fastify" {
  interface FastifyRequest {
    /** Bytes after the JSON, in the binary extension. */
    tensors?: Buffer;
  }
}

/** Takes a body of the binary extension apart, so that its JSON is validated like any other. */
async function readBinary(request: FastifyRequest): Promise<void> {
  if (!Buffer.isBuffer(request.body)) return;
  const { header, tensors } = splitBinary(request.body, request.headers["inference-header-content-length"]?.toString());
  request.body = header;
  request.tensors = tensors;
}

async function infer(model: ServedModel, request: FastifyRequest, reply: FastifyReply) {
  const parsed = InferRequest.safeParse(request.body);
  if (!parsed.success) throw new RequestInvalid("the request has no body");
  const { image, text } = model.loaded.card.encoders;
  const width = image.dimensions + text.dimensions;
  const embeddings = readEmbeddings(parsed.data, width, request.tensors ?? Buffer.alloc(0));
  const { outputs, tensors } = writeOutputs(await model.predict(embeddings, request.ended), parsed.data);
  const { id } = parsed.data;
  const names = { model_name: model.name, model_version: String(model.version), ...(id !== undefined && { id }) };
  const answer = { ...names, outputs };
  if (tensors.length === 0) return answer;
  const header = Buffer.from(JSON.stringify(answer));
  void reply.header("inference-header-content-length", header.length).type("application/octet-stream");
  return Buffer.concat([header, ...tensors]);
}

async function describe({ name, version, loaded: { card } }: ServedModel) {
  const width = card.encoders.image.dimensions + card.encoders.text.dimensions;
  const describeTensor = (tensor: NamedTensor) => ({ name: tensor.name, datatype: "FP32", shape: shapeOf(tensor, -1) });
  return {
    name,
    versions: [String(version)],
    platform: "onnx_onnxv1",
    inputs: [describeTensor(inputTensor(width))],
    outputs: OUTPUT_TENSORS.map(describeTensor),
  };
}

function addRepository(app: App, { models, modelName, tokens, options }: Service): void {
  const preHandler = async () => {
    if (!tokens.areSet) throw new TokensUnset();
  };
  app.post(
    "/v2/repository/index",
    { schema: { tags, summary: "The versions of all models, those in use first" } },
    async () =>
      (await models.list()).map(({ name, version, isLoaded, isDamaged }) => ({
        name,
        version: String(version),
        state: isLoaded ? "READY" : "UNAVAILABLE",
        reason: isLoaded ? "" : isDamaged ? "its files are damaged" : "it is not in use",
      })),
  );
  app.post(
    "/v2/repository/models/:model/load",
    { schema: { tags, summary: "Take a model's current version into use", params: Model }, preHandler },
    async ({ params: { model } }) => {
      await models.load(model === modelName ? options.settings.model : model);
      return {};
    },
  );
  app.post(
    "/v2/repository/models/:model/unload",
    { schema: { tags, summary: "Stop using a model", params: Model }, preHandler },
    async ({ params: { model } }) => {
      await models.unload(model);
      return {};
    },
  );
}

function notInUse(reference: string): ResourceMissing {
  return new ResourceMissing(`${reference} is not in use`, "see POST /v2/repository/index for the models in use");
}
