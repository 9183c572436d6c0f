import type { MimeBundle } from "../../lib/notebook";

const HOST = Symbol.for("thumbrank.kernel");

/** What a kernel was asked to show. */
export interface Shown {
  bundle: MimeBundle;
  displayId?: string;
  update?: boolean;
}

/** Runs code as in a cell, under a kernel that keeps what it is asked to show. */
export async function inCell(
  code: (interrupt: () => void) => unknown,
  { headless = false }: { headless?: boolean } = {},
): Promise<Shown[]> {
  const shown: Shown[] = [];
  const controller = new AbortController();
  const kernel = {
    display: (bundle: MimeBundle, options: object = {}) => shown.push({ bundle, ...options }),
    signal: controller.signal,
    headless,
    reload: () => {},
  };
  Object.assign(globalThis, { [HOST]: kernel });
  try {
    await code(() => controller.abort());
  } finally {
    Reflect.deleteProperty(globalThis, HOST);
  }
  return shown;
}

export const htmlOf = ({ bundle }: Shown) => String(bundle["text/html"]);
export const textOf = ({ bundle }: Shown) => String(bundle["text/plain"]);
