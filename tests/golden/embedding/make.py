"""Makes the pictures, the tiny random models in the hub's layout and golden.json: what Python's transformers and Pillow
make of them. Everything but the versions is drawn from one seed.

Made with Python 3.11, torch 2.15.0, transformers 5.23.0, onnx 1.23.2, onnxscript 0.7.2, onnxruntime 1.32.0,
tokenizers, Pillow 13.0.0 (see "versions" in golden.json).
Run: python tests/golden/embedding/make.py
"""

import base64
import hashlib
import json
import math
import platform
from pathlib import Path

import numpy as np
import onnxruntime
import tokenizers
import torch
import transformers
import PIL
from PIL import Image, ImageDraw
from transformers import BertConfig, BertModel, BertTokenizerFast, CLIPVisionConfig, CLIPVisionModelWithProjection
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
CLIP = HERE / "hub" / "Xenova" / "clip-vit-large-patch14"
MINILM = HERE / "hub" / "Xenova" / "all-MiniLM-L6-v2"
TITLES = [
    "How I built a $1,000 camera in 24 hours",
    "WHY IS NOBODY TALKING ABOUT THIS?!",
    "Crème brûlée à la maison — naïve façade",
    "日本の朝ごはん 🍚 vlog",
    "🔥🔥🔥 INSANE!!! 🔥🔥🔥",
    "a",
    "",
    "   spaces\tand tabs   ",
    "word " * 400,
    "Привет мир: обзор (2024) [4K]",
    "pneumonoultramicroscopicsilicovolcanoconiosis" * 4,
]


def scene(width, height, seed):
    """A picture with gradients, hard edges and fine detail."""
    draws = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width]
    base = np.stack([columns / width * 200 + 30, rows / height * 180 + 40, 120 + 80 * np.sin(columns / width * 9)], -1)
    image = Image.fromarray(base.clip(0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for _ in range(14):
        x, y, size = draws.integers(0, width), draws.integers(0, height), draws.integers(8, max(9, height // 3))
        colour = tuple(int(c) for c in draws.integers(0, 256, 3))
        shape = pen.ellipse if draws.random() < 0.5 else pen.rectangle
        shape([x - size, y - size, x + size, y + size], fill=colour)
    for x in range(0, width, 7):
        pen.line([x, height * 2 // 3, x + height // 4, height], fill=(240, 240, 20), width=2)
    return image


def letterboxed(width, height, seed):
    """A 16:9 picture in a 4:3 frame, as hqdefault.jpg has it."""
    frame = Image.new("RGB", (width, height))
    inner = height * 3 // 4
    frame.paste(scene(width, inner, seed), (0, (height - inner) // 2))
    return frame


def make_pictures():
    PICTURES.mkdir(exist_ok=True)
    scene(1280, 720, 1).save(PICTURES / "wide.jpg", quality=80)
    letterboxed(640, 480, 2).save(PICTURES / "letterboxed.jpg", quality=85)
    scene(120, 90, 3).save(PICTURES / "small.jpg", quality=90)
    letterboxed(120, 90, 8).save(PICTURES / "small-letterboxed.jpg", quality=90)
    scene(405, 720, 4).save(PICTURES / "portrait.jpg", quality=80)
    scene(640, 360, 5).convert("L").save(PICTURES / "grey.jpg", quality=85)
    with_alpha = scene(500, 281, 6).convert("RGBA")
    with_alpha.putalpha(Image.linear_gradient("L").resize(with_alpha.size))
    with_alpha.save(PICTURES / "alpha.png", optimize=True)
    scene(250, 251, 7).save(PICTURES / "odd.png", optimize=True)
    scene(480, 270, 9).save(PICTURES / "progressive.jpg", quality=70, progressive=True, subsampling=0)


def without_black_bars(image):
    """The house's rule: black eighths at the top and bottom of a 4:3 picture go."""
    width, height = image.size
    if abs(width * 3 - height * 4) > height * 0.04:
        return image
    luma = np.asarray(image, dtype=np.float64) @ [0.299, 0.587, 0.114]
    dark, cut = math.floor(height / 8), math.ceil(height / 8)
    black = lambda rows: (rows > 40).mean() <= 0.03
    if not black(luma[:dark]) or not black(luma[height - dark :]) or black(luma[cut : height - cut]):
        return image
    return image.crop((0, cut, width, height - cut))


def spread_out(model, gain):
    """Weights large enough that different inputs give clearly different vectors."""
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim >= 2:
                weight.normal_(0, gain / math.sqrt(weight[0].numel()))
            elif name.endswith("bias"):
                weight.normal_(0, 0.1)
    return model.eval()


def export(model, inputs, names, output, path, dynamic):
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        model, inputs, path, input_names=names, output_names=[output], dynamic_shapes=dynamic, dynamo=True, opset_version=18,
        external_data=False, verbose=False,
    )


class VisionEmbeds(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, pixel_values):
        return self.model(pixel_values=pixel_values).image_embeds


class HiddenStates(torch.nn.Module):
    """A small BERT whose hidden states are widened to the 384 of MiniLM: the file stays below half a megabyte."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.widen = torch.nn.Linear(model.config.hidden_size, 384)

    def forward(self, input_ids, attention_mask, token_type_ids):
        inputs = dict(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        return self.widen(self.model(**inputs).last_hidden_state)


def make_clip():
    torch.manual_seed(1)
    config = CLIPVisionConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, image_size=224, patch_size=14,
        projection_dim=768, attn_implementation="eager",
    )
    model = spread_out(CLIPVisionModelWithProjection(config), 1.5)
    batch = torch.export.Dim("batch", min=1, max=4096)
    example = torch.randn(2, 3, 224, 224)
    export(VisionEmbeds(model).eval(), (example,), ["pixel_values"], "image_embeds", CLIP / "onnx/vision_model.onnx", ({0: batch},))
    # The hub's config.json describes the whole CLIP model.
    whole = transformers.CLIPConfig(vision_config=config.to_dict(), projection_dim=768)
    whole.architectures = ["CLIPModel"]
    whole.save_pretrained(CLIP)
    processor = CLIPImageProcessorPil()
    described = processor.to_dict() | {"image_processor_type": "CLIPImageProcessor"}
    (CLIP / "preprocessor_config.json").write_text(json.dumps(described, indent=2, sort_keys=True) + "\n")
    return model, processor


def make_tokenizer():
    words = sorted({w for t in TITLES[:6] for w in t.lower().split()} | {"the", "##ing", "##s", "##no", "word", "of"})
    letters = sorted(set("abcdefghijklmnopqrstuvwxyz0123456789$,?!:()[]-вперимбзо日本朝"))
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *("##" + c for c in letters if c.isalnum())]
    vocabulary += [w for w in words if w not in vocabulary and (w.isascii() and (w.isalnum() or w[:2] == "##"))]
    (MINILM / "onnx").mkdir(parents=True, exist_ok=True)
    tokenizer = BertTokenizerFast(vocab={w: i for i, w in enumerate(vocabulary)}, do_lower_case=True, model_max_length=512)
    tokenizer.save_pretrained(MINILM)
    # The hub's file asks for 128 tokens, padded; sentence-transformers overrules both, and so must we.
    saved = json.loads((MINILM / "tokenizer.json").read_text())
    saved["truncation"] = {"direction": "Right", "max_length": 128, "strategy": "LongestFirst", "stride": 0}
    saved["padding"] = {
        "strategy": {"Fixed": 128}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0,
        "pad_token": "[PAD]",
    }
    (MINILM / "tokenizer.json").write_text(json.dumps(saved, ensure_ascii=False, indent=2) + "\n")
    return tokenizer


def make_minilm(tokenizer):
    torch.manual_seed(2)
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=512, attn_implementation="eager",
    )
    model = spread_out(HiddenStates(BertModel(config, add_pooling_layer=False)), 1.5)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    ids, mask, types = (torch.ones(2, 7, dtype=torch.int64) for _ in range(3))
    shape = {0: torch.export.Dim("batch", min=1, max=4096), 1: torch.export.Dim("tokens", min=2, max=512)}
    export(model, (ids, mask, types * 0), names, "last_hidden_state", MINILM / "onnx/model.onnx", (shape,) * 3)
    config.architectures = ["BertModel"]
    config.save_pretrained(MINILM)
    return model


def picture_vectors(model, processor):
    """Vectors, and rows 0, 56, 112, 168 and 223 of the resized and cropped pictures."""
    golden = {}
    for path in sorted(PICTURES.iterdir()):
        image = without_black_bars(Image.open(path).convert("RGB"))
        plain = processor(image, do_rescale=False, do_normalize=False, return_tensors="np").pixel_values[0]
        pixels = np.ascontiguousarray(plain.transpose(1, 2, 0)).astype(np.uint8)
        values = processor(image, return_tensors="pt").pixel_values
        with torch.no_grad():
            embeds = model(pixel_values=values).image_embeds
        golden[path.name] = {
            "decoded": list(image.size),
            "sha256": hashlib.sha256(pixels.tobytes()).hexdigest(),
            "rows": base64.b64encode(pixels[[0, 56, 112, 168, 223]].tobytes()).decode(),
            "vector": rounded(torch.nn.functional.normalize(embeds)[0]),
        }
    return golden


def title_vectors(model, tokenizer):
    """What sentence-transformers computes for all-MiniLM-L6-v2: 256 tokens, mean over real ones, length 1."""
    golden = []
    for title in TITLES:
        tokens = tokenizer(title, truncation=True, max_length=256, return_tensors="pt")
        with torch.no_grad():
            hidden = model(**tokens)
        mask = tokens["attention_mask"].unsqueeze(-1).float()
        pooled = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        vector = rounded(torch.nn.functional.normalize(pooled)[0])
        golden.append({"title": title, "ids": tokens["input_ids"][0].tolist(), "vector": vector})
    return golden


def resizings():
    """Hashes of what Pillow makes of one lossless picture at many sizes, horizontal pass first.

    Pillow 13 begins with the vertical pass where the height shrinks more than twice as many pixels as the width."""
    image = Image.open(PICTURES / "odd.png").convert("RGB")
    golden = []
    for name, resample in (("bicubic", Image.Resampling.BICUBIC), ("bilinear", Image.Resampling.BILINEAR)):
        for width, height in ((224, 224), (160, 200), (17, 400), (300, 500), (250, 31), (600, 251), (1, 1)):
            data = image.resize((width, height), resample).tobytes()
            golden.append({"filter": name, "width": width, "height": height, "sha256": hashlib.sha256(data).hexdigest()})
    return golden


def rounded(vector):
    return [round(float(value), 7) for value in vector]


def main():
    make_pictures()
    clip, processor = make_clip()
    tokenizer = make_tokenizer()
    minilm = make_minilm(tokenizer)
    versions = {m.__name__: m.__version__ for m in (np, onnxruntime, PIL, tokenizers, torch, transformers)}
    golden = {
        "versions": {"python": platform.python_version(), **versions},
        "pictures": picture_vectors(clip, processor),
        "titles": title_vectors(minilm, tokenizer),
        "resizings": resizings(),
    }
    (HERE / "golden.json").write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
