"""The training step as one writes it in PyTorch: modules, clip_grad_norm_, AdamW; optionally fused or compiled."""

import torch
from torch import nn

from losses import stacked_losses


class Ranker(nn.Module):
    def __init__(self, width, heads, h=512, scale=1.0):
        super().__init__()
        self.heads = heads
        self.projection = nn.Linear(width, h)
        self.pairwise = nn.Sequential(
            nn.Linear(h, h // 2), nn.ReLU(), nn.Dropout(0.15 * scale),
            nn.Linear(h // 2, h // 4), nn.ReLU(), nn.Dropout(0.1 * scale),
            nn.Linear(h // 4, 1),
        )
        self.ctr = nn.Sequential(
            nn.Linear(h, h), nn.ReLU(), nn.BatchNorm1d(h), nn.Dropout(0.2 * scale),
            nn.Linear(h, h // 2), nn.ReLU(), nn.BatchNorm1d(h // 2), nn.Dropout(0.15 * scale),
            nn.Linear(h // 2, 1), nn.Sigmoid(),
        )
        self.auxiliary = nn.ModuleDict({
            head: nn.Sequential(
                nn.Linear(h, h // 2), nn.ReLU(), nn.Dropout(0.1 * scale), nn.Linear(h // 2, 1), nn.Sigmoid()
            )
            for head in heads
        })

    def forward(self, x):
        shared = torch.relu(self.projection(x))
        auxiliary = torch.cat([self.auxiliary[head](shared) for head in self.heads], 1)
        return self.pairwise(shared)[:, 0], self.ctr(shared)[:, 0], auxiliary


class Plain:
    def __init__(self, world, settings, fused=False, compiled=False):
        self.world, self.settings = world, settings
        self.model = Ranker(world.width, world.heads, scale=settings["dropoutScale"]).to(world.device)
        self.model.load_state_dict(world.weights(), strict=False)
        self.parameters = list(self.model.parameters())
        rates = {"lr": settings["learningRate"], "weight_decay": settings["weightDecay"]}
        self.optimizer = torch.optim.AdamW(self.parameters, **rates, fused=True if fused else None)
        self.losses = torch.compile(self._losses, dynamic=False) if compiled else self._losses

    def _losses(self, rows, partners, pair_weights, share):
        world = self.world

        def mixed(table):
            own = table[rows]
            partner = own[partners]
            return partner + share * (own - partner)

        scores, ctr, auxiliary = self.model(mixed(world.features))
        targets = mixed(world.ctr), mixed(world.auxiliary)
        return stacked_losses(scores, ctr, auxiliary, targets, pair_weights, self.settings)

    def step(self, batch):
        """[pairwise, CTR, auxiliary, gradient norm] as numbers."""
        self.optimizer.zero_grad()
        losses = self.losses(*batch)
        losses.sum().backward()
        norm = nn.utils.clip_grad_norm_(self.parameters, self.settings["maxGradientNorm"])
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
        self.model.eval()
        scores, ctr, _ = self.model(self.world.features[rows])
        self.model.train()
        return scores, ctr
