import type { FileHandle } from "node:fs/promises";
import type { ColumnMetaData, PageHeader, SchemaElement } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { readBytes } from "./footer";
import { readPage } from "./inflate";
import { decodeDictionary, decodePage, type Values } from "./page";

/** Headers take about 30 bytes, but their statistics may contain long texts. */
const HEADER_BYTES = [1 << 12, 1 << 20];

/**
 * Yields the data pages of a column in one row group, so that memory holds only one of them.
 * @throws Error if a page is damaged or too large
 */
export async function* readPages(
  handle: FileHandle,
  column: ColumnMetaData,
  element: SchemaElement,
): AsyncGenerator<Values, void> {
  let [offset, end] = await findExtent(handle, column);
  let dictionary: Values | undefined;
  while (offset < end) {
    const { header, sizeBytes } = await readHeader(handle, offset, end);
    offset += sizeBytes;
    if (header.compressed_page_size > end - offset) throw new Error("a page is longer than its column");
    const encoding = (header.data_page_header ?? header.data_page_header_v2)?.encoding;
    const isDictionary = header.type === "DICTIONARY_PAGE";
    const hasByteArrays = element.type === "BYTE_ARRAY" && (isDictionary || encoding === "PLAIN");
    const hasLevels = element.repetition_type !== "REQUIRED";
    const place = { handle, offset, header, codec: column.codec, hasByteArrays, hasLevels };
    if (isDictionary) {
      dictionary = decodeDictionary(await readPage(place), header, element);
    } else if (header.type === "DATA_PAGE" || header.type === "DATA_PAGE_V2") {
      const page = decodePage(await readPage(place), header, element, dictionary);
      yield { ...page, sizeBytes: page.sizeBytes + (dictionary?.sizeBytes ?? 0) };
    }
    offset += Math.max(0, header.compressed_page_size);
  }
}

async function findExtent(handle: FileHandle, column: ColumnMetaData): Promise<[start: number, end: number]> {
  const { size } = await handle.stat();
  const dataStart = Number(column.data_page_offset);
  const dictionaryStart = Number(column.dictionary_page_offset ?? 0);
  const start = dictionaryStart > 0 ? Math.min(dictionaryStart, dataStart) : dataStart;
  const end = start + Number(column.total_compressed_size);
  if (!(start >= 4 && end >= start && end <= size)) throw new Error("a column lies outside of the file");
  return [start, end];
}

async function readHeader(
  handle: FileHandle,
  offset: number,
  end: number,
): Promise<{ header: PageHeader; sizeBytes: number }> {
  for (const most of HEADER_BYTES) {
    const bytes = await readBytes(handle, offset, Math.min(most, end - offset));
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 };
    try {
      return { header: parquetHeader(reader), sizeBytes: reader.offset };
    } catch (thrown) {
      if (most === HEADER_BYTES.at(-1) || bytes.length < most) throw thrown;
    }
  }
  throw new Error("a page's header is damaged");
}
