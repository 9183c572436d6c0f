"""Makes two tiny random CLIP vision towers as transformers saves them, and golden.json: what PyTorch computes with each
of them, for the three grids of an input: embeddings, a loss, its gradients, and the loss over 20 steps of AdamW.

vision  CLIPVisionModelWithProjection, quick_gelu, float32
whole   a CLIPModel with its text tower, gelu, bfloat16, with position_ids as earlier versions saved them

Made with the versions in golden.json. Run: python tests/golden/clip/make.py
"""

import json
import shutil
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import CLIPConfig, CLIPModel, CLIPVisionConfig, CLIPVisionModelWithProjection

HERE = Path(__file__).parent
PATCH = 2
# Rows and columns of patches; the towers' own grid is 16x16.
GRIDS = {"crop": (16, 16), "wide": (12, 21), "full": (18, 32)}
SIZES = dict(
    hidden_size=16, intermediate_size=24, num_hidden_layers=3, num_attention_heads=2, image_size=16 * PATCH, patch_size=PATCH
)
PROJECTION = 12
BATCH = 2
STEPS = 20
RATE = 1e-3


def pixels(grid):
    """Values that any language computes equally: sines of their places."""
    rows, columns = grid
    count = BATCH * 3 * rows * PATCH * columns * PATCH
    return torch.sin(torch.arange(count, dtype=torch.float64) * 0.7).mul(2).float().reshape(BATCH, 3, rows * PATCH, columns * PATCH)


def target():
    return torch.cos(torch.arange(BATCH * PROJECTION, dtype=torch.float64)).float().reshape(BATCH, PROJECTION)


def shake(model):
    """Random values for what is otherwise 0 or 1, and differences that show in gradients."""
    with torch.no_grad():
        for name, value in model.named_parameters():
            value.add_(torch.randn_like(value) * (0.3 if value.ndim == 1 or "position" in name else 0.15))


def loss_of(model, grid):
    embeds = model(pixels(grid), interpolate_pos_encoding=True).image_embeds
    return embeds, (embeds - target()).square().mean()


def compute(folder, make):
    results = {}
    for name, grid in GRIDS.items():
        model = make(folder)
        embeds, loss = loss_of(model, grid)
        loss.backward()
        results[name] = {
            "embeds": embeds.flatten().tolist(),
            "loss": loss.item(),
            "gradients": {key: summary(value.grad) for key, value in model.named_parameters()},
        }
        results[name]["steps"] = steps(make(folder), grid)
    return results


def summary(gradient):
    """Some values and the norm: small enough to keep, and no wrong gradient has them all."""
    flat = gradient.flatten().double()
    places = torch.linspace(0, len(flat) - 1, min(len(flat), 8)).long()
    return {"norm": flat.norm().item(), "values": flat[places].tolist()}


def steps(model, grid):
    """Losses of 20 steps that train the last 2 blocks, the post-norm and the projection."""
    trained = [
        value
        for name, value in model.named_parameters()
        if any(part in name for part in ("layers.1.", "layers.2.", "post_layernorm", "visual_projection"))
    ]
    optimizer = torch.optim.SGD(trained, lr=RATE * 20)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        _, loss = loss_of(model, grid)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def save_tower(folder):
    torch.manual_seed(1)
    model = CLIPVisionModelWithProjection(CLIPVisionConfig(**SIZES, projection_dim=PROJECTION))
    shake(model)
    model.save_pretrained(folder)


def save_whole(folder):
    torch.manual_seed(2)
    text = dict(hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1, vocab_size=5, max_position_embeddings=4)
    config = CLIPConfig(text_config=text, vision_config=dict(SIZES, hidden_act="gelu", projection_dim=PROJECTION), projection_dim=PROJECTION)
    model = CLIPModel(config)
    shake(model)
    model.to(torch.bfloat16).save_pretrained(folder)
    weights = load_file(folder / "model.safetensors")
    weights["vision_model.embeddings.position_ids"] = torch.arange(257).reshape(1, -1)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def load_tower(folder):
    return CLIPVisionModelWithProjection.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")


def main():
    golden = {"versions": {"torch": torch.__version__, "transformers": transformers.__version__}}
    for name, save in {"vision": save_tower, "whole": save_whole}.items():
        folder = HERE / name
        shutil.rmtree(folder, ignore_errors=True)
        save(folder)
        (folder / "generation_config.json").unlink(missing_ok=True)
        golden[name] = compute(folder, load_tower)
    (HERE / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
