"""What bench/step/world.ts wrote: tables, first weights, and the batches of a training."""

import json
from pathlib import Path

import numpy as np
import torch


class World:
    def __init__(self, folder, device):
        self.folder, self.device = Path(folder), device
        facts = json.loads((self.folder / "world.json").read_text())
        self.width, self.heads = facts["width"], facts["heads"]
        self.features = self.read("features.f32").reshape(-1, self.width)
        self.ctr = self.read("ctr.f32")
        self.auxiliary = self.read("auxiliary.f32").reshape(-1, len(self.heads))

    def read(self, name, kind=np.float32):
        return torch.from_numpy(np.fromfile(self.folder / name, kind)).to(self.device)

    def weights(self):
        """Tensors by name, out of a safetensors file."""
        data = (self.folder / "weights.safetensors").read_bytes()
        length = int.from_bytes(data[:8], "little")
        tensors = {}
        for name, entry in json.loads(data[8 : 8 + length]).items():
            if name == "__metadata__":
                continue
            start, end = entry["data_offsets"]
            values = np.frombuffer(data, np.float32, (end - start) // 4, 8 + length + start)
            tensors[name] = torch.from_numpy(values.copy()).reshape(entry["shape"]).to(self.device)
        return tensors

    def batches(self, size):
        """(rows [2 size], partners [2 size], weights of the pairs [size], lambda [] and its complement) of each step."""
        rows, partners = (self.read(f"{name}-{size}.i32", np.int32).long() for name in ("rows", "partners"))
        weights, lambdas = self.read(f"weights-{size}.f32"), self.read(f"lambdas-{size}.f32")
        return list(zip(rows.split(2 * size), partners.split(2 * size), weights.split(size), lambdas))

    def auc(self, training):
        """Share of validation pairs that the scores order rightly; as many training rows as we watch are scored too."""
        winners, losers = (self.read(f"validation-{name}.i32", np.int32).long() for name in ("winners", "losers"))
        watched = torch.unique(torch.cat([winners, losers, torch.arange(min(4000, len(self.features)), device=self.device)]))
        scores = torch.empty(len(self.features), device=self.device)
        for rows in watched.split(256):
            scores[rows], _ = training.scores(rows)
        difference = scores[winners] - scores[losers]
        return ((difference > 0).float() + (difference == 0).float() / 2).mean().item()
