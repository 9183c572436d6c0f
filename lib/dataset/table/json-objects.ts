import { MAX_RECORD_BYTES, MAX_SKIPPED_BYTES } from "./limits";

/** One object of a JSON text, without the values nested in it. */
export interface JsonObject {
  /** The line on which it starts. */
  line: number;
  text: Buffer;
  /** Whether the part to keep is longer than a record may be. */
  tooLong: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LINE_FEED = 10;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/**
 * Yields the objects of a JSON text: in an array, one after another, or alone. Nested lists and objects are replaced by
 * null, so that a video's formats and comments take no memory. A line end counts as damage that ends the object, so
 * that the next one can still be read, in two cases: inside a string, where JSON does not allow it, and anywhere in an
 * object if the first object is on a single line.
 * @param chunks bytes in which JSON's punctuation is ASCII
 * @throws Error if an object is too long for a table
 */
export async function* readObjects(chunks: AsyncIterable<Buffer>): AsyncGenerator<JsonObject, void> {
  const scanner = new Scanner();
  for await (const chunk of chunks) yield* scanner.scan(chunk);
  yield* scanner.end();
}

class Scanner {
  #line = 1;
  /** Number of open braces and brackets: 0 is outside of any object, 1 is an object's own level. */
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #isOnePerLine: boolean | undefined;
  #object = new OpenObject(1);
  /** Bytes since the last object. */
  #idleBytes = 0;
  #finished: JsonObject[] = [];

  scan(chunk: Buffer): JsonObject[] {
    /** Start of the bytes at the object's own level. */
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const depth = this.#depth;
      const byte = chunk[i] ?? 0;
      if (byte === LINE_FEED) this.#endLine(chunk.subarray(from, i));
      else if (this.#inString) this.#readString(byte);
      else if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN_OBJECT || (byte === OPEN_LIST && depth > 0)) this.#open(chunk.subarray(from, i));
      else if ((byte === CLOSE_OBJECT || byte === CLOSE_LIST) && depth > 0) this.#close(chunk.subarray(from, i + 1));
      if (this.#depth === 1 && depth === 0) from = i;
      if (this.#depth === 1 && depth === 2) from = i + 1;
    }
    if (this.#depth === 1) this.#object.keep(chunk.subarray(from));
    if (this.#depth > 0) this.#object.grow(chunk.length);
    this.#idleBytes = this.#depth > 0 || this.#finished.length > 0 ? 0 : this.#idleBytes + chunk.length;
    if (this.#idleBytes > MAX_SKIPPED_BYTES) throw new Error(`no JSON object follows line ${this.#line}`);
    return this.#finished.splice(0);
  }

  end(): JsonObject[] {
    if (this.#depth > 0) this.#finish();
    return this.#finished;
  }

  #readString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#inString = false;
  }

  #endLine(before: Buffer): void {
    this.#line++;
    if (this.#depth > 0 && (this.#inString || this.#isOnePerLine)) {
      if (this.#depth === 1) this.#object.keep(before);
      this.#finish();
    }
    this.#inString = false;
    this.#isEscaped = false;
  }

  #open(before: Buffer): void {
    if (this.#depth === 0) this.#object = new OpenObject(this.#line);
    if (this.#depth === 1) {
      this.#object.keep(before);
      this.#object.keep(NULL);
    }
    this.#depth++;
  }

  #close(through: Buffer): void {
    this.#depth--;
    if (this.#depth > 0) return;
    this.#object.keep(through);
    this.#isOnePerLine ??= this.#object.line === this.#line;
    this.#finish();
  }

  #finish(): void {
    this.#depth = 0;
    this.#finished.push(this.#object.end());
  }
}

const NULL = Buffer.from("null");

/** The part of an unfinished object that is kept. */
class OpenObject {
  #parts: Buffer[] = [];
  #keptBytes = 0;
  #sizeBytes = 0;

  constructor(readonly line: number) {}

  keep(part: Buffer): void {
    this.#keptBytes += part.length;
    if (this.#keptBytes <= MAX_RECORD_BYTES) this.#parts.push(part);
  }

  /** Also counts bytes that are not kept. */
  grow(sizeBytes: number): void {
    this.#sizeBytes += sizeBytes;
    if (this.#sizeBytes > MAX_SKIPPED_BYTES) throw new Error(`the object on line ${this.line} has no end`);
  }

  end(): JsonObject {
    const tooLong = this.#keptBytes > MAX_RECORD_BYTES;
    return { line: this.line, text: tooLong ? NULL : Buffer.concat(this.#parts), tooLong };
  }
}
