import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { openEngine } from "../../lib/engine";
import { recorder } from "../../lib/engine/recorder";
import { hasTensorFlow } from "./available";

/** Runs code that records operations; returns, by their names, the names of those that they were told to come after. */
function controlInputs(code: () => void): Record<string, string[]> {
  const { api } = recorder.trace.graph;
  const { TF_NewOperation, TF_AddControlInput } = api;
  const names = new Map<number, string>();
  const found = {} as Record<string, string[]>;
  Object.assign(api, {
    TF_NewOperation: (graph: number, type: string, name: string) => {
      const description = TF_NewOperation(graph, type, name);
      names.set(description, name);
      return description;
    },
    TF_AddControlInput: (description: number, operation: number) => {
      TF_AddControlInput(description, operation);
      const name = names.get(description) as string;
      found[name] = [...(found[name] ?? []), api.TF_OperationName(operation)];
    },
  });
  try {
    code();
  } finally {
    Object.assign(api, { TF_NewOperation, TF_AddControlInput });
  }
  return found;
}

test.skipIf(!hasTensorFlow)(
  "a layer's gradient with respect to its input comes before that of its weights (needs TensorFlow's library)",
  async () => {
    const engine = await openEngine({ backend: "tensorflow" });
    const product = tf.matMul as (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
    const step = engine.jit(
      (...inputs) => {
        const [x, v, w] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor];
        const nameOf = (tensor: tf.Tensor) => recorder.trace.graph.nameOf(recorder.outputOf(tensor));
        let gradients: tf.Tensor[] = [];
        const found = controlInputs(() => {
          gradients = tf.grads((...[x, v, w]: tf.Tensor[]) =>
            product(product(x as tf.Tensor, v as tf.Tensor), w as tf.Tensor),
          )([x, v, w]);
        });
        const [ofX, ofV, ofW] = gradients.map(nameOf) as [string, string, string];
        expect(found).toEqual({ [ofV]: [ofX], [ofW]: [expect.stringMatching(/^MatMul_/)] });
        return gradients;
      },
      { shape: [4, 3] },
      { shape: [3, 2] },
      { shape: [2, 5] },
    );
    step.dispose();
    engine.dispose();
  },
);
