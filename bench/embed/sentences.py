"""The same titles by Python's sentence-transformers, kept alive and told over stdin how many vectors to give back.

python sentences.py INPUTS_FOLDER MODEL_FOLDER THREADS
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import sentence_transformers
import torch
import transformers

BATCH = 32


def main(inputs, model_folder, threads):
    # Whatever else prints goes to stderr: stdout is for answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    torch.set_num_threads(int(threads))
    titles = json.loads((Path(inputs) / "inputs.json").read_text())["sentences"]
    model = sentence_transformers.SentenceTransformer(model_folder, device="cpu")
    versions = {each.__name__: each.__version__ for each in (sentence_transformers, transformers, torch, np)}
    print(json.dumps({"versions": versions | {"python": sys.version.split()[0]}}), file=answers)
    for line in sys.stdin:
        checked = json.loads(line)["checked"]
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            # All at once, for it sorts them by their length.
            vectors = model.encode(titles, batch_size=BATCH, show_progress_bar=False).astype(np.float32)
            vectors.tofile(Path(folder) / "vectors.f32")
            seconds = time.perf_counter() - began
        print(json.dumps({"seconds": seconds, "vectors": vectors[:checked].tolist()}), file=answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
