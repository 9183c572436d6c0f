/**
 * Serving: the HTTP service that ranks thumbnails with an exported model, and its page. Others may start it; the command
 * line says where it listens. It must not know how models are trained, and it never speaks to people: it reports lines.
 */

export { describeApi } from "./describe-api";
export type { ServiceOptions } from "./service";
export { type RunningService, startService } from "./start";
