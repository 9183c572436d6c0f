"""Embeds a drawn picture, and pictures of tests/golden/embedding with both towers, with transformers' own image processor,
for each geometry that the processor has.

python make_pictures.py > pictures.json    (torch 2.15, transformers 5.24, numpy, Pillow)
"""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers import CLIPImageProcessor, CLIPVisionModelWithProjection

HERE = Path(__file__).parent
PICTURES = HERE.parent / "embedding" / "pictures"
NAMES = ["wide.jpg", "portrait.jpg", "grey.jpg", "alpha.png", "odd.png"]
WIDTH, HEIGHT = 640, 360


def drawn():
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    planes = [x * 7 + y * 3, x * y, (x * 2) ^ (y * 5)]
    return Image.fromarray(np.stack([plane % 256 for plane in planes], axis=-1).astype(np.uint8))


def processors(config):
    size, patch = config.image_size, config.patch_size
    side = size // patch
    sizes = {
        "squash": (size, size),
        "wide": (3 * side // 4 * patch, 21 * side // 16 * patch),
        "full": (round(9 * side / 8) * patch, 2 * side * patch),
    }
    return {
        "crop": CLIPImageProcessor(size={"shortest_edge": size}, crop_size={"height": size, "width": size}),
        **{
            name: CLIPImageProcessor(size={"height": height, "width": width}, do_center_crop=False)
            for name, (height, width) in sizes.items()
        },
    }


@torch.no_grad()
def embed(model, processor, image):
    pixels = processor(image, return_tensors="pt")["pixel_values"]
    embeds = model(pixels, interpolate_pos_encoding=True).image_embeds[0]
    return {"size": list(pixels.shape[2:]), "vector": (embeds / embeds.norm()).tolist()}


def main():
    towers = {
        name: CLIPVisionModelWithProjection.from_pretrained(HERE / name, dtype=torch.float32).eval()
        for name in ("vision", "whole")
    }
    of_each = processors(towers["vision"].config)
    found = {name: embed(towers["vision"], processor, drawn()) for name, processor in of_each.items()}
    files = {name: Image.open(PICTURES / name).convert("RGB") for name in NAMES}
    found["files"] = {
        tower: {
            name: {file: embed(model, processor, image)["vector"] for file, image in files.items()}
            for name, processor in of_each.items()
        }
        for tower, model in towers.items()
    }
    print(json.dumps(found))


main()
