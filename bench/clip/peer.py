"""The same fine-tuning step in PyTorch and transformers, kept alive and told over stdin when to run: a JSON object a line, one
back.

python peer.py CASE THREADS
"""

import json
import sys
import time
from contextlib import nullcontext

import torch
import transformers
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

# As cases.ts has them: blocks, pictures.
PARTS = {"last4": (4, 8), "all": (24, 2)}
SIZES = dict(
    hidden_size=1024,
    intermediate_size=4096,
    num_hidden_layers=24,
    num_attention_heads=16,
    image_size=224,
    patch_size=14,
    projection_dim=768,
)


class Peer:
    def __init__(self, case):
        part, precision = case.split("-")
        self.blocks, batch = PARTS[part]
        torch.manual_seed(0)
        # The blocks that are not trained are not there: their hidden states are.
        model = CLIPVisionModelWithProjection(CLIPVisionConfig(**{**SIZES, "num_hidden_layers": self.blocks}))
        self.model, self.whole = model.train(), part == "all"
        vision = model.vision_model
        if not self.whole:
            vision.embeddings = vision.pre_layrnorm = None
        self.input = torch.randn(batch, 3, 224, 224) if self.whole else torch.randn(batch, 257, 1024)
        self.target = torch.full((batch, 768), 768**-0.5)
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, weight_decay=0.01)
        self.autocast = torch.autocast("cpu", dtype=torch.bfloat16) if precision == "bfloat16" else nullcontext()

    def embeds(self):
        if self.whole:
            return self.model(self.input).image_embeds
        hidden, vision = self.input, self.model.vision_model
        for layer in vision.encoder.layers:
            out = layer(hidden, attention_mask=None)
            hidden = out[0] if isinstance(out, tuple) else out
        return self.model.visual_projection(vision.post_layernorm(hidden[:, 0]))

    def step(self):
        began = time.perf_counter()
        self.optimizer.zero_grad(set_to_none=True)
        with self.autocast:
            embeds = self.embeds()
        embeds = embeds.float()
        unit = embeds / embeds.norm(dim=1, keepdim=True)
        loss = (unit - self.target).square().mean()
        loss.backward()
        self.optimizer.step()
        return {"milliseconds": (time.perf_counter() - began) * 1e3, "loss": loss.item()}

    def peak(self):
        with open("/proc/self/status") as status:
            line = next(line for line in status if line.startswith("VmHWM"))
        return {"peakMb": int(line.split()[1]) / 1024}


def main(case, threads):
    torch.set_num_threads(int(threads))
    peer = Peer(case)
    print(json.dumps({"versions": {"torch": torch.__version__, "transformers": transformers.__version__}}), flush=True)
    for line in sys.stdin:
        print(json.dumps(getattr(peer, json.loads(line)["do"])()), flush=True)


main(*sys.argv[1:])
