"""Puts random LoRA adapters on the tower of make.py by peft, saves them as peft does, and writes lora.json: what PyTorch
computes with them for the three grids: embeddings, a loss, its gradients of A and B, the loss over 20 steps of SGD, and
the weights that merge_and_unload makes.

lora  queries and values of the last two blocks, r = 4, alpha = 8

Made with the versions in lora.json. Run after make.py: python tests/golden/clip/make_lora.py
"""

import json
import os
import shutil

import peft
import torch
from make import GRIDS, HERE, RATE, STEPS, load_tower, loss_of
from peft import LoraConfig, PeftModel, get_peft_model

TOWER, ADAPTERS = "vision", "lora"
PREFIX = "base_model.model."


def save_adapters():
    torch.manual_seed(3)
    config = LoraConfig(
        r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"], layers_to_transform=[1, 2], layers_pattern="layers"
    )
    model = get_peft_model(load_tower(TOWER), config)
    with torch.no_grad():
        for name, value in model.named_parameters():
            if "lora_B" in name:
                value.copy_(torch.randn_like(value) * 0.3)
    shutil.rmtree(ADAPTERS, ignore_errors=True)
    model.save_pretrained(ADAPTERS)
    os.remove(f"{ADAPTERS}/README.md")


def load_adapted():
    return PeftModel.from_pretrained(load_tower(TOWER), ADAPTERS, is_trainable=True)


def trained_of(model):
    """A and B by their names without peft's prefix and the adapter's name."""
    named = {name: value for name, value in model.named_parameters() if value.requires_grad}
    return {name.removeprefix(PREFIX).replace(".default.", "."): value for name, value in named.items()}


def compute(grid):
    model = load_adapted()
    embeds, loss = loss_of(model, grid)
    loss.backward()
    return {
        "embeds": embeds.flatten().tolist(),
        "loss": loss.item(),
        "gradients": {name: value.grad.flatten().tolist() for name, value in trained_of(model).items()},
        "steps": steps(load_adapted(), grid),
    }


def steps(model, grid):
    """Losses of 20 steps that train A and B."""
    optimizer = torch.optim.SGD(trained_of(model).values(), lr=RATE * 20)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        _, loss = loss_of(model, grid)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def merged():
    """The weights that merging changes."""
    before = load_tower(TOWER).state_dict()
    after = load_adapted().merge_and_unload().state_dict()
    return {name: value.flatten().tolist() for name, value in after.items() if not torch.equal(value, before[name])}


def main():
    os.chdir(HERE)
    save_adapters()
    golden = {"versions": {"torch": torch.__version__, "peft": peft.__version__}}
    golden |= {name: compute(grid) for name, grid in GRIDS.items()} | {"merged": merged()}
    (HERE / "lora.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
