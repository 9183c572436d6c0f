import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, setGlobalDispatcher } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { isDirect, proxyHosts, useProxy } from "../../lib/base/proxy";
import { openImageEncoder } from "../../lib/embedding";
import { openStore } from "../../lib/store";
import { fetchThumbnail } from "../../lib/youtube/pictures";
import { type GoogleStandIn, startGoogle } from "../google/start";
import { KINDS } from "../store/stores";
import { startSupabase } from "../supabase/supabase";
import { startProxy, type TestProxy } from "./proxy-server";
import { run } from "./thumbrank";

const LOGIN = "me:Geheimnis%40Xyzzy";
const TOKEN = `Basic ${Buffer.from("me:Geheimnis@Xyzzy").toString("base64")}`;

let proxy: TestProxy;
let server: Server;
let home: string;
let port: number;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "thumbrank-proxy-"));
  server = createServer((_, response) => response.end("a picture"));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  setGlobalDispatcher(new Agent());
  await proxy.stop();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(home, { recursive: true });
});

test("pictures are fetched through the proxy, with its user and password, but for the hosts of NO_PROXY", async () => {
  proxy = await startProxy();
  await useProxy({ http_proxy: `http://${LOGIN}@${proxy.host}`, NO_PROXY: "direct.test" });
  expect(await fetchThumbnail(`http://pictures.test:${port}/a.jpg`)).toEqual({ bytes: Buffer.from("a picture") });
  expect([proxy.asked, proxy.logins]).toEqual([[`pictures.test:${port}`], [TOKEN]]);
  expect(await fetchThumbnail(`http://127.0.0.1:${port}/a.jpg`)).toEqual({ bytes: Buffer.from("a picture") });
  expect(await fetchThumbnail(`http://below.direct.test:${port}/a.jpg`)).toEqual({
    passing: expect.stringContaining("ENOTFOUND"),
  });
  expect(proxy.asked).toHaveLength(1);
});

test("a proxy that refuses is named without its password", async () => {
  proxy = await startProxy(407);
  await useProxy({ HTTP_PROXY: `http://${LOGIN}@${proxy.host}` });
  const fetched = await fetchThumbnail(`http://pictures.test:${port}/a.jpg`);
  expect(fetched).toEqual({ passing: expect.stringMatching(/407.*through the proxy 127\.0\.0\.1:\d+/) });
  expect(JSON.stringify(fetched)).not.toMatch(/Geheimnis|Xyzzy/);
});

test("the hub is asked through the proxy", async () => {
  proxy = await startProxy(403);
  await useProxy({ http_proxy: proxy.host });
  const opened = openImageEncoder("clip-vit-l-14", { hub: "http://hub.test", cacheDir: home });
  await expect(opened).rejects.toMatchObject({
    code: "EMBEDDING_HUB_UNREACHABLE",
    what: expect.stringContaining(`through the proxy ${proxy.host}`),
  });
  expect(proxy.asked[0]).toBe("hub.test:80");
});

describe("YouTube", () => {
  let google: GoogleStandIn;
  beforeAll(async () => {
    google = await startGoogle({
      world: { channels: 20, videosPerChannel: 20 },
      apiKeys: [{ key: "key-of-proxy", project: "1" }],
    });
  });
  afterAll(() => google.stop());

  const collect = (environment: Record<string, string>) =>
    run(["collect", "--channels", "4", "--per-channel", "5", "--no-pictures", "--data-dir", home], {
      YOUTUBE_API_KEY: "key-of-proxy",
      YOUTUBE_ROOT_URL: google.rootUrl.replace("127.0.0.1", "youtube.test"),
      NODE_EXTRA_CA_CERTS: google.caFile,
      ...environment,
    });

  test("is asked through the proxy, from a process of its own", async () => {
    proxy = await startProxy();
    const { code, stdout, stderr } = await collect({
      HTTPS_PROXY: `http://${LOGIN}@${proxy.host}`,
      NO_PROXY: "elsewhere.test",
    });
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/Geheimnis|Xyzzy/)]);
    expect(stdout).toContain("collected");
    expect(new Set(proxy.asked)).toEqual(new Set([new URL(google.rootUrl).host.replace("127.0.0.1", "youtube.test")]));
    expect((await google.log()).length).toBeGreaterThan(3);
  });

  test("is not asked where the variable names no proxy, whose value is not repeated", async () => {
    proxy = await startProxy();
    for (const wrong of [
      `http://me:Geheimnis/Xyzzy@${proxy.host}`,
      `socks5://${LOGIN}@${proxy.host}`,
      `"http://${LOGIN}@${proxy.host}`,
    ]) {
      const { code, stdout, stderr } = await collect({ HTTPS_PROXY: wrong });
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^PROXY_INVALID: HTTPS_PROXY is not/)]);
      expect(`${stdout}${stderr}`).not.toMatch(/Geheimnis|Xyzzy/);
    }
    expect(proxy.asked).toEqual([]);
  });
});

describe.skipIf(KINDS[2]?.absent)(`${KINDS[2]?.kind}`, () => {
  test("is asked through the proxy", async () => {
    const project = await startSupabase();
    await (await openStore({ paths: { store: "" }, databaseUrl: project.databaseUrl })).close();
    proxy = await startProxy();
    await useProxy({ HTTP_PROXY: `http://${proxy.host}` });
    const url = project.url.replace("127.0.0.1", "supabase.test").replace("localhost", "supabase.test");
    const store = await openStore({ paths: { store: "" }, supabase: { url, key: project.serviceKey } });
    expect(await store.count()).toBe(0);
    await store.close();
    expect(proxy.asked).toContain(new URL(url).host);
    await project.stop();
  });
});

test("no proxy where none is set, and doctor's hosts show neither user nor password", async () => {
  proxy = await startProxy();
  await useProxy({});
  expect(await fetchThumbnail(`http://127.0.0.1:${port}/a.jpg`)).toEqual({ bytes: Buffer.from("a picture") });
  expect(proxyHosts({})).toEqual([]);
  expect(proxyHosts({ HTTP_PROXY: `http://${LOGIN}@p.test:3128/`, https_proxy: "q.test:3129" })).toEqual([
    "p.test:3128",
    "q.test:3129",
  ]);
  expect(proxyHosts({ http_proxy: "http://one.test:1", HTTP_PROXY: "http://two.test:2" })).toEqual(["one.test:1"]);
  expect(proxyHosts({ HTTPS_PROXY: ` "http://quoted.test:1" ` })).toEqual(["quoted.test:1"]);
});

test.each([
  ["https://example.org/", "", false],
  ["https://example.org/", "*", true],
  ["https://example.org/", "example.org", true],
  ["https://www.example.org/", "EXAMPLE.org", true],
  ["https://www.example.org/", " a.test , .example.org", true],
  ["https://www.example.org/", "a.test *.example.org", true],
  ["https://badexample.org/", "example.org", false],
  ["https://example.org/", "example.org:443", true],
  ["https://example.org:8443/", "example.org:443", false],
  ["http://example.org/", "example.org:80", true],
  ["http://[2001:db8::1]:80/", "[2001:db8::1]", true],
  ["http://localhost:54321/", "", true],
  ["http://[::1]:1/", "", true],
  ["http://127.0.0.1.example.org/", "", false],
])("%s with NO_PROXY=%j is asked for directly: %s", (url, noProxy, direct) => {
  expect(isDirect(new URL(url), noProxy)).toBe(direct);
});
