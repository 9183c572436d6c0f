"""The same embedding in Python, with Pillow, tokenizers and ONNX Runtime, kept alive and told over stdin what to embed.

python peer.py INPUTS_FOLDER MODEL_DIR THREADS
"""

import json
import math
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
import PIL
import tokenizers
from PIL import Image

BATCH, SIDE = 32, 224
MEANS = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
DEVIATIONS = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)
LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def without_black_bars(image):
    width, height = image.size
    if abs(width * 3 - height * 4) > height * 0.04:
        return image
    pixels = np.asarray(image)
    dark, cut = math.floor(height / 8), math.ceil(height / 8)
    black = lambda rows: (rows @ LUMA > 40).mean() <= 0.03
    if not black(pixels[:dark]) or not black(pixels[height - dark :]) or black(pixels[cut : height - cut]):
        return image
    return image.crop((0, cut, width, height - cut))


def values_of(path):
    """[3, 224, 224] of one picture, as CLIPImageProcessor makes them."""
    image = without_black_bars(Image.open(path).convert("RGB"))
    width, height = image.size
    long = int(SIDE * max(width, height) / min(width, height))
    size = (SIDE, long) if width <= height else (long, SIDE)
    image = image.resize(size, Image.Resampling.BICUBIC)
    left, top = (size[0] - SIDE) // 2, (size[1] - SIDE) // 2
    pixels = np.asarray(image.crop((left, top, left + SIDE, top + SIDE)), np.float32)
    return ((pixels / 255 - MEANS) / DEVIATIONS).transpose(2, 0, 1)


def normalised(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class Peer:
    def __init__(self, inputs, models, threads):
        self.inputs = json.loads((Path(inputs) / "inputs.json").read_text())
        self.pool = ThreadPoolExecutor(threads)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = lambda path: onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        hub = Path(models) / "Xenova"
        self.vision = session(hub / "clip-vit-large-patch14/onnx/vision_model.onnx")
        self.language = session(hub / "all-MiniLM-L6-v2/onnx/model.onnx")
        self.tokenizer = tokenizers.Tokenizer.from_file(str(hub / "all-MiniLM-L6-v2/tokenizer.json"))
        self.tokenizer.enable_truncation(256)
        self.tokenizer.enable_padding()

    def encode_pictures(self, batch):
        values = np.stack(list(self.pool.map(values_of, batch)))
        return self.vision.run(["image_embeds"], {"pixel_values": values})[0]

    def encode_titles(self, batch):
        tokens = self.tokenizer.encode_batch(batch)
        ids, mask, types = (
            np.array([getattr(each, part) for each in tokens], np.int64) for part in ("ids", "attention_mask", "type_ids")
        )
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        hidden = self.language.run(["last_hidden_state"], inputs)[0]
        weights = mask[:, :, None].astype(np.float32)
        return (hidden * weights).sum(1) / weights.sum(1)

    def embed(self, items, encode, checked):
        """Embeds all into a new file; returns the seconds it took and the first vectors, read back from it."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "vectors.f32"
            began = time.perf_counter()
            with open(path, "wb") as file:
                for start in range(0, len(items), BATCH):
                    rows = normalised(encode(items[start : start + BATCH])).astype(np.float32)
                    file.write(rows.tobytes())
            seconds = time.perf_counter() - began
            vectors = np.fromfile(path, np.float32).reshape(-1, rows.shape[1])[:checked]
        return {"seconds": seconds, "vectors": vectors.tolist()}

    def pictures(self, checked):
        return self.embed(self.inputs["pictures"], self.encode_pictures, checked)

    def titles(self, checked):
        return self.embed(self.inputs["titles"], self.encode_titles, checked)


def main(inputs, models, threads):
    # Whatever else prints goes to stderr: stdout is for answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    peer = Peer(inputs, models, int(threads))
    versions = {each.__name__: each.__version__ for each in (onnxruntime, PIL, tokenizers, np)}
    print(json.dumps({"versions": versions | {"python": sys.version.split()[0]}}), file=answers)
    for line in sys.stdin:
        request = json.loads(line)
        action = getattr(peer, request.pop("do"))
        print(json.dumps(action(**request)), file=answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
