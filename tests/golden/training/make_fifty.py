"""Makes fifty.json: fifty whole training steps in PyTorch, with mixup, dropout, clipping and AdamW.

Made with Python 3.11.7, torch 2.15.0 (CPU), numpy 2.4.6; the file says so too.
Run: python tests/golden/training/make_fifty.py (some minutes, for the search of a robust world)
"""

import copy
import json

import numpy as np
import torch
from torch import nn

import make

STEPS = 50
SIZES = {"clip": 24, "text": 12, "hidden": 32, "videos": 16, "pairs": 8, "scale": 9}
SETTINGS = {"learningRate": 2e-4, "weightDecay": 0.01, "maxGradientNorm": 1}
PRIME = 4093
# The kinks of ReLU and of the margin, and weights whose gradient is rounding noise (see WORLD in make.py), tear
# trainings apart that differ by rounding alone. The first world is taken in which float32 and float64 stay together.
TOGETHER = 1e-5
CANCELLED = "pairwise.6.bias"


def mask_numbers(seed, site, count):
    """Numbers in [0, 1) that decide what is dropped in step `seed`; fifty.test.ts has the same formula."""
    base = 1 + np.floor((make.noise(f"mask {site}", count) + 1) / 2 * PRIME)
    return (base * (seed + 1) % PRIME / PRIME).astype(np.float32)


def train(world):
    model = world.model.train()
    options = {"lr": SETTINGS["learningRate"], "weight_decay": SETTINGS["weightDecay"]}
    optimizer = torch.optim.AdamW(model.parameters(), **options)
    log = []
    for step in range(STEPS):
        make.MaskedDropout.seed = step
        losses = world.losses(world.batch(step))
        optimizer.zero_grad()
        losses.sum().backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), SETTINGS["maxGradientNorm"])
        optimizer.step()
        log.append([*losses.tolist(), norm.item()])
    make.MaskedDropout.seed = None
    moments = {slot: make.moments(model, optimizer, slot) for slot in ("exp_avg", "exp_avg_sq")}
    return np.array(log), make.weights_of(model), moments


def doubled(world):
    """The same world in float64."""
    double = copy.copy(world)
    double.model = copy.deepcopy(world.model).double()
    for name in ("features", "ctr", "auxiliary"):
        setattr(double, name, getattr(world, name).double())
    return double


def apart(single, double):
    """The largest relative difference of losses and norms, and of weights against their tensor's largest."""
    of_log = np.max(np.abs(single[0] - double[0]) / np.abs(double[0]))
    of_weights = max(
        ((weights - double[1][name]).abs().max() / double[1][name].abs().max()).item()
        for name, weights in single[1].items()
        if name != CANCELLED
    )
    return max(of_log, of_weights)


def straddles(log):
    """Whether many steps are clipped, and many are not."""
    clipped = np.sum(log[:, 3] > SETTINGS["maxGradientNorm"])
    return 10 <= clipped <= STEPS - 10


def search():
    make.philox_uniform = mask_numbers
    for number in range(10_000):
        make.WORLD = number
        world = make.World(**SIZES)
        double = train(doubled(world))
        if not straddles(double[0]):
            continue
        single = train(world)
        difference = apart(single, double)
        print(f"world {number}: float32 and float64 are {difference:.1e} apart")
        if difference < TOGETHER:
            return number, single
    raise SystemExit("no world is robust enough")


def norms(values):
    return {name: value.double().norm().item() for name, value in values.items()}


if __name__ == "__main__":
    number, (log, weights, moments) = search()
    world = make.World(**SIZES)
    steps = [
        {"batch": world.batch(step), "losses": [float(f"{v:.9g}") for v in row[:3]], "gradNorm": float(f"{row[3]:.9g}")}
        for step, row in enumerate(log)
    ]
    made = {
        **{"versions": make.common(world)["versions"], "world": number, "sizes": SIZES, **SETTINGS, "steps": steps},
        **{"weights": make.listed(weights), "normsM": norms(moments["exp_avg"]), "normsV": norms(moments["exp_avg_sq"])},
    }
    (make.HERE / "fifty.json").write_text(json.dumps(made) + "\n")
