"""One way of writing the step in PyTorch, kept alive and told over stdin what to run: a JSON object a line, one back.

python contender.py NAME FOLDER THREADS DEVICE
"""

import json
import os
import sys
import time

import torch
from torch._dynamo import config

from hand_fused import HandFused
from plain import Plain
from world import World

KINDS = {
    "torch-eager": lambda world, settings: Plain(world, settings),
    "torch-fused-adam": lambda world, settings: Plain(world, settings, fused=True),
    "torch-compile": lambda world, settings: Plain(world, settings, fused=True, compiled=True),
    "torch-hand-fused": lambda world, settings: HandFused(world, settings),
    "torch-hand-fused-compile": lambda world, settings: HandFused(world, settings, compiled=True),
    "torch-hand-fused-graphs": lambda world, settings: HandFused(world, settings, compiled=True, graphs=True),
}


class Contender:
    def __init__(self, name, folder, device):
        self.make = KINDS[name]
        self.world = World(folder, device)
        self.trainings = {}

    def check(self, batch, steps, settings):
        """Values of the first steps from the first weights."""
        training, batches = self.make(self.world, settings), self.world.batches(batch)
        return {"values": [training.step(batches[step]) for step in range(steps)]}

    def steps(self, batch, steps, settings):
        """Milliseconds of some more steps; batches are taken in turn."""
        if batch not in self.trainings:
            self.trainings[batch] = [self.make(self.world, settings), self.world.batches(batch), 0]
        training, batches, done = self.trainings[batch]
        milliseconds = []
        for step in range(done, done + steps):
            began = time.perf_counter()
            training.step(batches[step % len(batches)])
            milliseconds.append((time.perf_counter() - began) * 1e3)
        self.trainings[batch][2] = done + steps
        return {"milliseconds": milliseconds}

    def epoch(self, batch, settings):
        """Seconds of one more epoch: all batches, SWA's average, then scores and CTR of the watched rows."""
        if batch not in self.trainings:
            self.trainings[batch] = [self.make(self.world, settings), self.world.batches(batch), 0]
            self.averages = {}
        training, batches, done = self.trainings[batch]
        began = time.perf_counter()
        losses = [training.step(each)[0] for each in batches]
        self.averages[batch] = training.average_into(self.averages.get(batch), done)
        auc = self.world.auc(training)
        self.trainings[batch][2] = done + 1
        seconds = time.perf_counter() - began
        return {"seconds": seconds, "pairs": batch * len(batches), "pairLoss": sum(losses) / len(losses), "valAuc": auc}


def main(name, folder, threads, device):
    # Whatever else prints goes to stderr: stdout is for answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    config.recompile_limit = 64
    contender = Contender(name, folder, device)
    card = "CPU" if device == "cpu" else torch.cuda.get_device_name(device)
    versions = {"torch": torch.__version__, "device": card, "python": sys.version.split()[0]}
    print(json.dumps({"versions": versions}), file=answers)
    for line in sys.stdin:
        request = json.loads(line)
        action = getattr(contender, request.pop("do"))
        print(json.dumps(action(**request)), file=answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
