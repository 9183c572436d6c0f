import type { Random } from "../../lib/base/random";
import { mutant } from "../fuzz-pictures/mutate";
import type { Seed } from "../fuzz-pictures/seeds";

/** A request as bytes, which need not be valid HTTP. */
export interface HostileRequest {
  kind: string;
  bytes: Buffer;
}

interface Ingredients {
  seeds: readonly Seed[];
  /** A picture that is fine. */
  good: Buffer;
  source: Random;
}

type Maker = (ingredients: Ingredients) => Buffer;

const BOUNDARY = "----fuzz";

/** Makes a request with a damaged picture, or one that is damaged itself. */
export function hostileRequest(ingredients: Ingredients): HostileRequest {
  // Half of all are damaged pictures in a form that is fine.
  const kinds = Object.keys(MAKERS);
  const isPicture = ingredients.source.integer(2) === 0;
  const kind = isPicture ? "picture" : pick(kinds, ingredients.source);
  return { kind, bytes: (MAKERS[kind] ?? pictureForm)(ingredients) };
}

const MAKERS: Record<string, Maker> = {
  picture: pictureForm,
  form: (given) => post("/v1/rank", formType(), damage(form(parts(given)), given.source)),
  parts: oddForm,
  json: oddJson,
  base64: (given) =>
    postJson("/v1/rank", { images: [0, 1].map(() => damage(given.good, given.source).toString("latin1")), titles: [] }),
  type: (given) => post("/v1/rank", pick(TYPES, given.source), form(parts(given))),
  unfinished: (given) => {
    const whole = post("/v1/rank", formType(), form(parts(given)));
    return whole.subarray(0, given.source.integer(whole.length));
  },
  http: (given) => damage(post("/v1/rank", formType(), form(parts(given))).subarray(0, 300), given.source),
  path: ({ source }) => request(pick(["GET", "POST", "PUT", "DELETE", "PATCH", "TRACE"], source), pick(PATHS, source)),
  headers: oddHeaders,
  infer: oddInference,
};

/** One good picture and one damaged one. */
function pictureForm({ seeds, good, source }: Ingredients): Buffer {
  const path = source.integer(4) === 0 ? "/v1/embed" : "/v1/rank";
  const damaged = mutant(pick(seeds, source), source);
  return post(path, formType(), form([file("images", "good.jpg", good), file("images", "bad.jpg", damaged)]));
}

function parts({ good }: Ingredients): Buffer[] {
  return [file("images", "a.jpg", good), file("images", "b.jpg", good), field("title", "How it works")];
}

/** Names, numbers and fields that no form of ours has. */
function oddForm(given: Ingredients): Buffer {
  const { good, source } = given;
  const few = () => Array.from({ length: 1 + source.integer(40) });
  const odd: (() => Buffer[])[] = [
    () => few().map((_, index) => file("images", `${index}.jpg`, good)),
    () => [...parts(given), ...few().map(() => field("title", pick(TEXTS, source)))],
    () => [...parts(given), ...few().map(() => field(pick(NAMES, source), pick(TEXTS, source)))],
    () => [file("images", pick(TEXTS, source), good), file(pick(NAMES, source), pick(TEXTS, source), good)],
    () => [...parts(given), field("channel", "a"), field("channel", "b")],
    () => [],
  ];
  return post("/v1/rank", formType(), form(pick(odd, source)()));
}

function oddJson({ good, source }: Ingredients): Buffer {
  const data = good.toString("base64");
  const images = [data, { name: "b.jpg", data }];
  const bodies: (() => string)[] = [
    () => "[".repeat(1 + source.integer(200_000)),
    () => `{"images":${"[".repeat(5000)}${"]".repeat(5000)}}`,
    () => `{"__proto__":{"x":1},"images":${JSON.stringify(images)}}`,
    () => `{"constructor":{"prototype":{"x":1}},"images":${JSON.stringify(images)}}`,
    () => JSON.stringify({ images, titles: [pick(VALUES, source)] }),
    () => JSON.stringify({ images: [pick(VALUES, source), pick(VALUES, source)], titles: [] }),
    () => JSON.stringify({ images: pick(VALUES, source) }),
    () => JSON.stringify({ images, [pick(NAMES, source)]: pick(VALUES, source) }),
    () => JSON.stringify({ images: images.map((image) => ({ data: image })) }),
    () => JSON.stringify({ images, titles: Array(source.integer(50)).fill(pick(TEXTS, source)) }),
    () => damage(Buffer.from(JSON.stringify({ images, titles: ["One"] })), source).toString("latin1"),
    () => JSON.stringify(pick(VALUES, source)) ?? "",
    () => "",
  ];
  return post(pick(["/v1/rank", "/v1/embed", "/v1/explain"], source), "application/json", pick(bodies, source)());
}

function oddHeaders(given: Ingredients): Buffer {
  const { source } = given;
  const lines = [
    "Host: evil.example",
    "Origin: https://evil.example",
    `X-Long: ${"x".repeat(source.integer(40_000))}`,
    "Transfer-Encoding: chunked",
    "Content-Length: 99999999999",
    "Content-Length: -1",
    "Expect: 200-maybe",
    "Authorization: Bearer \x7f",
    "Content-Encoding: gzip",
    "Upgrade: websocket\r\nConnection: Upgrade",
  ];
  return post("/v1/rank", formType(), form(parts(given)), [pick(lines, source)]);
}

function oddInference({ source }: Ingredients): Buffer {
  const input = {
    name: pick(["embedding", "pixels", "__proto__"], source),
    shape: pick([[1, 1152], [2, 1152], [-1, 1152], [1e9, 1152], [1], "x", [1.5, 2], []], source),
    datatype: pick(["FP32", "BYTES", "FP64"], source),
    data: pick([[], [1, 2], Array(1152).fill(0), Array(1152).fill(1e200), [[["x"]]], null, "x"], source),
  };
  const body = Buffer.from(JSON.stringify({ inputs: Array(source.integer(3)).fill(input) }));
  if (source.integer(2) === 0) return post("/v2/models/first/infer", "application/json", body);
  const length = pick(["5", "x", "-1", String(body.length), "999999999", "1e3"], source);
  return post("/v2/models/first/infer", "application/octet-stream", body, [
    `Inference-Header-Content-Length: ${length}`,
  ]);
}

const formType = () => `multipart/form-data; boundary=${BOUNDARY}`;
const postJson = (path: string, body: unknown) => post(path, "application/json", JSON.stringify(body));

function post(path: string, type: string, body: Buffer | string, headers: readonly string[] = []): Buffer {
  const bytes = Buffer.from(body);
  const own = headers.some((line) => /^(content-length|transfer-encoding)/i.test(line));
  const lines = [`Content-Type: ${type}`, ...(own ? [] : [`Content-Length: ${bytes.length}`]), ...headers];
  return Buffer.concat([request("POST", path, lines), bytes]);
}

function request(method: string, path: string, headers: readonly string[] = []): Buffer {
  const host = headers.some((line) => /^host/i.test(line)) ? [] : ["Host: 127.0.0.1"];
  return Buffer.from(
    `${[`${method} ${path} HTTP/1.1`, ...host, "Connection: close", ...headers].join("\r\n")}\r\n\r\n`,
    "latin1",
  );
}

function form(all: readonly Buffer[]): Buffer {
  return Buffer.concat([...all, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

function file(name: string, filename: string, bytes: Buffer): Buffer {
  return part(`name="${name}"; filename="${filename}"\r\nContent-Type: image/jpeg`, bytes);
}

function field(name: string, value: string): Buffer {
  return part(`name="${name}"`, Buffer.from(value));
}

function part(disposition: string, content: Buffer): Buffer {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), content, Buffer.from("\r\n")]);
}

/** Changes, removes or repeats some bytes. */
function damage(bytes: Buffer, source: Random): Buffer {
  let changed = Buffer.from(bytes);
  for (let count = 1 + source.integer(4); count > 0 && changed.length > 0; count--) {
    const at = source.integer(changed.length);
    const to = Math.min(changed.length, at + source.integer(300));
    if (source.integer(3) > 0) changed.writeUInt8(source.integer(256), at);
    else changed = Buffer.concat([changed.subarray(0, at), changed.subarray(source.integer(2) === 0 ? to : at)]);
  }
  return changed;
}

const TYPES = [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "multipart/form-data; boundary=",
  "multipart/form-data; boundary=other",
  `multipart/form-data; boundary="${"x".repeat(300)}"`,
  "multipart/mixed; boundary=----fuzz",
  "application/json",
  "application/json; charset=utf-7",
  "image/jpeg",
  "x",
  "",
];
const PATHS = [
  "/v1/thumbnails/../../../etc/passwd",
  "/v1/thumbnails/%2e%2e%2fmodel.json",
  "/..%2f..%2fpackage.json",
  "/%00",
  "/v1/rank/%ff%fe",
  "/v1/competitors?count=-1",
  "/v1/competitors?count[]=1",
  "/v1/competitors?count=1e999",
  "/v2/models/__proto__",
  "/v2/models/first/versions/-1",
  "/v2/repository/models/../first/load",
  "/v2/repository/models/first/unload",
  `/${"a".repeat(9000)}`,
  "//evil.example/",
  "http://evil.example/v1/rank",
  "*",
];
const NAMES = ["__proto__", "constructor", "toString", "images", "title", "other", "a".repeat(500), "", "\x00"];
const TEXTS = [
  "",
  " ",
  "../../../etc/passwd",
  "C:\\windows\\win.ini",
  "a\x00b",
  "\x1b[2J",
  "x".repeat(600),
  "x".repeat(5000),
  "<script>alert(1)</script>",
  "\u202egnp.exe",
  "%s%n",
];
const VALUES: unknown[] = [null, true, 0, -1, 1e308, "", "x", "====", "AAAA", [], {}, [[]], { name: 1, data: 2 }];

function pick<Value>(values: readonly Value[], source: Random): Value {
  const value = values[source.integer(values.length)];
  if (value === undefined) throw new RangeError("nothing to pick from");
  return value;
}
