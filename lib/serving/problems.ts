import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import type { z } from "zod";
import { errorCode, messageOf } from "../base";
import {
  PicturesRefused,
  RequestError,
  RequestInvalid,
  RequestTooLarge,
  RequestTooSlow,
  RequestTypeUnknown,
  RouteMissing,
  ServiceFailed,
} from "./errors";
import type { Problem } from "./schemas";

const TYPE = "application/problem+json";

/** Answers with a problem. Of what is not meant for the sender it tells nothing; `report` gets that. */
export function answerProblem(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  report: (line: string) => void,
): void {
  const error = toRequestError(thrown);
  if (error instanceof ServiceFailed) report(`${request.method} ${request.routeOptions.url}: ${describe(thrown)}`);
  const isInference = request.url.startsWith("/v2");
  // The Open Inference Protocol wants the message in the field "error".
  const problem = { ...makeProblem(error), ...(isInference && { error: error.what }) };
  void reply.code(error.status).headers(error.headers).type(TYPE).serializer(JSON.stringify).send(problem);
}

/** Answers with a problem what Node's parser refuses before there is a request. */
export function answerClientError(thrown: Error, socket: Socket): void {
  if (errorCode(thrown) === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const error = toClientError(thrown);
  const body = JSON.stringify(makeProblem(error));
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    `content-type: ${TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

/** Answers with a problem what a client expects in an Expect header that HTTP does not know. */
export function answerExpectation(response: ServerResponse): void {
  const error = new RequestInvalid("the Expect header asks for something else than 100-continue", 417);
  response
    .writeHead(error.status, { "content-type": TYPE, connection: "close" })
    .end(JSON.stringify(makeProblem(error)));
}

function makeProblem(error: RequestError): z.output<typeof Problem> {
  return {
    type: "about:blank",
    title: STATUS_CODES[error.status] ?? "Error",
    status: error.status,
    detail: error.what,
    code: error.code,
    next: error.next,
    ...(error instanceof PicturesRefused && { refusals: error.refusals }),
  };
}

function toRequestError(thrown: unknown): RequestError {
  if (thrown instanceof RequestError) return thrown;
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const [issue] = thrown.validation;
    const field = issue?.instancePath.split("/").filter(Boolean).join(".") || "the body";
    return new RequestInvalid(`${field}: ${issue?.message}`);
  }
  return toKnownError(thrown as FastifyError) ?? new ServiceFailed();
}

/** Errors of Fastify and its plugins, by their codes. */
function toKnownError({ code, statusCode, message }: FastifyError): RequestError | undefined {
  if (code === "FST_ERR_NOT_FOUND" || statusCode === 404) return new RouteMissing();
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE" || statusCode === 406 || statusCode === 415)
    return new RequestTypeUnknown();
  if (statusCode === 413) return new RequestTooLarge(`the request is refused: ${message}`);
  if (statusCode === 408) return new RequestTooSlow();
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new RequestInvalid(`the request cannot be read: ${message}`, statusCode);
  return undefined;
}

function toClientError(thrown: Error): RequestError {
  const code = errorCode(thrown);
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new RequestTooSlow();
  if (code === "HPE_HEADER_OVERFLOW") return new RequestInvalid("the request's headers are too long", 431);
  return new RequestInvalid("the request is not valid HTTP");
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown);
}
