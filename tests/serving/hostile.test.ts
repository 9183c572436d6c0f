import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sendBytes } from "../../bench/fuzz-service/send";
import { form, picture, type Running, send, startTestService } from "./running";

const TOKEN = "a-token-of-the-tests-only";

let service: Running;
let good: Buffer;
const url = (path: string) => `${service.address}${path}`;
const port = () => Number(new URL(service.address).port);
const post = (body: FormData | string, headers: Record<string, string> = {}) =>
  send(url("/v1/rank"), { method: "POST", body, headers });
const json = (body: unknown) => post(JSON.stringify(body), { "content-type": "application/json" });

beforeAll(async () => {
  service = await startTestService({ bodyMb: 2 });
  good = await picture(1);
});
afterAll(() => service.end());

test.each([
  ["text", () => post("x", { "content-type": "text/plain" }), 415, "REQUEST_TYPE_UNKNOWN"],
  [
    "a body of another route's type",
    () => post("x", { "content-type": "application/octet-stream" }),
    415,
    "REQUEST_TYPE_UNKNOWN",
  ],
  ["JSON that is null", () => post("null", { "content-type": "application/json" }), 400, "REQUEST_INVALID"],
  ["broken JSON", () => post("{", { "content-type": "application/json" }), 400, "REQUEST_INVALID"],
  ["a prototype key", () => post('{"__proto__":{}}', { "content-type": "application/json" }), 400, "REQUEST_INVALID"],
  ["deep JSON", () => post("[".repeat(1e6), { "content-type": "application/json" }), 400, "REQUEST_INVALID"],
  ["one picture", () => post(form([good])), 400, "REQUEST_INVALID"],
  ["21 pictures", () => post(form(Array(21).fill(good))), 413, "REQUEST_TOO_LARGE"],
  ["6 titles", () => post(form([good, good], Array(6).fill(["title", "x"]))), 400, "REQUEST_INVALID"],
  ["a title with a control character", () => post(form([good, good], [["title", "a\u0000b"]])), 400, "REQUEST_INVALID"],
  ["a field of the prototype", () => post(form([good, good], [["__proto__", "x"]])), 400, "REQUEST_INVALID"],
  ["another field", () => post(form([good, good], [["other", "x"]])), 400, "REQUEST_INVALID"],
  ["pictures that are not base64", () => json({ images: ["<>", "<>"] }), 400, "REQUEST_INVALID"],
  ["a key that there is not", () => json({ images: [], other: 1 }), 400, "REQUEST_INVALID"],
  ["more than the largest body", () => post(form([good, Buffer.alloc(3e6)])), 413, "REQUEST_TOO_LARGE"],
  ["no such route", () => send(url("/v1/other")), 404, "ROUTE_MISSING"],
  ["no such method", () => send(url("/v1/rank")), 404, "ROUTE_MISSING"],
  ["a page elsewhere", () => post(form([good, good]), { origin: "https://evil.example" }), 403, "ORIGIN_REFUSED"],
  [
    "loading without tokens",
    () => send(url("/v2/repository/models/first/load"), { method: "POST" }),
    403,
    "TOKENS_UNSET",
  ],
])("%s is refused with a problem", async (_, ask, status, code) => {
  const answer = await ask();
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  expect(answer.body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
});

test("pictures that cannot be used are all named, by their place, without a decoder's own words", async () => {
  const large = await picture(1, 4000, 2500);
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"/>');
  const { status, body } = await post(form([svg, good, good.subarray(0, 2000), large]));
  expect([status, body.code]).toEqual([422, "RANK_PICTURES_REFUSED"]);
  const codes = (body.refusals as { index: number; code: string }[]).map(({ index, code }) => [index, code]);
  expect(codes).toEqual([
    [0, "PICTURE_FORMAT"],
    [2, "PICTURE_BROKEN"],
    [3, "PICTURE_SIZE"],
  ]);
  const broken = await post(form([good, good.subarray(0, 2000)]));
  expect(broken.body.refusals).toEqual([
    { index: 1, image: "picture-1.jpg", code: "PICTURE_BROKEN", reason: "it does not decode" },
  ]);
});

test("a request with the name of another host is refused, as a rebound name would send it", async () => {
  const { status, body } = await sendBytes(
    port(),
    Buffer.from("GET /v1/models HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
    10_000,
  );
  expect([status, body]).toEqual([403, expect.stringContaining("ORIGIN_REFUSED")]);
});

test.each([
  ["no Host header", "GET /v1/models HTTP/1.1\r\nConnection: close\r\n\r\n", 403],
  ["what is not HTTP", "nonsense\r\n\r\n", 400],
  ["headers of 40 kB", `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${"x".repeat(40_000)}\r\n\r\n`, 431],
  [
    "a body that stops",
    "POST /v1/rank HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
    408,
  ],
])(
  "%s is answered with a problem, too",
  async (_, text, status) => {
    const answer = await sendBytes(port(), Buffer.from(text), 30_000);
    expect(answer).toMatchObject({ status, type: "application/problem+json" });
    expect(JSON.parse(answer.body)).toMatchObject({
      status,
      code: expect.stringMatching(/^(REQUEST_|ORIGIN_REFUSED)/),
    });
  },
  40_000,
);

test("a form that never ends is refused", async () => {
  const text = '--x\r\nContent-Disposition: form-data; name="images"; filename="a.jpg"\r\n\r\nabc';
  const { status, body } = await post(text, { "content-type": "multipart/form-data; boundary=x" });
  expect([status, body.code]).toEqual([400, "REQUEST_INVALID"]);
});

test("pictures of a client that has gone are not decoded", async () => {
  const pictures = await Promise.all(Array.from({ length: 20 }, (_, number) => picture(100 + number, 1920, 1080)));
  const decoded = async () => {
    const text = await (await fetch(url("/metrics"))).text();
    return Number(/thumbrank_decode_duration_seconds_count (\d+)/.exec(text)?.[1]);
  };
  const before = await decoded();
  const multipart = new Request(url("/v1/rank"), { method: "POST", body: form(pictures) });
  const body = Buffer.from(await multipart.arrayBuffer());
  const socket = connect({ port: port(), host: "127.0.0.1" });
  const head = `POST /v1/rank HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${multipart.headers.get("content-type")}`;
  socket.write(`${head}\r\nContent-Length: ${body.length}\r\n\r\n`);
  socket.write(body);
  while ((await decoded()) === before) await new Promise((resolve) => setTimeout(resolve, 2));
  socket.destroy();
  const settled = async () => /thumbrank_queue_size 0/.test(await (await fetch(url("/metrics"))).text());
  while (!(await settled())) await new Promise((resolve) => setTimeout(resolve, 5));
  expect((await decoded()) - before).toBeLessThan(20);
});

test("the service is alive afterwards, and reported no failure", async () => {
  expect((await send(url("/readyz"))).status).toBe(200);
  expect((await post(form([good, await picture(2)]))).status).toBe(200);
  expect(service.lines.filter((line) => line.includes("Error"))).toEqual([]);
});

describe("with tokens, limits and little room", () => {
  let guarded: Running;
  const authorization = `Bearer ${TOKEN}`;
  beforeAll(async () => {
    guarded = await startTestService(
      { rateLimit: 30, queueLimit: 2, threads: 2, deadlineMs: 20_000, corsOrigin: ["https://studio.example"] },
      { tokens: TOKEN },
    );
  });
  afterAll(() => guarded.end());

  test("only health, the page and the documentation answer without a token", async () => {
    const status = async (path: string) => (await fetch(`${guarded.address}${path}`)).status;
    for (const path of ["/v1/models", "/v1/channels", "/metrics", "/v2/models/first"])
      expect(await status(path)).toBe(401);
    for (const path of ["/healthz", "/readyz", "/docs/json", "/v2/health/live"]) expect(await status(path)).toBe(200);
    const wrong = await send(`${guarded.address}/v1/models`, { headers: { authorization: `${authorization}x` } });
    expect(wrong).toMatchObject({ status: 401, body: { code: "TOKEN_MISSING" } });
    expect((await fetch(`${guarded.address}/v1/models`, { headers: { authorization } })).status).toBe(200);
  });

  test("an allowed origin gets CORS headers, others get none", async () => {
    const allowed = { origin: "https://studio.example", authorization };
    const headers = async (given: Record<string, string>) =>
      (await fetch(`${guarded.address}/v1/models`, { headers: given })).headers.get("access-control-allow-origin");
    expect(await headers(allowed)).toBe("https://studio.example");
    expect(await headers({ ...allowed, origin: "https://evil.example" })).not.toBe("https://evil.example");
  });

  test("a full queue answers 503, with the time until there is room", async () => {
    const many = await Promise.all(Array.from({ length: 5 }, (_, number) => picture(200 + number)));
    const { status, headers, body } = await send(`${guarded.address}/v1/rank`, {
      method: "POST",
      headers: { authorization },
      body: form(many),
    });
    expect([status, body.code]).toEqual([503, "SERVICE_BUSY"]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
  });

  test("a token's limit is its own", async () => {
    const ask = (headers: Record<string, string>) => send(`${guarded.address}/v1/models`, { headers });
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask({ authorization })));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(refused[0]).toMatchObject({ body: { code: "TOO_MANY_REQUESTS" } });
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect((await ask({})).status).toBe(401);
  });
});

test("a request that takes longer than the deadline is given up", async () => {
  const hurried = await startTestService({ deadlineMs: 100 });
  const pictures = await Promise.all(Array.from({ length: 20 }, (_, number) => picture(number, 2560, 1440)));
  const { status, body } = await send(`${hurried.address}/v1/rank`, { method: "POST", body: form(pictures) });
  expect([status, body.code]).toEqual([504, "DEADLINE_PASSED"]);
  await hurried.end();
});

test("an address that others can reach needs tokens", async () => {
  await expect(startTestService({ host: "0.0.0.0" })).rejects.toThrow("THUMBRANK_TOKENS");
});
