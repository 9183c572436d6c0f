import { messageOf } from "../base";

const TIMEOUT_MS = 30_000;
/** Thumbnails of 1280x720 have some 200 kB. */
const MAX_BYTES = 8 * 1024 * 1024;

/** What a picture's address gave: bytes, that there is nothing to be had, or something that may pass. */
export type Fetched = { bytes: Buffer } | { absent: string } | { passing: string };

/** Fetches a picture once, over kept connections, and no more of it than a thumbnail can have. */
export async function fetchPicture(url: string): Promise<Fetched> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.ok) return await bytesOf(response);
    await response.body?.cancel();
    const { status } = response;
    if (status === 404 || status === 410) return { absent: "not found" };
    return status === 429 || status === 408 || status >= 500
      ? { passing: `status ${status}` }
      : { absent: `status ${status}` };
  } catch (thrown) {
    return { passing: messageOf(thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown) };
  }
}

async function bytesOf(response: Response): Promise<Fetched> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop cancels the rest.
    if (length > MAX_BYTES) return { absent: "too large" };
  }
  return { bytes: Buffer.concat(chunks, length) };
}
