"""The same step written for speed by hand: the eight heads' first layers are one product, the six sub-scores' second
layers another, clipping happens inside the fused AdamW, and nothing is computed twice."""

import torch
from torch.nn import functional as F

from losses import stacked_losses

PARTS = ["pairwise.0", "ctr.0"]


class HandFused:
    def __init__(self, world, settings, compiled=False, graphs=False):
        self.world, self.settings = world, settings
        weights = world.weights()
        heads = [f"auxiliary.{head}" for head in world.heads]
        firsts = [*PARTS, *(f"{head}.0" for head in heads)]
        join = lambda names, kind: torch.cat([weights.pop(f"{name}.{kind}") for name in names])
        weights["first.weight"], weights["first.bias"] = join(firsts, "weight"), join(firsts, "bias")
        seconds = [f"{head}.3" for head in heads]
        weights["second.weight"], weights["second.bias"] = join(seconds, "weight"), join(seconds, "bias")
        self.running = {name: weights.pop(name) for name in list(weights) if "running" in name}
        self.weights = {name: value.requires_grad_() for name, value in weights.items()}
        self.parameters = list(self.weights.values())
        rates = {"lr": settings["learningRate"], "weight_decay": settings["weightDecay"]}
        self.optimizer = torch.optim.AdamW(self.parameters, **rates, fused=True)
        self.optimizer.found_inf = torch.zeros((), device=world.device)
        self.losses = torch.compile(self._losses, dynamic=False, mode="reduce-overhead" if graphs else "default") if compiled else self._losses

    def _forward(self, x, training=True):
        w, scale = self.weights, self.settings["dropoutScale"]
        linear = lambda name, x: F.linear(x, w[f"{name}.weight"], w[f"{name}.bias"])
        drop = lambda x, rate: F.dropout(x, rate * scale) if training and scale > 0 else x

        def normalise(name, x):
            running = self.running[f"{name}.running_mean"], self.running[f"{name}.running_var"]
            return F.batch_norm(x, *running, w[f"{name}.weight"], w[f"{name}.bias"], training)

        h = self.running["ctr.2.running_mean"].shape[0]
        shared = F.relu(linear("projection", x))
        first = F.relu(linear("first", shared))
        pair, ctr, auxiliary = first.split([h // 2, h, first.shape[1] - h // 2 - h], 1)
        pair = drop(F.relu(linear("pairwise.3", drop(pair, 0.15))), 0.1)
        ctr = F.relu(linear("ctr.4", drop(normalise("ctr.2", ctr), 0.2)))
        ctr = drop(normalise("ctr.6", ctr), 0.15)
        second = w["second.weight"]
        auxiliary = (drop(auxiliary, 0.1).view(-1, *second.shape) * second).sum(2) + w["second.bias"]
        return linear("pairwise.6", pair)[:, 0], linear("ctr.8", ctr)[:, 0].sigmoid(), auxiliary.sigmoid()

    def _losses(self, rows, partners, pair_weights, share):
        others = rows[partners]
        mixed = lambda table: torch.lerp(table.index_select(0, others), table.index_select(0, rows), share)
        outputs = self._forward(mixed(self.world.features))
        targets = mixed(self.world.ctr), mixed(self.world.auxiliary)
        return stacked_losses(*outputs, targets, pair_weights, self.settings)

    def step(self, batch):
        """[pairwise, CTR, auxiliary, gradient norm] as numbers."""
        self.optimizer.zero_grad(set_to_none=True)
        losses = self.losses(*batch)
        losses.sum().backward()
        norms = torch._foreach_norm([parameter.grad for parameter in self.parameters])
        norm = torch.linalg.vector_norm(torch.stack(norms))
        # The fused kernel divides gradients by this as it reads them, so that clipping costs no pass of its own.
        self.optimizer.grad_scale = ((norm + 1e-6) / self.settings["maxGradientNorm"]).clamp(min=1)
        self.optimizer.step()
        return [*losses.tolist(), norm.item()]

    def average_into(self, averages, count):
        """SWA's equal-weight average; returns the new one."""
        if averages is None:
            return [parameter.detach().clone() for parameter in self.parameters]
        torch._foreach_lerp_(averages, [parameter.detach() for parameter in self.parameters], 1 / (count + 1))
        return averages

    @torch.no_grad()
    def scores(self, rows):
        """Scores and CTR of some rows in evaluation mode."""
        scores, ctr, _ = self._forward(self.world.features[rows], training=False)
        return scores, ctr
