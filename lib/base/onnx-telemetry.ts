/**
 * Turns off ONNX Runtime's telemetry, which since version 1.30 keeps a device id and events in the user's cache to upload
 * them. Takes effect only before a process's first session, on its main thread; a set variable is respected.
 */
export function disableOnnxTelemetry(): void {
  process.env.ORT_DISABLE_TELEMETRY ??= "1";
}
