import { basename, dirname } from "node:path/posix";
import { ONNX_FILE } from "../card";
import { inputTensor, type NamedTensor, OUTPUT_TENSORS, shapeOf } from "./tensors";
import { toYaml } from "./yaml";

/** What `mlflow.pyfunc.load_model` imports; the ONNX file is of operator set 17, which these read. */
const REQUIREMENTS = ["mlflow>=2.20,<4", "numpy", "onnx>=1.16,<2", "onnxruntime>=1.17,<2", "pandas"];

/** MLflow's files of a version. The flavours are MLflow's own: nothing of ours is loaded or run. */
export function mlflowFiles(inputDim: number): Record<string, Buffer> {
  return {
    MLmodel: Buffer.from(mlmodel(inputDim, ONNX_FILE)),
    // `mlflow.onnx` looks for the file again in the folder that holds the ONNX file.
    [`${dirname(ONNX_FILE)}/MLmodel`]: Buffer.from(mlmodel(inputDim, basename(ONNX_FILE))),
    "requirements.txt": Buffer.from(`${REQUIREMENTS.join("\n")}\n`),
    "python_env.yaml": Buffer.from(toYaml({ python: "3.11", dependencies: ["-r requirements.txt"] })),
  };
}

function mlmodel(inputDim: number, data: string): string {
  return toYaml({
    flavors: {
      onnx: { data, providers: ["CPUExecutionProvider"] },
      python_function: {
        data,
        env: { virtualenv: "python_env.yaml" },
        loader_module: "mlflow.onnx",
        python_version: "3.11",
      },
    },
    signature: {
      inputs: JSON.stringify([tensorSpec(inputTensor(inputDim))]),
      outputs: JSON.stringify(OUTPUT_TENSORS.map(tensorSpec)),
    },
  });
}

const tensorSpec = (named: NamedTensor) => ({
  name: named.name,
  type: "tensor",
  "tensor-spec": { dtype: "float32", shape: shapeOf(named, -1) },
});
