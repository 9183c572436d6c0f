"""Makes tiny.json and full.json: what PyTorch computes for the model, its losses and its training.

Made with Python 3.11.7, torch 2.15.0 (CPU), numpy 2.4.6; the files say so too.
Run: python tests/golden/training/make.py
"""

import copy
import json
import platform
from pathlib import Path

import numpy as np
import torch
from torch import nn

HERE = Path(__file__).parent
AUXILIARY = ["clarity", "prominence", "contrast", "emotion", "hierarchy", "title_match"]
MARGIN, SMOOTHING = 0.1, 0.15
DROPOUT_SEED = -123456789
# Of the first hundred worlds the one without a hidden unit that is active in all rows of a batch: such a unit's bias
# has an exactly vanishing gradient (it cancels within pairs, or in BatchNorm), of which rounding leaves noise, which
# Adam scales up to whole steps. `pairwise.6.bias` is always of that kind.
WORLD = 73

torch.manual_seed(0)
torch.set_num_threads(1)


def noise(name, count):
    """Numbers in [-1, 1) that TypeScript computes too: a hash of the name (FNV-1a) and the place (murmur3's end)."""
    seed = 0x811C9DC5
    for byte in f"{WORLD}/{name}".encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    h = np.arange(count, dtype=np.uint64) * 0x9E3779B9 + seed & 0xFFFFFFFF
    for shift, factor in [(16, 0x85EBCA6B), (13, 0xC2B2AE35)]:
        h = (h ^ (h >> shift)) * factor & 0xFFFFFFFF
    h ^= h >> 16
    return (h / 2**31 - 1).astype(np.float64)


def philox(block, key):
    """Philox4x32-10 (Salmon et al., 2011) of four uint64 arrays that hold 32-bit numbers."""
    a, b, c, d = block
    for at in range(10):
        k0, k1 = (key[0] + at * 0x9E3779B9) & 0xFFFFFFFF, (key[1] + at * 0xBB67AE85) & 0xFFFFFFFF
        low, high = a * np.uint64(0xD2511F53), c * np.uint64(0xCD9E8D57)
        a, b, c, d = (high >> 32) ^ b ^ k0, high & 0xFFFFFFFF, (low >> 32) ^ d ^ k1, low & 0xFFFFFFFF
    return a, b, c, d


def philox_uniform(seed, site, count):
    """Uniform numbers of TensorFlow's StatelessRandomUniform with seed [seed, site]."""
    wide = lambda n: [np.uint64(n & 0xFFFFFFFF), np.uint64(n >> 32 & 0xFFFFFFFF)]
    k0, k1, c2, c3 = philox([*wide(seed), *wide(site)], (0x3EC8F720, 0x02461E29))
    groups = np.arange((count + 3) // 4, dtype=np.uint64)
    same = lambda n: np.full_like(groups, n)
    lanes = np.stack(philox([groups, same(0), same(c2), same(c3)], (k0, k1)), 1).flatten()[:count]
    return (0x3F800000 | lanes.astype(np.uint32) & 0x7FFFFF).astype(np.uint32).view(np.float32) - np.float32(1)


class MaskedDropout(nn.Module):
    """Dropout by the engine's random numbers; off while `seed` is None."""

    seed = None

    def __init__(self, rate, site):
        super().__init__()
        self.rate, self.site = rate, site

    def forward(self, x):
        if not self.training or MaskedDropout.seed is None:
            return x
        uniform = torch.from_numpy(philox_uniform(MaskedDropout.seed, self.site, x.numel())).reshape(x.shape)
        return x * (uniform >= self.rate).float() / (1 - self.rate)


class Ranker(nn.Module):
    def __init__(self, width, h):
        super().__init__()
        self.projection = nn.Linear(width, h)
        self.pairwise = nn.Sequential(
            nn.Linear(h, h // 2), nn.ReLU(), MaskedDropout(0.15, 0),
            nn.Linear(h // 2, h // 4), nn.ReLU(), MaskedDropout(0.1, 1),
            nn.Linear(h // 4, 1),
        )
        self.ctr = nn.Sequential(
            nn.Linear(h, h), nn.ReLU(), nn.BatchNorm1d(h), MaskedDropout(0.2, 2),
            nn.Linear(h, h // 2), nn.ReLU(), nn.BatchNorm1d(h // 2), MaskedDropout(0.15, 3),
            nn.Linear(h // 2, 1), nn.Sigmoid(),
        )
        self.auxiliary = nn.ModuleDict({
            head: nn.Sequential(
                nn.Linear(h, h // 2), nn.ReLU(), MaskedDropout(0.1, 4 + at), nn.Linear(h // 2, 1), nn.Sigmoid()
            )
            for at, head in enumerate(AUXILIARY)
        })

    def forward(self, x):
        shared = torch.relu(self.projection(x))
        auxiliary = torch.cat([self.auxiliary[head](shared) for head in AUXILIARY], 1)
        return self.pairwise(shared)[:, 0], self.ctr(shared)[:, 0], auxiliary


def weights_of(model):
    return {name: value for name, value in model.state_dict().items() if not name.endswith("num_batches_tracked")}


@torch.no_grad()
def fill(model):
    """Weights of every layer from `noise`; BatchNorm's too, away from their defaults."""
    for name, value in weights_of(model).items():
        values = noise(name, value.numel())
        if name.startswith(("ctr.2", "ctr.6")):
            values = values * 0.2 + (1 if name.endswith((".weight", ".running_var")) else 0)
        else:
            layer = dict(model.named_parameters())[name.rsplit(".", 1)[0] + ".weight"]
            values = values / np.sqrt(layer.shape[1])
        value.copy_(torch.from_numpy(values.astype(np.float32)).reshape(value.shape))


class World:
    """Videos, targets and batches of one size of model."""

    def __init__(self, clip, text, hidden, videos, pairs, scale):
        self.videos, self.pairs, self.width = videos, pairs, clip + text
        self.model = Ranker(self.width, hidden)
        fill(self.model)
        tensor = lambda name, *shape: torch.from_numpy(noise(name, int(np.prod(shape))).astype(np.float32)).reshape(shape)
        self.features = tensor("features", videos, self.width) * scale
        self.ctr = (tensor("ctrTargets", videos) + 1) / 2
        self.auxiliary = (tensor("auxiliaryTargets", videos, 6) + 1) / 2

    def batch(self, step):
        """A batch with mixup, from the step's number alone."""
        rng = np.random.default_rng(step)
        rows = np.concatenate([rng.permutation(self.videos)[: self.pairs], rng.permutation(self.videos)[: self.pairs]])
        partners = rng.permutation(self.pairs)
        return {
            "rows": rows.tolist(),
            "partners": np.concatenate([partners, partners + self.pairs]).tolist(),
            "lambda": float(np.float32([0.3, 0.85, 1, 0.02, 0.5][step % 5])),
            "pairWeights": [float(w) for w in np.float32(0.5 + rng.random(self.pairs))],
        }

    def losses(self, batch, model=None):
        rows, partners, lam = batch["rows"], batch["partners"], batch["lambda"]
        mixed = lambda table: lam * table[rows] + (1 - lam) * table[rows][partners]
        scores, ctr, auxiliary = (model or self.model)(mixed(self.features))
        winners, losers = scores[: self.pairs], scores[self.pairs :]
        each = nn.MarginRankingLoss(MARGIN, reduction="none")(winners, losers, torch.ones(self.pairs))
        smooth = mixed(self.ctr) * (1 - SMOOTHING) + 0.5 * SMOOTHING
        return torch.stack([
            (each * torch.tensor(batch["pairWeights"])).mean(),
            nn.functional.mse_loss(ctr, smooth),
            nn.functional.mse_loss(auxiliary, mixed(self.auxiliary)),
        ])


def listed(value):
    if isinstance(value, dict):
        return {key: listed(inner) for key, inner in value.items()}
    return [float(f"{number:.9g}") for number in torch.as_tensor(value).detach().flatten().tolist()]


def outputs(model, x):
    return listed(dict(zip(["scores", "ctr", "auxiliary"], model(x))))


def gradients(model):
    return {name: parameter.grad for name, parameter in model.named_parameters()}


def evaluated(world):
    world.model.eval()
    return outputs(world.model, world.features)


def trained(world, seed=None):
    """Forward pass in training mode on the first batch's rows, unmixed; BatchNorm's statistics after it."""
    model = copy.deepcopy(world.model).train()
    MaskedDropout.seed = seed
    output = outputs(model, world.features[world.batch(0)["rows"]])
    MaskedDropout.seed = None
    return {"output": output, "running": listed({k: v for k, v in weights_of(model).items() if "running" in k})}


def backward(world, seed=None):
    model = copy.deepcopy(world.model).train()
    MaskedDropout.seed = seed
    losses = world.losses(world.batch(0), model)
    losses.sum().backward()
    MaskedDropout.seed = None
    return losses, gradients(model)


def moments(model, optimizer, slot):
    return {name: optimizer.state[parameter][slot] for name, parameter in model.named_parameters()}


def steps(world, count=5, lr=2e-4, decay=0.01, norm=0.1, swa_from=2):
    """Steps of AdamW with clipping, then SWA over the weights after the last ones, with update_bn."""
    model = copy.deepcopy(world.model).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=decay)
    averaged = torch.optim.swa_utils.AveragedModel(model)
    log = []
    for step in range(count):
        losses = world.losses(world.batch(step), model)
        optimizer.zero_grad()
        losses.sum().backward()
        before = nn.utils.clip_grad_norm_(model.parameters(), norm)
        optimizer.step()
        log.append({"batch": world.batch(step), "losses": listed(losses), "gradNorm": before.item()})
        if step >= swa_from:
            averaged.update_parameters(model)
    loader = [world.features[world.batch(step)["rows"]] for step in range(count)]
    torch.optim.swa_utils.update_bn(loader, averaged)
    swa = {name.removeprefix("module."): value for name, value in weights_of(averaged).items() if name != "n_averaged"}
    return {
        **{"learningRate": lr, "weightDecay": decay, "maxGradientNorm": norm, "swaFrom": swa_from, "steps": log},
        **{"weights": listed(weights_of(model)), "swa": listed(swa)},
        **{key: listed(moments(model, optimizer, slot)) for key, slot in {"adamM": "exp_avg", "adamV": "exp_avg_sq"}.items()},
    }


def tiny():
    world = World(clip=12, text=6, hidden=16, videos=14, pairs=8, scale=3)
    losses, grads = backward(world)
    dropped, dropped_grads = backward(world, DROPOUT_SEED)
    dropout = {"losses": listed(dropped), "gradients": listed(dropped_grads), **trained(world, DROPOUT_SEED)}
    return {
        **{"losses": listed(losses), "gradients": listed(grads), "training": steps(world), **common(world)},
        "dropout": {"seed": DROPOUT_SEED, **dropout},
    }


def full():
    world = World(clip=768, text=384, hidden=512, videos=10, pairs=4, scale=0.0625)
    losses, grads = backward(world)
    sampled = {name: {"norm": g.double().norm().item(), "entries": listed(g.flatten()[places(g.numel())])} for name, g in grads.items()}
    return {"losses": listed(losses), "gradients": sampled, **common(world)}


def places(count):
    return [at * count // 7 for at in range(7)]


def common(world):
    return {
        "versions": {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        "batch": world.batch(0),
        "evaluation": evaluated(world),
        "trainingMode": trained(world),
    }


if __name__ == "__main__":
    for name, make in {"tiny": tiny, "full": full}.items():
        (HERE / f"{name}.json").write_text(json.dumps(make()) + "\n")
