import { vi } from "vitest";

/** The lines that code prints. */
export async function printed(code: () => unknown): Promise<string[]> {
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => lines.push(String(text).trimEnd()) > 0);
  try {
    await code();
  } finally {
    log.mockRestore();
    write.mockRestore();
  }
  return lines;
}
