"""Takes TensorFlow's (and CUDA's) shared libraries out of wheels: unzip.py WHEELS_FOLDER TARGET_FOLDER

Prints, as JSON, size and SHA-256 of each file it wrote. Runs on any Python >= 3.10 without packages.
"""

import hashlib
import json
import os
import re
import sys
import zipfile
from pathlib import Path

TENSORFLOW = re.compile(r"tensorflow/libtensorflow_(cc|framework)\.(so\.2|2\.dylib)")
CUDA = re.compile(r"nvidia/[^/]+/lib/[^/]+\.so[.\d]*|nvidia/cuda_nvcc/(bin/ptxas|nvvm/libdevice/.+)")
PIECE = 1 << 22


def wanted(name: str) -> bool:
    return bool(TENSORFLOW.fullmatch(name) or CUDA.fullmatch(name))


def extract(wheel: zipfile.ZipFile, name: str, target: Path) -> dict:
    """Writes one file; zipfile compares its CRC on the way."""
    path = target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with wheel.open(name) as source, open(path, "wb") as sink:
        while piece := source.read(PIECE):
            digest.update(piece)
            sink.write(piece)
    path.chmod(0o755)
    return {"sizeBytes": os.path.getsize(path), "sha256": digest.hexdigest()}


def main(folder: str, target: str) -> None:
    files = {}
    for path in sorted(Path(folder).glob("*.whl")):
        with zipfile.ZipFile(path) as wheel:
            for name in filter(wanted, wheel.namelist()):
                files[name] = extract(wheel, name, Path(target))
    found = [name for name in files if TENSORFLOW.fullmatch(name)]
    if len(found) != 2:
        sys.exit(f"the wheel holds {len(found)} of TensorFlow's two libraries: {found}")
    print(json.dumps(files))


main(sys.argv[1], sys.argv[2])
