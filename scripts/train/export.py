"""Writes a pack from the checkpoints of train.py and salience.py: weights, tokenizer, configuration, manifest.

    python export.py --cache ../../.cache --work DIR --pack ../../models/compact

The model card is `card.py`'s, which measures what was exported.
"""

import argparse
import json
import pathlib
import string

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import BertModel

import encoder
import model
import train

MANIFEST = string.Template("""\
schema = 1
name = "compact"
version = "$version"
description = "One small BERT encoder with three heads: named entities, stance towards mentions, salience of sentences"
licence = "Apache-2.0; base encoder BAAI/bge-small-en-v1.5, MIT"
language = "en"

[encoder]
family = "bert"
weights = "model.safetensors"
config = "config.json"
tokenizer = "tokenizer.json"
# The encoder has 512 positions, but was fine-tuned on sentences, and finds ever fewer names in longer input.
max_tokens = 128
bf16_on_cpu = $bf16

[heads]
entities = $labels
stance = ["against", "neutral", "favor"]
""")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--pack", type=pathlib.Path, required=True)
    parser.add_argument("--version", default="1")
    parser.add_argument("--bf16-on-cpu", action="store_true", help="findings were seen to survive bfloat16")
    args = parser.parse_args()
    args.pack.mkdir(parents=True, exist_ok=True)

    state = torch.load(args.work / "state.pt", weights_only=True)
    tensors = {name: value for name, value in state["average"].items() if not name.endswith("position_ids")}
    salience = torch.load(args.work / "salience.pt", weights_only=True)
    tensors |= {"salience." + name: value for name, value in salience.items()}
    weights = args.pack / "model.safetensors"
    save_file({name: value.to(torch.float16).contiguous() for name, value in sorted(tensors.items())}, weights)
    config = encoder.config().to_dict()
    (args.pack / "config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")
    tokenizer_file = encoder.fetch(args.cache) / "tokenizer.json"
    (args.pack / "tokenizer.json").write_bytes(tokenizer_file.read_bytes())
    manifest = MANIFEST.substitute(
        version=args.version, labels=json.dumps(train.LABELS), bf16=str(args.bf16_on_cpu).lower()
    )
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        path = args.pack / name
        manifest += f'\n[files."{name}"]\nbytes = {path.stat().st_size}\nsha256 = "{encoder.sha256(path)}"\n'
    (args.pack / "pack.toml").write_text(manifest)


def load(pack: pathlib.Path):
    """The exported pack as PyTorch sees it: (net, tokenizer), in float32."""
    tensors = {name: value.float() for name, value in load_file(pack / "model.safetensors").items()}
    net = model.Compact(BertModel(encoder.config(), add_pooling_layer=False), len(train.LABELS), salience=True)
    missing, surplus = net.load_state_dict(tensors, strict=False)
    assert not surplus and all(name.endswith("position_ids") for name in missing), (missing, surplus)
    tokenizer = Tokenizer.from_file(str(pack / "tokenizer.json"))
    return net.eval(), tokenizer


if __name__ == "__main__":
    main()
