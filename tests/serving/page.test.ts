import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import { parse } from "csv-parse/sync";
import fastify, { type FastifyInstance } from "fastify";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { at } from "../../lib/base";
import { BUILT_PAGE } from "../../lib/config";
import {
  exportModel,
  exportPage,
  loadModel,
  openEncoders,
  PageEncoderMissing,
  type Ranking,
  rank,
  resolveModel,
} from "../../lib/deployment";
import { openImageEncoder } from "../../lib/embedding";
import { trainedModel } from "../deployment/trained";
import { HUB } from "../embedding/golden";
import { findFaults, hasChromium, needsChromium, openChromium, READERS } from "../page/chromium";
import { everyKind, type PageFile, png } from "./page-pictures";
import { form, type Running, send, startTestService } from "./running";

const HOSTILE = [
  "<img src=x onerror='window.owned = 1'>.png",
  "</title><script>window.owned = 2</script>.png",
  "\u202egnp.txet desrever.png",
  `=HYPERLINK("http:${"a-very-long-name-".repeat(10)}").png`,
];
const FORMULA = "=1+1, a title";

let browser: Browser;
let service: Running;
/** Sends the page with a model beside it, as any web server would. */
let site: FastifyInstance;
let siteAddress: string;
let folder: string;
let pictures: PageFile[];

/** Where a page with a model of CLIP is sent. */
const clipAddress = () => siteAddress.replace(/site$/, "clip");

/** What pages asked for, and what they complained about, since the test began. */
const requests: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  if (!hasChromium) return;
  // Steep, so that the model is sure of pictures that differ.
  service = await startTestService({}, { model: { calibration: { slope: 1000, pairs: 100 } } });
  folder = await mkdtemp(join(tmpdir(), "page-site-"));
  await exportPage((await resolveModel(service.models, "first")).folder, BUILT_PAGE, join(folder, "site"));
  site = fastify();
  await site.register(fastifyStatic, { root: folder });
  siteAddress = `${await site.listen({ port: 0, host: "127.0.0.1" })}/site`;
  pictures = await Promise.all([1, 2, 3].map((number) => png(number)));
  browser = await openChromium();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await service?.end();
  if (folder !== undefined) await rm(folder, { recursive: true });
});
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
  const own = [service.address, siteAddress, clipAddress()];
  const foreign = requests.filter((url) => !own.some((address) => url.startsWith(`${address}/`)));
  expect(foreign).toEqual([]);
  expect(complaints).toEqual([]);
  requests.length = 0;
});

async function openPage(
  options: BrowserContextOptions = {},
  address = service.address,
  ready = "#model:not(:empty), #problem:not(:empty)",
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("request", (request) => {
    if (/^https?:/.test(request.url())) requests.push(request.url());
  });
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (said) => {
    // Chromium's own line about an answer that is not 2xx; the page shows what the service said.
    if (said.type() === "error" && !said.text().startsWith("Failed to load resource")) complaints.push(said.text());
  });
  await page.goto(`${address}/`);
  await page.waitForSelector(ready);
  return page;
}

async function rankOn(page: Page, files: PageFile[], titles: string[] = []): Promise<void> {
  await page.setInputFiles("#files", files);
  for (const [number, title] of titles.entries()) {
    if (number > 0) await page.click("#more-titles");
    await page.locator("#titles input").nth(number).fill(title);
  }
  await page.click("#rank");
  await page.waitForSelector("#result:not([hidden])");
}

async function saved(page: Page, button: string): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
  return readFile(await download.path());
}

/** The ranking as its CSV has it: numbers at full precision. */
async function csvOf(page: Page): Promise<Record<string, string>[]> {
  return parse(await saved(page, "#save-csv"), { columns: true, bom: true });
}

const text = (page: Page, selector: string) => page.locator(selector).innerText();

describe.skipIf(!hasChromium)(`the service's page${needsChromium}`, () => {
  test("chosen pictures are ranked as the service ranks them, and the answer is the first thing said", async () => {
    const page = await openPage();
    await rankOn(page, pictures, ["A title"]);
    expect(await page.evaluate("document.activeElement.id")).toBe("result");
    const sent = form(
      pictures.map(({ buffer }) => buffer),
      [["title", "A title"]],
    );
    const { body } = await send<Ranking>(`${service.address}/v1/rank`, { method: "POST", body: sent });
    const rows = await csvOf(page);
    expect(rows.map(({ thumbnail }) => thumbnail)).toEqual(body.ranking.map(({ index }) => at(pictures, index).name));
    expect(rows.map(({ score }) => Number(score))).toEqual(body.ranking.map(({ score }) => score));
    expect(await text(page, "#answer")).toContain(`Take`);
    expect(await text(page, "#answer")).toContain(at(rows, 0).thumbnail);
    expect(await text(page, "#sentence")).toMatch(
      /It beats .*picture-\d\.png.* with a probability of (\d\d|over 99)\s%/,
    );
    expect(await page.locator("#ranking > li").count()).toBe(3);
    expect(await text(page, "#ranking > li:first-child .subs")).toMatch(/Clarity\s+\S.* \(0\.\d\d\)/);
    expect(await text(page, "#note")).toContain("Scores order thumbnails of one channel only.");
  });

  test("pictures are also taken by pasting and dropping, and let go again", async () => {
    const page = await openPage();
    const encoded = pictures.map(({ buffer }) => buffer.toString("base64"));
    await page.evaluate(`(() => {
      const fileOf = (base64, name) => new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type: "image/png" });
      const [pasted, dropped, other] = ${JSON.stringify(encoded)};
      const data = (...files) => { const all = new DataTransfer(); for (const file of files) all.items.add(file); return all; };
      document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data(fileOf(pasted, "image.png")) }));
      document.dispatchEvent(new DragEvent("drop", { dataTransfer: data(fileOf(dropped, "a.png"), fileOf(other, "a.png")), cancelable: true }));
    })()`);
    expect(await page.locator("#pictures .picture-name").allInnerTexts()).toEqual([
      "pasted 1.png",
      "a.png",
      "a.png (2)",
    ]);
    await page.click('button[aria-label="Remove a.png"]');
    expect(await text(page, "#status")).toBe("a.png removed.");
    await page.click("#rank");
    await page.waitForSelector("#result:not([hidden])");
    expect(await page.locator("#ranking > li").count()).toBe(2);
  });

  test("with fewer than two pictures nothing is asked, and the page says what is missing", async () => {
    const page = await openPage();
    await page.setInputFiles("#files", pictures.slice(0, 1));
    await page.click("#rank");
    expect(await text(page, "#status")).toBe("Add at least two thumbnails to compare.");
    expect(requests.filter((url) => url.endsWith("/v1/rank"))).toEqual([]);
  });

  test("two pictures that are the same cannot be told apart, and the page says so in large words", async () => {
    const page = await openPage();
    await rankOn(page, [at(pictures, 0), { ...at(pictures, 0), name: "the same.png" }]);
    expect(await text(page, "#answer")).toBe("The model cannot tell");
    expect(await text(page, "#sentence")).toMatch(/Cannot tell which is better: .* with a probability of only 50\s%/);
    const size = "parseFloat(getComputedStyle(document.getElementById('answer')).fontSize)";
    expect(await page.evaluate<number>(size)).toBeGreaterThan(32);
  });

  test("a bad picture is named with its reason, and the good ones are ranked", async () => {
    const page = await openPage();
    const broken = { name: "broken.png", mimeType: "image/png", buffer: Buffer.from("not a picture") };
    await rankOn(page, [at(pictures, 0), broken, at(pictures, 1)]);
    expect(await page.locator("#ranking > li").count()).toBe(2);
    expect(await text(page, "#left-out")).toMatch(
      /broken\.png \(it is not a JPEG, PNG or WebP picture; PICTURE_FORMAT\)/,
    );
    expect(await text(page, "#pictures .refused")).toContain("Cannot be used");
  });

  test("titles make a grid, and a known channel percentiles of its own", async () => {
    const page = await openPage();
    await page.selectOption("#channel", "known");
    await rankOn(page, pictures, ["One title", "Another one"]);
    const body = form(
      pictures.map(({ buffer }) => buffer),
      [
        ["title", "One title"],
        ["title", "Another one"],
        ["channel", "known"],
      ],
    );
    const { body: answer } = await send<Ranking>(`${service.address}/v1/rank`, { method: "POST", body });
    const shown = await page.locator("#grid tbody td").allInnerTexts();
    const expected = answer.grid?.percentiles.flat().map((percentile) => percentile.toFixed(0));
    expect(shown.map((cell) => cell.replace(" (best)", ""))).toEqual(expected);
    expect(shown.filter((cell) => cell.endsWith("(best)"))).toHaveLength(1);
    const [best, second] = answer.ranking;
    const isOnePicture = answer.decision === "cannot tell" && best?.index === second?.index;
    expect((await text(page, "#answer")).includes("which title")).toBe(isOnePicture);
    expect(await page.locator("#matrix tbody tr").count()).toBe(3);
    expect(await text(page, "#note")).toContain("Percentiles are among this channel's own videos.");
    await page.locator("#titles input").first().fill("Changed");
    expect(await page.isVisible("#stale")).toBe(true);
  });

  test("previews have the sizes of each place, a stamp, both backgrounds, a shuffle and a blur", async () => {
    const page = await openPage();
    await page.route("**/v1/competitors*", (route) =>
      route.fulfill({
        json: {
          videos: [1, 2, 3, 4].map((number) => ({
            title: `<b>Other</b> ${number}`,
            channelTitle: "Others",
            durationSeconds: 3727,
            image: "/icon.svg",
          })),
        },
      }),
    );
    await page.reload();
    await page.waitForLoadState("networkidle");
    await rankOn(page, pictures, ["A title"]);
    const sizes = { "Home feed": [320, 180], Search: [240, 135], Suggested: [246, 138], Phone: [168, 95] };
    for (const [place, size] of Object.entries(sizes)) {
      // By its words, as a person does: a forced click on the hidden button misses it while the page still moves.
      await page.locator("label", { hasText: place }).click();
      const box = await page.locator(".thumb").first().boundingBox();
      expect([place, Math.round(box?.width ?? 0), Math.round(box?.height ?? 0)]).toEqual([place, ...size]);
    }
    expect(await page.locator(".video.own").count()).toBe(3);
    expect(await page.locator(".stamp").allInnerTexts()).toContain("1:02:07");
    expect(await page.locator(".video-title").allInnerTexts()).toContain("<b>Other</b> 1");
    await page.getByLabel("Duration").fill("9:59");
    expect(await text(page, ".video.own .stamp >> nth=0")).toBe("9:59");
    const background = () => page.evaluate("getComputedStyle(document.querySelector('.site')).backgroundColor");
    await page.getByText("Light", { exact: true }).click();
    expect(await background()).toBe("rgb(255, 255, 255)");
    await page.getByText("Dark", { exact: true }).click();
    expect(await background()).toBe("rgb(15, 15, 15)");
    const order = () => page.evaluate("[...document.querySelectorAll('.thumb img')].map((image) => image.src)");
    const before = await order();
    await page.getByRole("button", { name: "Shuffle" }).click();
    expect(await order()).not.toEqual(before);
    await page.getByLabel("Blur").check();
    expect(await page.evaluate("getComputedStyle(document.querySelector('.thumb img')).filter")).toMatch(/^blur/);
    await page.getByLabel("Show").selectOption({ index: 1 });
    expect(await page.locator(".video.own").count()).toBe(1);
  });

  test("a heat map shows what moved the score, and says it in words", async () => {
    const page = await openPage();
    await rankOn(page, pictures);
    const button = page.getByRole("button", { name: /What moved the score/ }).first();
    await button.click();
    await page.waitForSelector("#ranking canvas");
    expect(await page.getAttribute("#ranking canvas", "aria-label")).toMatch(
      /(Helps|Hurts) most: (top|middle|bottom) \w+\./,
    );
    expect(await text(page, "#ranking > li:first-child [role=status]")).toMatch(/changes it by at most [\d.e-]+\./);
    await button.click();
    expect(await page.isVisible("#ranking canvas")).toBe(false);
  });

  test("names and titles are text, in the page and in a spreadsheet", async () => {
    const page = await openPage();
    const files = await Promise.all(HOSTILE.map((name, number) => png(number, name)));
    await rankOn(page, files, [FORMULA, "<script>window.owned = 3</script>"]);
    expect(await page.evaluate("window.owned")).toBeUndefined();
    expect(await page.locator("main img[src=x], main script").count()).toBe(0);
    const rows = await csvOf(page);
    expect(rows).toHaveLength(8);
    expect(rows.map(({ title }) => title)).toContain(`'${FORMULA}`);
    expect(rows.some(({ thumbnail = "" }) => /^[=+\-@]/.test(thumbnail))).toBe(false);
    expect(rows.map(({ thumbnail }) => thumbnail)).toContain(at(HOSTILE, 0));
  });

  test("the ranking can be saved as a picture", async () => {
    const page = await openPage();
    await rankOn(page, pictures, ["A title"]);
    const picture = sharp(await saved(page, "#save-png"));
    expect(await picture.metadata()).toMatchObject({
      format: "png",
      width: 1200,
      height: 128 + 30 + 12 + 3 * 180 + 48,
    });
    const { channels } = await picture.stats();
    expect(Math.min(...channels.slice(0, 3).map(({ stdev }) => stdev))).toBeGreaterThan(10);
  });

  test("it works with the keyboard alone", async () => {
    const page = await openPage();
    await page.setInputFiles("#files", pictures);
    await page.focus("#files");
    const tabTo = async (selector: string) => {
      for (let i = 0; i < 60; i++) {
        if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)})`)) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`Tab never reaches ${selector}`);
    };
    await tabTo("#titles input");
    await page.keyboard.type("Typed");
    await tabTo("#rank");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#result:not([hidden])");
    await tabTo("#ranking button");
    await page.keyboard.press("Space");
    await page.waitForSelector("#ranking canvas");
    await tabTo('input[name="Place"]');
    await page.keyboard.press("ArrowRight");
    expect(await page.isChecked('input[name="Place"][value="search"]')).toBe(true);
    expect(await page.getAttribute(".feed", "class")).toContain("search");
  });

  test("the dark switch overrides the system and is remembered", async () => {
    const page = await openPage({ colorScheme: "light" });
    const paper = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await paper();
    await page.click("#theme");
    const dark = await paper();
    expect(dark).not.toBe(light);
    expect(await page.getAttribute("#theme", "aria-pressed")).toBe("true");
    await page.reload();
    expect(await paper()).toBe(dark);
    await page.click("#theme");
    expect(await paper()).toBe(light);
  });

  test("a service that is gone, and one that wants a token, are said with what to do", async () => {
    const page = await openPage();
    await page.setInputFiles("#files", pictures);
    await page.route("**/v1/rank", (route) => route.abort());
    await page.click("#rank");
    await page.waitForSelector("#problem:not(:empty)");
    expect(await text(page, "#problem")).toMatch(/The service does not answer\.\s+Next: .*\s+SERVICE_UNREACHABLE/);
    await page.unroute("**/v1/rank");
    await page.route("**/v1/rank", async (route) => {
      if ((await route.request().headerValue("authorization")) === "Bearer a-token") return route.continue();
      const json = { code: "TOKEN_MISSING", detail: "the request has no valid token", next: "send one" };
      return route.fulfill({ status: 401, contentType: "application/problem+json", json });
    });
    await page.click("#rank");
    await page.getByLabel("Token of the service").fill("a-token");
    await page.getByRole("button", { name: "Use this token" }).click();
    await page.waitForSelector("#result:not([hidden])");
    expect(await text(page, "#problem")).toBe("");
  });

  test.each(READERS)("$width pixels wide, $colorScheme: legible, accessible, nothing too wide", async (reader) => {
    const page = await openPage({ viewport: { width: reader.width, height: 900 }, colorScheme: reader.colorScheme });
    const broken = { name: "broken.png", mimeType: "image/png", buffer: Buffer.from("not a picture") };
    const files = await Promise.all(HOSTILE.map((name, number) => png(number, name)));
    await rankOn(page, [...files, broken], ["A title", "W".repeat(200)]);
    await page.locator("#ranking button").first().click();
    await page.waitForSelector("#ranking canvas");
    expect(await findFaults(page)).toEqual([]);
  });
});

describe.skipIf(!hasChromium)(`the page beside a model${needsChromium}`, () => {
  test("ranks in the browser alone, with the service's numbers, decision and note", async () => {
    const files = await everyKind();
    const page = await openPage({}, siteAddress);
    await rankOn(page, files, ["A title, 2 robots?"]);
    const rows = await csvOf(page);
    const model = await loadModel((await resolveModel(service.models, "first")).folder);
    const encoders = await openEncoders(model.card);
    const images = files.map(({ name, buffer }) => ({ image: name, source: buffer }));
    const expected = await rank({ model, encoders, images, titles: ["A title, 2 robots?"] });
    const differences = expected.ranking.map(({ image, score }) => {
      const row = rows.find(({ thumbnail }) => thumbnail === image);
      return { image, isEqual: Math.abs(Number(row?.score) - score) < 1e-3 };
    });
    expect(differences.filter(({ isEqual }) => !isEqual)).toEqual([]);
    expect(rows.map(({ decision }) => decision)).toEqual(rows.map(() => expected.decision));
    expect(await text(page, "#note")).toBe(expected.note);
    expect(await text(page, "#privacy")).toContain("never leave this device");
    expect(await text(page, "#differences")).toContain("this browser alone");
    expect(await page.locator(".video.empty").count()).toBeGreaterThan(0);
    await model.close();
  });

  test("knows the model's channels, explains a score, and names a bad picture", async () => {
    const page = await openPage({ viewport: { width: 390, height: 800 } }, siteAddress);
    await page.selectOption("#channel", "known");
    const broken = { name: "cut.png", mimeType: "image/png", buffer: at(pictures, 2).buffer.subarray(0, 900) };
    await rankOn(page, [at(pictures, 0), at(pictures, 1), broken]);
    expect(await text(page, "#left-out")).toContain("cut.png");
    expect(await text(page, "#note")).toContain("Percentiles are among this channel's own videos.");
    await page.locator("#ranking button").first().click();
    await page.waitForSelector("#ranking canvas");
    expect(await findFaults(page)).toEqual([]);
  });

  test("says what is wrong with the model beside it", async () => {
    const page = await openPage({}, siteAddress);
    await page.route("**/model.onnx", (route) => route.fulfill({ status: 404 }));
    await page.reload();
    await page.waitForSelector("#problem:not(:empty)");
    expect(await text(page, "#problem")).toMatch(
      /model\.onnx cannot be fetched \(HTTP 404\)[\s\S]*PAGE_MODEL_UNUSABLE/,
    );
  });

  test("asks before it fetches CLIP, keeps it, and gives the service's numbers", async () => {
    const { identities, ...rest } = await trainedModel({ name: "clip" });
    const encoder = await openImageEncoder("clip-vit-l-14", { modelDir: HUB });
    const exported = await exportModel(service.models, {
      ...rest,
      identities: { ...identities, image: encoder.identity },
    });
    await encoder.close();
    await expect(exportPage(exported, BUILT_PAGE, join(folder, "clip"))).rejects.toThrow(PageEncoderMissing);
    await exportPage(exported, BUILT_PAGE, join(folder, "clip"), HUB);
    const page = await openPage({}, clipAddress(), "#download:not(:empty)");
    expect(await text(page, "#download")).toMatch(
      /This model needs the picture encoder CLIP: \d+ MB, fetched once from 127/,
    );
    expect(await page.isDisabled("#rank")).toBe(true);
    await page.getByRole("button", { name: "Fetch it" }).click();
    const files = await everyKind();
    await rankOn(page, files, ["A title"]);
    const rows = await csvOf(page);
    const model = await loadModel(exported);
    const encoders = await openEncoders(model.card, { modelDir: HUB });
    const images = files.map(({ name, buffer }) => ({ image: name, source: buffer }));
    const { ranking } = await rank({ model, encoders, images, titles: ["A title"] });
    const scoreOf = (image: string) => Number(rows.find(({ thumbnail }) => thumbnail === image)?.score);
    const unequal = ranking.filter(({ image, score }) => !(Math.abs(scoreOf(image) - score) < 1e-3));
    expect(unequal).toEqual([]);
    await page.reload();
    await page.waitForSelector("#rank:enabled");
    expect(requests.filter((url) => url.endsWith(".onnx") && url.includes("vision"))).toHaveLength(2);
    await Promise.all([model.close(), encoders.image.close()]);
  });
});
