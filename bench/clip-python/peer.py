"""The same towers and adapters by transformers and peft, kept alive and told over stdin what to do: a JSON object a line,
one back. Tensors go through safetensors files.

python peer.py
"""

import json
import os
import sys

import numpy as np
import peft
import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModelWithProjection

# What peft puts around a name.
PREFIX, ADAPTER = "base_model.model.", ".default."


def scale(name, value):
    """Standard deviations that keep the size of what flows through the blocks, so that all of it shows in gradients."""
    if name.endswith("position_embedding.weight") or name.endswith("class_embedding"):
        return 0.3
    return 0.1 if value.ndim == 1 else value[0].numel() ** -0.5


def load(folder, adapters):
    tower = CLIPVisionModelWithProjection.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    return tower if adapters is None else PeftModel.from_pretrained(tower, adapters, is_trainable=True)


def plain_name(name):
    return name.removeprefix(PREFIX).replace(ADAPTER, ".")


class Peer:
    def make(self, folder, sizes):
        """Saves a tower of random weights."""
        torch.manual_seed(0)
        model = CLIPVisionModelWithProjection(CLIPVisionConfig(**sizes))
        with torch.no_grad():
            for name, value in model.named_parameters():
                norm = 1 if "norm" in name and name.endswith("weight") else 0
                value.copy_(torch.randn_like(value) * scale(name, value) + norm)
        model.save_pretrained(folder)
        return {"parameters": sum(value.numel() for value in model.parameters())}

    def adapt(self, folder, adapters, rank, alpha):
        """Saves random adapters as peft does."""
        torch.manual_seed(1)
        model = get_peft_model(load(folder, None), LoraConfig(r=rank, lora_alpha=alpha, target_modules=["q_proj", "v_proj"]))
        with torch.no_grad():
            for name, value in model.named_parameters():
                if "lora_" in name:
                    value.copy_(torch.randn_like(value) * scale(name, value) * 0.5)
        model.save_pretrained(adapters)
        return {}

    def embed(self, folder, inputs, output, adapters=None):
        with torch.no_grad():
            embeds = load(folder, adapters)(load_file(inputs)["pixels"], interpolate_pos_encoding=True).image_embeds
        save_file({"embeds": embeds}, output)
        return {}

    def compute(self, folder, inputs, output, trained, adapters=None):
        """Embeddings, loss, and its gradients of some weights."""
        model, given = load(folder, adapters), load_file(inputs)
        for name, value in model.named_parameters():
            value.requires_grad_(plain_name(name) in trained)
        embeds = model(given["pixels"], interpolate_pos_encoding=True).image_embeds
        loss = (embeds - given["target"]).square().mean()
        loss.backward()
        gradients = {plain_name(name): value.grad for name, value in model.named_parameters() if value.requires_grad}
        save_file({"embeds": embeds.detach(), "loss": loss.detach().reshape(1), **gradients}, output)
        return {}

    def merge(self, folder, inputs, output, adapters):
        """The weights that merging adapters changes; needs no inputs."""
        model = load(folder, adapters)
        targets = {plain_name(name).split(".lora_")[0] + ".weight" for name, _ in model.named_parameters() if ".lora_" in name}
        merged = model.merge_and_unload().state_dict()
        save_file({name: merged[name] for name in targets}, output)
        return {}

    def prepare(self, folder):
        """What a thumbnail becomes by the folder's own preprocessing."""
        picture = np.zeros((720, 1280, 3), np.uint8)
        pixels = CLIPImageProcessor.from_pretrained(folder)(picture, return_tensors="np")["pixel_values"]
        return {"shape": list(pixels.shape)}


def main():
    # Whatever else prints goes to stderr: stdout is for answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    transformers.utils.logging.disable_progress_bar()
    peer = Peer()
    versions = {each.__name__: each.__version__ for each in (torch, transformers, peft)}
    print(json.dumps({"versions": versions | {"python": sys.version.split()[0]}}), file=answers)
    for line in sys.stdin:
        request = json.loads(line)
        action = getattr(peer, request.pop("do"))
        print(json.dumps(action(**request)), file=answers)


if __name__ == "__main__":
    main()
