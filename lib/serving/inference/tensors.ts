import { z } from "zod";
import { at } from "../../base";
import { AUXILIARY_HEADS, type Predictions } from "../../model";
import { RequestInvalid } from "../errors";

/** Most rows of one request. */
const MOST_ROWS = 1024;
const FLOAT_BYTES = 4;

const BinaryParameters = z.looseObject({
  binary_data_size: z.number().int().min(0).optional(),
  binary_data: z.boolean().optional(),
});

/** A request for inference in the Open Inference Protocol, version 2. */
export const InferRequest = z
  .object({
    id: z.string().max(200).optional(),
    parameters: z.looseObject({ binary_data_output: z.boolean().optional() }).optional(),
    inputs: z
      .array(
        z.object({
          name: z.literal("embedding"),
          shape: z.tuple([z.number().int().min(1).max(MOST_ROWS), z.number().int().min(1).max(100_000)]),
          datatype: z.literal("FP32"),
          parameters: BinaryParameters.optional(),
          data: z.array(z.unknown()).optional().describe("Row by row, flat or nested."),
        }),
      )
      .length(1),
    outputs: z
      .array(z.object({ name: z.enum(["score", "ctr", "auxiliary"]), parameters: BinaryParameters.optional() }))
      .min(1)
      .max(3)
      .optional(),
  })
  .meta({ id: "InferRequest" });
export type InferRequest = z.output<typeof InferRequest>;

/** A body of the protocol's binary extension: JSON, then the tensors' bytes. */
export interface BinaryBody {
  header: unknown;
  tensors: Buffer;
}

/** Splits a binary body. @param headerBytes value of the header Inference-Header-Content-Length @throws RequestInvalid */
export function splitBinary(body: Buffer, headerBytes: string | undefined): BinaryBody {
  const length = /^\d{1,9}$/.test(headerBytes ?? "") ? Number(headerBytes) : body.length;
  try {
    return { header: JSON.parse(body.toString("utf8", 0, length)), tensors: body.subarray(length) };
  } catch {
    throw new RequestInvalid("the JSON before the tensors cannot be read");
  }
}

/**
 * Reads the input tensor.
 * @param width numbers in a row that the model takes
 * @param tensors bytes after the JSON, in the binary extension
 * @returns [rows, width]
 * @throws RequestInvalid
 */
export function readEmbeddings({ inputs }: InferRequest, width: number, tensors: Buffer): Float32Array {
  const { shape, data, parameters } = at(inputs, 0);
  const [rows, columns] = shape;
  if (columns !== width) throw new RequestInvalid(`embedding has ${columns} columns, the model takes ${width}`);
  const values = data === undefined ? readBytes(tensors, parameters?.binary_data_size) : flatten(data, rows * width);
  if (values.length !== rows * width)
    throw new RequestInvalid(`embedding has ${values.length} numbers, its shape says ${rows * width}`);
  if (!values.every(Number.isFinite)) throw new RequestInvalid("embedding has a number that is not finite in FP32");
  return values;
}

function readBytes(tensors: Buffer, sizeBytes = -1): Float32Array {
  if (sizeBytes !== tensors.length || sizeBytes % FLOAT_BYTES !== 0)
    throw new RequestInvalid("embedding has no data, or binary_data_size is not the number of bytes that follow");
  return new Float32Array(Uint8Array.from(tensors).buffer);
}

function flatten(data: readonly unknown[], count: number): Float32Array {
  const values = new Float32Array(count);
  let length = 0;
  for (const row of data) {
    for (const value of Array.isArray(row) ? row : [row]) {
      if (typeof value !== "number") throw new RequestInvalid("embedding has something that is not a number");
      if (length < count) values[length] = value;
      length++;
    }
  }
  if (length !== count) throw new RequestInvalid(`embedding has ${length} numbers, its shape says ${count}`);
  return values;
}

/** An output tensor; its data is not in it if it follows as bytes. */
interface OutputTensor {
  name: string;
  datatype: "FP32";
  shape: number[];
  data?: number[];
  parameters?: { binary_data_size: number };
}

/** Makes the output tensors that were asked for, all of them by default. */
export function writeOutputs(
  { scores, ctr, auxiliary }: Predictions,
  { outputs, parameters }: InferRequest,
): { outputs: OutputTensor[]; tensors: Buffer[] } {
  const rows = scores.length;
  const values = { score: scores, ctr, auxiliary };
  const shapes = { score: [rows], ctr: [rows], auxiliary: [rows, AUXILIARY_HEADS.length] };
  const tensors: Buffer[] = [];
  const asked = outputs ?? (["score", "ctr", "auxiliary"] as const).map((name) => ({ name, parameters: undefined }));
  const written = asked.map(({ name, parameters: own }) => {
    const tensor = { name, datatype: "FP32" as const, shape: shapes[name] };
    if (!(own?.binary_data ?? parameters?.binary_data_output)) return { ...tensor, data: [...values[name]] };
    const bytes = Buffer.from(Float32Array.from(values[name]).buffer);
    tensors.push(bytes);
    return { ...tensor, parameters: { binary_data_size: bytes.length } };
  });
  return { outputs: written, tensors };
}
