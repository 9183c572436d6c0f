import { button, element, find } from "../element";
import { PageModelUnusable } from "../errors";

const CACHE = "thumbrank-encoders";
const MEGABYTE = 1e6;

/**
 * Fetches a large file once the reader has agreed, and keeps it in the browser's cache, where it is looked for first.
 * @param what such as "the picture encoder CLIP"
 * @throws PageModelUnusable
 */
export async function downloadWithConsent(url: URL, what: string): Promise<Uint8Array> {
  const cache = await globalThis.caches?.open(CACHE).catch(() => undefined);
  const kept = await cache?.match(url);
  if (kept !== undefined) return new Uint8Array(await kept.arrayBuffer());
  const sizeBytes = await askSize(url);
  const panel = find("download", HTMLElement);
  await askReader(panel, what, sizeBytes);
  const bar = element("progress", { max: sizeBytes, "aria-label": `Fetching ${what}` });
  panel.replaceChildren(element("p", {}, `Fetching ${what} …`), bar);
  const bytes = await fetchAll(url, sizeBytes, (done) => {
    bar.value = done;
  });
  panel.hidden = true;
  // A full disk is no reason not to rank.
  await cache?.put(url, new Response(new Uint8Array(bytes))).catch(() => {});
  return bytes;
}

async function askSize(url: URL): Promise<number> {
  const answer = await fetch(url, { method: "HEAD" }).catch(() => undefined);
  const sizeBytes = Number(answer?.headers.get("content-length"));
  if (answer?.ok && sizeBytes > 0) return sizeBytes;
  throw new PageModelUnusable(`${url.pathname} cannot be fetched`);
}

function askReader(panel: HTMLElement, what: string, sizeBytes: number): Promise<void> {
  const size = `${Math.ceil(sizeBytes / MEGABYTE).toLocaleString("en")} MB`;
  panel.hidden = false;
  return new Promise((resolve) => {
    panel.replaceChildren(
      element("p", {}, `This model needs ${what}: ${size}, fetched once from ${new URL(document.baseURI).host}.`),
      button("Fetch it", resolve),
    );
  });
}

async function fetchAll(url: URL, sizeBytes: number, progress: (done: number) => void): Promise<Uint8Array> {
  const answer = await fetch(url);
  const bytes = new Uint8Array(sizeBytes);
  const reader = answer.body?.getReader();
  let done = 0;
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    if (done + part.value.length > sizeBytes) break;
    bytes.set(part.value, done);
    done += part.value.length;
    progress(done);
  }
  if (!answer.ok || done !== sizeBytes) throw new PageModelUnusable(`${url.pathname} was cut off`);
  return bytes;
}
