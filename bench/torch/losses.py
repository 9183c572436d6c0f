"""The guide's losses of one batch, whose rows are the winners, then the losers."""

import torch
from torch.nn import functional as F


def smooth(targets, smoothing):
    return targets * (1 - smoothing) + 0.5 * smoothing


def stacked_losses(scores, ctr, auxiliary, targets, pair_weights, settings):
    """[3]: pairwise, CTR, auxiliary."""
    winners, losers = scores.split(pair_weights.shape[0])
    pair = (pair_weights * F.relu(settings["marginRanking"] - (winners - losers))).mean()
    ctr_targets, auxiliary_targets = targets
    ctr_loss = F.mse_loss(ctr, smooth(ctr_targets, settings["labelSmoothing"]))
    return torch.stack([pair, ctr_loss, F.mse_loss(auxiliary, auxiliary_targets)])
