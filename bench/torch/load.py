"""Loads an array of float32 as PyTorch's users do, and reads all of it once.

python load.py numpy-load|torch-from-file FILE ROWS WIDTH
"""

import json
import resource
import sys
import time

import numpy as np
import torch


def load(way, path, rows, width):
    if way == "numpy-load":
        return torch.from_numpy(np.load(path))
    # The header of a .npy of version 1.0 made by bench/load/files.ts is 128 bytes, 32 numbers.
    return torch.from_file(path, size=32 + rows * width, dtype=torch.float32)[32:].view(rows, width)


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    way, path, rows, width = sys.argv[1:]
    torch.set_num_threads(2)
    began = time.perf_counter()
    table = load(way, path, int(rows), int(width))
    mapped = time.perf_counter()
    table.sum()
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    parts = {"open": mapped - began, "firstRead": ended - mapped}
    print(json.dumps({"seconds": ended - began, "parts": parts, "residentBytes": resident(), "peakBytes": peak}))
