import { useProxy } from "../lib/base/proxy";
import { catchBackgroundErrors } from "./background";
import { offerHost, printToCells } from "./host";
import { onInterrupt } from "./interrupt";
import { restartTranspiler } from "./transpiler";
import { prepareTypeScript } from "./typescript";

/** The papermill plugin sets this. */
const HEADLESS = process.env.THUMBRANK_HEADLESS === "1";

/**
 * Serves one notebook until it is asked to shut down. The working directory is the project's root.
 * @param connectionFile where Jupyter wrote the ports and the key
 */
export async function startKernel(connectionFile: string): Promise<void> {
  prepareTypeScript();
  await useProxy();
  // tslab reads its compiler when it is loaded.
  const { createConverter } = await import("tslab/dist/converter");
  const { KernelServer } = await import("./server");
  const { Session } = await import("./session");
  const session = new Session(process.cwd(), () => createConverter({ isJS: false, isBrowser: false }), HEADLESS);
  const server = new KernelServer(session, connectionFile);
  await onInterrupt((ended) => {
    restartTranspiler();
    if (ended) session.modules.forgetUnfinished();
    server.interrupt(ended);
  });
  catchBackgroundErrors();
  offerHost(HEADLESS, () => session.modules.reload());
  printToCells();
  await server.init();
  session.warmUp();
}
