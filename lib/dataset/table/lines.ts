import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

/**
 * The lines of a UTF-8 text file, each with its line break, without a byte order mark; memory holds one line.
 * @param gzipped whether the file is compressed
 * @throws TypeError where the bytes are not UTF-8, and what reading or unpacking throws
 */
export async function* linesOf(file: string, gzipped: boolean): AsyncGenerator<string, void> {
  const bytes = createReadStream(file);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for await (const chunk of gzipped ? unpacked(bytes) : bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/(?<=\n)/);
    rest = lines.pop() ?? "";
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== "") yield rest;
}

/** Destroys the source with the consumer, and hands its errors on, which `pipe` alone does not. */
function unpacked(bytes: NodeJS.ReadableStream & { destroy(): unknown }): AsyncIterable<Buffer> {
  const gunzip = createGunzip();
  bytes.once("error", (error) => gunzip.destroy(error));
  gunzip.once("close", () => bytes.destroy());
  return bytes.pipe(gunzip);
}
