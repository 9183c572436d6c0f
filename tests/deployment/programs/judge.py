"""judge.py FOLDER ROWS: loads an exported version by the packages that others use, and prints what they find in it."""
import json
import sys

import mlflow.onnx
import mlflow.pyfunc
import numpy
import onnxruntime
from google.protobuf import text_format
from huggingface_hub import ModelCard
from safetensors.numpy import load_file
from tritonclient.grpc import model_config_pb2

folder, rows_file = sys.argv[1:]
with open(rows_file) as file:
    rows = numpy.array(json.load(file), numpy.float32)


def listed(outputs):
    return {name: {"shape": values.shape, "values": values.reshape(-1).tolist()} for name, values in outputs.items()}


session = onnxruntime.InferenceSession(f"{folder}/1/model.onnx")
names = [output.name for output in session.get_outputs()]
tensors = [
    {"name": tensor.name, "type": tensor.type, "shape": tensor.shape}
    for tensor in session.get_inputs() + session.get_outputs()
]
with open(f"{folder}/config.pbtxt") as file:
    triton = text_format.Parse(file.read(), model_config_pb2.ModelConfig())
pyfunc = mlflow.pyfunc.load_model(folder)
card = ModelCard.load(f"{folder}/README.md").data
weights = load_file(f"{folder}/model.safetensors")

print(
    json.dumps(
        {
            "tensors": tensors,
            "onnxruntime": listed(dict(zip(names, session.run(names, {"embedding": rows})))),
            "mlflow": listed(pyfunc.predict({"embedding": rows})),
            "mlflowUnnamed": listed(pyfunc.predict(rows)),
            "mlflowOnnx": [tensor.name for tensor in mlflow.onnx.load_model(folder).graph.output],
            "signature": pyfunc.metadata.signature.to_dict(),
            "triton": {
                "backend": triton.backend,
                "maxBatchSize": triton.max_batch_size,
                "tensors": [
                    {"name": tensor.name, "type": model_config_pb2.DataType.Name(tensor.data_type), "dims": list(tensor.dims)}
                    for tensor in list(triton.input) + list(triton.output)
                ],
            },
            "card": [
                {"name": result.metric_name, "value": result.metric_value, "dataset": result.dataset_name}
                for result in card.eval_results or []
            ],
            "tags": card.tags,
            "weights": {name: {"shape": values.shape, "sum": float(values.sum(dtype="float64"))} for name, values in weights.items()},
        }
    )
)
