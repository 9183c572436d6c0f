import { z } from "zod";
import { MODEL_NAME, MODEL_REFERENCE, MODEL_REFERENCE_FORM } from "./names";
import { DecisionThreshold } from "./ranking";

/** Settings of the HTTP service. */
export const ServeSettings = z
  .strictObject({
    host: z
      .string()
      .regex(/^[A-Za-z0-9.:-]{1,253}$/)
      .default("127.0.0.1")
      .meta({
        placeholder: "address",
        form: "an IP address or a host name",
        description: "address to listen on; any but this machine's own needs THUMBRANK_TOKENS",
      }),
    port: z.number().int().min(0).max(65_535).default(8080).meta({
      placeholder: "number",
      description: "port to listen on; 0 takes a free one",
    }),
    model: z.string().regex(MODEL_REFERENCE).default(MODEL_NAME).meta({
      placeholder: "name[@version]",
      form: MODEL_REFERENCE_FORM,
      description: "exported model; without a version the service follows the current one",
    }),
    threads: z.number().int().min(2).max(64).optional().meta({
      unit: "threads",
      description: "threads that decode and embed pictures (default: one for each core, at least 2)",
    }),
    batchRows: z.number().int().min(1).max(4096).default(256).meta({
      unit: "rows",
      description: "most rows, pictures with their titles, that the model scores at once",
    }),
    batchWaitMs: z.number().int().min(0).max(1000).default(0).meta({
      unit: "ms",
      description: "how long to wait for more rows; 0 takes what is waiting",
    }),
    queueLimit: z.number().int().min(1).max(100_000).default(256).meta({
      unit: "pictures",
      description: "most pictures that may wait; a request beyond is answered with 503",
    }),
    deadlineMs: z.number().int().min(100).max(600_000).default(30_000).meta({
      unit: "ms",
      description: "a request that takes longer is given up",
    }),
    bodyMb: z.number().int().min(1).max(1024).default(32).meta({
      unit: "MB",
      description: "largest request",
    }),
    megapixels: z.number().min(0.1).max(33.2).default(9).meta({
      unit: "megapixels",
      description: "largest picture; 4K has 8.3",
    }),
    cacheEntries: z.number().int().min(0).max(10_000_000).default(10_000).meta({
      unit: "entries",
      description: "embeddings of pictures, and as many of titles, to keep; 10,000 of both take 50 MB",
    }),
    rateLimit: z.number().int().min(1).max(10_000_000).nullable().default(1200).meta({
      unit: "requests",
      description: "requests per minute for each token, or for each address without tokens",
    }),
    decisionThreshold: DecisionThreshold,
    corsOrigin: z
      .array(z.string().regex(/^https?:\/\/[A-Za-z0-9.:[\]-]{1,255}$/))
      .max(20)
      .default([])
      .meta({
        placeholder: "origin",
        form: "an origin such as https://example.org",
        description: "origin whose pages may call the service from a browser; may be repeated",
      }),
    watchSeconds: z.number().int().min(0).max(3600).default(5).meta({
      unit: "seconds",
      description: "how often to look for another current version; 0 only looks on SIGHUP",
    }),
    graceSeconds: z.number().int().min(0).max(3600).default(20).meta({
      unit: "seconds",
      description: "after SIGTERM or SIGINT, how long requests in flight may take",
    }),
  })
  .meta({ title: "Service" });
export type ServeSettings = z.output<typeof ServeSettings>;
