import { z } from "zod";
import { decodeOnnx } from "./schema";

/** The operations used by our exports: none of them reads files, contains a subgraph or loops. */
const OPERATIONS = ["Gemm", "Relu", "BatchNormalization", "Sigmoid", "Concat", "Squeeze"] as const;

const Exported = z.object({
  functions: z.array(z.unknown()).max(0),
  graph: z.object({
    node: z.array(z.object({ op_type: z.enum(OPERATIONS), domain: z.literal("") })).min(1),
    initializer: z.array(z.object({ external_data: z.array(z.unknown()).max(0), data_location: z.literal(0) })),
    input: z.array(z.object({ name: z.literal("embedding") })).length(1),
    output: z.tuple([named("score"), named("ctr"), named("auxiliary")]),
  }),
});

function named(name: string) {
  return z.object({ name: z.literal(name) });
}

/**
 * Checks that a file contains only what our exports contain, before ONNX Runtime opens it: a foreign graph could read
 * other files of this machine as external data, or never end.
 * @throws Error for the first violation found
 */
export function checkOnnx(bytes: Uint8Array): void {
  const parsed = Exported.safeParse(decodeOnnx(bytes));
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  throw new Error(`it is no export of ours: ${issue?.path.join(".")}: ${issue?.message}`);
}
