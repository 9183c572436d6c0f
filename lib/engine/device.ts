import { messageOf } from "../base";
import { DeviceMissing, RunFailed } from "./errors";
import type { Graph } from "./native/graph";
import { Session } from "./native/session";
import type { SessionOptions } from "./native/session-config";

/**
 * Opens a session on the requested device.
 * @throws DeviceMissing if TensorFlow does not see it
 */
export function openSession(graph: Graph, options: SessionOptions): Session {
  const { device } = options;
  if (!device?.startsWith("gpu:")) return new Session(graph, options);
  const session = sessionOnGpu(graph, options);
  const seen = session.devices();
  if (findGpu(seen) !== undefined) return session;
  session.dispose();
  throw new DeviceMissing(device, seen.map(shortName).join(", "));
}

/** The device that operations run on by default, such as "GPU:0" or "CPU", by the machine's own numbering. */
export function deviceName({ device }: SessionOptions, session: Session): string {
  return device?.startsWith("gpu:") ? device.toUpperCase() : (findGpu(session.devices()) ?? "CPU");
}

/** If the GPU number is too high, creating the session itself fails. */
function sessionOnGpu(graph: Graph, options: SessionOptions): Session {
  try {
    return new Session(graph, options);
  } catch (failure) {
    throw new DeviceMissing(
      options.device as string,
      failure instanceof RunFailed ? failure.reason : messageOf(failure),
    );
  }
}

function findGpu(names: string[]): string | undefined {
  return names.map(shortName).find((name) => name.startsWith("GPU"));
}

/** Shortens "/job:localhost/replica:0/task:0/device:GPU:0" to "GPU:0". */
function shortName(name: string): string {
  return name.replace(/^.*device:/, "");
}
