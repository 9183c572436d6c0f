import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const ROWS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** The service's metrics, in Prometheus's format; those of HTTP have OpenTelemetry's names. */
export class Metrics {
  readonly registry = new Registry();
  readonly #registers = [this.registry];

  readonly requestDuration = new Histogram({
    name: "http_server_request_duration_seconds",
    help: "Duration of HTTP requests",
    labelNames: ["http_request_method", "http_route", "http_response_status_code"],
    buckets: SECONDS,
    registers: this.#registers,
  });
  readonly activeRequests = new Gauge({
    name: "http_server_active_requests",
    help: "HTTP requests in progress",
    registers: this.#registers,
  });
  readonly queueDuration = new Histogram({
    name: "thumbrank_queue_duration_seconds",
    help: "Time that a picture waited for a thread",
    buckets: SECONDS,
    registers: this.#registers,
  });
  readonly decodeDuration = new Histogram({
    name: "thumbrank_decode_duration_seconds",
    help: "Time to decode and embed a picture",
    buckets: SECONDS,
    registers: this.#registers,
  });
  readonly batchRows = new Histogram({
    name: "thumbrank_batch_rows",
    help: "Rows that the model scored at once",
    buckets: ROWS,
    registers: this.#registers,
  });
  readonly inferenceDuration = new Histogram({
    name: "thumbrank_inference_duration_seconds",
    help: "Time that the model took to score a batch",
    buckets: SECONDS,
    registers: this.#registers,
  });
  readonly modelInfo = new Gauge({
    name: "thumbrank_model_info",
    help: "1 for each model in use",
    labelNames: ["name", "version"],
    registers: this.#registers,
  });
  readonly modelLoads = new Counter({
    name: "thumbrank_model_loads_total",
    help: "Versions that were loaded, and those that were refused",
    labelNames: ["outcome"],
    registers: this.#registers,
  });
  readonly cacheRequests = new Counter({
    name: "thumbrank_cache_requests_total",
    help: "Embeddings that were asked of the cache",
    labelNames: ["kind", "result"],
    registers: this.#registers,
  });

  /** @param queueSize reads the number of waiting pictures */
  constructor(queueSize: () => number) {
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: "thumbrank_queue_size",
      help: "Pictures that wait for a thread",
      registers: this.#registers,
      collect() {
        this.set(queueSize());
      },
    });
  }
}
