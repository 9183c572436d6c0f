"""Embeds one picture with transformers' own image processor, for each geometry that the processor has.

python make_pictures.py > pictures.json    (torch 2.15, transformers 5.24, numpy, Pillow)
"""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers import CLIPImageProcessor, CLIPVisionModelWithProjection

FOLDER = Path(__file__).parent / "vision"
WIDTH, HEIGHT = 640, 360


def drawn():
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    planes = [x * 7 + y * 3, x * y, (x * 2) ^ (y * 5)]
    return Image.fromarray(np.stack([plane % 256 for plane in planes], axis=-1).astype(np.uint8))


@torch.no_grad()
def main():
    model = CLIPVisionModelWithProjection.from_pretrained(FOLDER).eval()
    size, patch = model.config.image_size, model.config.patch_size
    side = size // patch
    sizes = {
        "squash": (size, size),
        "wide": (3 * side // 4 * patch, 21 * side // 16 * patch),
        "full": (round(9 * side / 8) * patch, 2 * side * patch),
    }
    processors = {
        "crop": CLIPImageProcessor(size={"shortest_edge": size}, crop_size={"height": size, "width": size}),
        **{
            name: CLIPImageProcessor(size={"height": height, "width": width}, do_center_crop=False)
            for name, (height, width) in sizes.items()
        },
    }
    found = {}
    for name, processor in processors.items():
        pixels = processor(drawn(), return_tensors="pt")["pixel_values"]
        embeds = model(pixels, interpolate_pos_encoding=True).image_embeds[0]
        found[name] = {"size": list(pixels.shape[2:]), "vector": (embeds / embeds.norm()).tolist()}
    print(json.dumps(found))


main()
