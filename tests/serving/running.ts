import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { ServeSettings } from "../../lib/config";
import { exportModel, type TrainedModel } from "../../lib/deployment";
import { type RunningService, startService } from "../../lib/serving";
import { trainedModel } from "../deployment/trained";

/** A service on a free port, with an exported model of random weights. */
export interface Running extends RunningService {
  home: string;
  models: string;
  /** What the service reported. */
  lines: string[];
  /** Closes it and deletes its home. */
  end(): Promise<void>;
}

/** Starts a service in this process. */
export async function startTestService(
  settings: Partial<ServeSettings> = {},
  { tokens, model, modelDir }: { tokens?: string; model?: Partial<TrainedModel>; modelDir?: string } = {},
): Promise<Running> {
  const home = await mkdtemp(join(tmpdir(), "serving-"));
  const models = join(home, "models");
  await exportModel(models, await trainedModel(model));
  const lines: string[] = [];
  const service = await startService({
    settings: { ...ServeSettings.parse({ port: 0, model: "first", rateLimit: null, watchSeconds: 0 }), ...settings },
    paths: { models, store: join(home, "data", "store"), thumbnails: join(home, "data", "thumbnails") },
    encoders: modelDir === undefined ? {} : { modelDir },
    tokens,
    report: (line) => lines.push(line),
  });
  const end = async () => {
    await service.close();
    await rm(home, { recursive: true, force: true });
  };
  return { ...service, home, models, lines, end };
}

/** A JPEG picture that differs from those of other numbers. */
export function picture(number: number, width = 640, height = 360): Promise<Buffer> {
  const hue = (number * 67) % 360;
  const left = 10 + ((number * 37) % Math.max(1, width - 120));
  const bar = {
    create: { width: 90, height: Math.round(height / 2), channels: 3 as const, background: `hsl(${hue}, 70%, 70%)` },
  };
  return sharp({ create: { width, height, channels: 3, background: `hsl(${(hue + 150) % 360}, 60%, 40%)` } })
    .composite([{ input: bar, left, top: 20 }])
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** A multipart form with pictures and fields. */
export function form(pictures: readonly Uint8Array[], fields: readonly (readonly [string, string])[] = []): FormData {
  const body = new FormData();
  for (const [index, bytes] of pictures.entries())
    body.append("images", new Blob([new Uint8Array(bytes)]), `picture-${index}.jpg`);
  for (const [name, value] of fields) body.append(name, value);
  return body;
}

/** Sends a request and reads its JSON. */
export async function send<Answer = Record<string, unknown>>(
  url: string,
  init?: RequestInit,
): Promise<{ status: number; headers: Headers; body: Answer }> {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
}
