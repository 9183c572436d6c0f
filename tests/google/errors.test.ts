import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { clientOf, failureOf, KEY, raw } from "./client";
import { playlistNotFound } from "./errors";
import { FAULT_ANSWERS } from "./fault-answers";
import { ANSWER_FAULTS } from "./fault-names";
import { type GoogleStandIn, startGoogle } from "./start";
import { expectedChannels, World } from "./world";

const NOW = "2026-11-02T18:00:00Z";
const AT = Date.parse(NOW);
const OBSERVED = join(__dirname, "..", "..", "..", "shared", "data", "youtube-api", "observed_error_bodies.json");

let google: GoogleStandIn;
let world: World;
beforeAll(async () => {
  google = await startGoogle({
    now: NOW,
    apiKeys: [
      { key: KEY, project: "1" },
      { key: "old", project: "2", error: "keyInvalidOld" },
      { key: "disabled", project: "3", error: "apiDisabled" },
      { key: "unconfigured", project: "4", error: "accessNotConfigured" },
    ],
  });
  world = new World(google.options.world);
});
afterAll(() => google.stop());
beforeEach(() => google.set({ scripted: [] }));

const videos = (query: object, key = KEY) => clientOf(google, key).videos.list({ part: ["id"], id: ["x"], ...query });

test.each([...ANSWER_FAULTS])("the client sees %s as it is sent", async (fault) => {
  await google.set({ scripted: [{ n: 1, fault }] });
  const { status, body } = await failureOf(videos({}));
  const refused = FAULT_ANSWERS[fault]("1");
  expect([status, body]).toEqual([refused.status, refused.body]);
});

const Observed = z.array(z.object({ name: z.string(), http_status: z.number(), body: z.looseObject({}) }));

test.skipIf(!existsSync(OBSERVED))("bodies are those observed (needs ../shared/data/youtube-api)", () => {
  const observed = new Map(Observed.parse(JSON.parse(readFileSync(OBSERVED, "utf8"))).map((one) => [one.name, one]));
  const made = {
    quotaExceeded_2020s: FAULT_ANSWERS.quotaExceeded(""),
    rateLimitExceeded_search_per_day_2026: FAULT_ANSWERS.searchQuotaExceeded("<NUMBER>"),
    keyInvalid_old: FAULT_ANSWERS.keyInvalidOld(""),
    keyInvalid_current: FAULT_ANSWERS.keyInvalidCurrent(""),
    playlistNotFound: playlistNotFound(),
    "accessNotConfigured (tail only seen)": FAULT_ANSWERS.apiDisabled("<NUMBER>"),
  };
  for (const [name, refused] of Object.entries(made)) {
    expect(refused.status, name).toBe(observed.get(name)?.http_status);
    expect(refused.body, name).toMatchObject(observed.get(name)?.body ?? {});
  }
});

test("keys: unknown, of the old form, without the API, missing", async () => {
  const reason = async (key: string) => (await failureOf(videos({}, key))).body;
  expect(await reason("nobody")).toMatchObject({ error: { code: 400, details: [{ reason: "API_KEY_INVALID" }, {}] } });
  expect(await reason("old")).toMatchObject({ error: { code: 400, errors: [{ reason: "keyInvalid" }] } });
  expect(await reason("disabled")).toMatchObject({
    error: { code: 403, details: [{}, { reason: "SERVICE_DISABLED" }] },
  });
  expect(await reason("unconfigured")).toMatchObject({
    error: { code: 403, errors: [{ reason: "accessNotConfigured" }] },
  });
  const { status, body } = await raw(google, "youtube/v3/videos?part=id&id=x");
  expect(status).toBe(403);
  expect(body.toString()).toContain("The request is missing a valid API key.");
});

describe("parameters that the discovery document does not allow", () => {
  test.each([
    ["an unknown name", { pagetoken: "x" }, "badRequest", "pagetoken"],
    ["a range", { maxResults: 51 }, "invalidParameter", "[1, 50]"],
    ["no number", { maxResults: "many" }, "badRequest", "TYPE_UINT32"],
    ["no value of a list", { chart: "newest", id: undefined }, "invalidParameter", "mostPopular"],
    ["an unknown part", { part: ["statistic"] }, "unknownPart", "'statistic'"],
    ["a part for owners", { part: ["fileDetails"] }, "forbidden", ""],
    ["no filter", { id: undefined }, "missingRequiredParameter", "chart, id, myRating"],
    ["two filters", { chart: "mostPopular" }, "incompatibleParameters", "chart, id"],
    ["51 ids", { id: Array.from({ length: 51 }, (_, at) => `id${at}`) }, "invalidFilters", ""],
    ["a field that is none", { fields: "items(id,views)" }, "invalidParameter", "views"],
    ["malformed fields", { fields: "items(id" }, "invalidParameter", "items(id"],
  ])("%s", async (_, query, reason, words) => {
    const { body } = await failureOf(videos(query));
    expect(body).toMatchObject({ error: { errors: [{ reason }] } });
    expect(JSON.stringify(body)).toContain(words);
  });

  test("a missing part, which the client itself would refuse", async () => {
    const { status, body } = await raw(google, `youtube/v3/videos?id=x&key=${KEY}`);
    expect(status).toBe(400);
    expect(body.toString()).toContain("Required parameter: part");
  });

  test("a page token that nobody gave out", async () => {
    const { uploadsPlaylistId: playlistId } = expectedChannels(world, AT)[0]!;
    for (const pageToken of ["nonsense", "CAUQAA", "EAAaBlBUOkNESR"]) {
      const call = clientOf(google).playlistItems.list({ part: ["id"], playlistId, pageToken });
      expect((await failureOf(call)).body, pageToken).toMatchObject({
        error: { errors: [{ reason: "invalidPageToken" }] },
      });
    }
  });
});

test("playlists of channels that are gone, and playlists that are nobody's to see", async () => {
  const gone = Array.from({ length: world.channelCount }, (_, index) => world.channelAt(index)).find(
    ({ kind }) => kind === "gone",
  )!;
  const [channel, closed] = expectedChannels(world, AT);
  await google.set({ goneChannels: [channel!.id], forbiddenPlaylists: [closed!.uploadsPlaylistId] });
  const list = (playlistId: string) => failureOf(clientOf(google).playlistItems.list({ part: ["id"], playlistId }));
  for (const playlistId of [`UU${gone.id.slice(2)}`, channel!.uploadsPlaylistId, "PLnobody"])
    expect(await list(playlistId)).toMatchObject({
      status: 404,
      body: { error: { errors: [{ reason: "playlistNotFound" }] } },
    });
  expect((await list(closed!.uploadsPlaylistId)).status).toBe(403);
});
