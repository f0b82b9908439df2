"""Writes a pack from the checkpoints of train.py, salience.py and article.py: weights, tokenizer, configuration, manifest.

    python export.py --pack compact --cache ../../.cache --work DIR --out ../../models/compact

The model card is `card.py`'s, which measures what was exported. Of `base` only what training changed is written: the
heads, biases, norms, and for each linear layer `X.weight` of the fetched base the two factors of its update, `X.up`
and `X.down`: the weight to use is `X.weight + X.up · X.down`. `--merged FILE` writes the whole weights so computed.
"""

import argparse
import json
import pathlib
import re
import string
import tomllib

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

import cased_mpnet
import data
import encoder
import model
import packs
import text

MANIFEST = string.Template("""\
schema = 1
name = "$name"
version = "$version"
description = "$description"
licence = "$licence"
language = "en"

[encoder]
family = "$family"
weights = "model.safetensors"
config = "config.json"
tokenizer = "tokenizer.json"
# The encoder has 512 positions, but was fine-tuned on sentences, and finds ever fewer names in longer input.
max_tokens = 128
bf16_on_cpu = $bf16
$base
[heads]
entities = $labels
stance = $stances
stance_attention_heads = $attention
directed = $stances
attribution = $parts
""")

# Of a pack whose weights are updates.
BASE = string.Template("""
[encoder.base]
weights = "$weights"
fetch = "make setup PACK=$name"
""")

# Parts with a file of their own: what reads two sentences together, which `joint.py` adds to a finished pack, and what tells
# positions.
JOINT, POSITION = "joint.safetensors", "position.safetensors"


def list_files(folder: pathlib.Path) -> None:
    """Writes the files of a pack, with size and SHA-256, into its manifest."""
    path = folder / "pack.toml"
    head = re.split(r"\n\[(?:joint|position|files\.)", path.read_text(encoding="utf-8"))[0].rstrip() + "\n"
    names = ["config.json", "model.safetensors", "tokenizer.json"]
    listed = {}
    if base := tomllib.loads(head)["encoder"].get("base"):
        # It is fetched, and need not be here.
        listed[base["weights"]] = (cased_mpnet.setup.MPNET_BYTES, cased_mpnet.setup.MPNET_SHA256)
    for part in (JOINT, POSITION):
        if (folder / part).exists():
            head += f'\n[{pathlib.Path(part).stem}]\nweights = "{part}"\n'
            names.append(part)
    listed |= {name: ((folder / name).stat().st_size, encoder.sha256(folder / name)) for name in names}
    files = [f'\n[files."{name}"]\nbytes = {size}\nsha256 = "{sha256}"\n' for name, (size, sha256) in sorted(listed.items())]
    path.write_text(head + "".join(files), encoding="utf-8")


def merged(tensors: dict, base: dict) -> dict:
    """The weights of a pack with low-rank updates on its base, whole."""
    whole = dict(tensors)
    for name, value in base.items():
        stem = name.removesuffix(".weight")
        if stem + ".up" in tensors:
            value = value + whole.pop(stem + ".up") @ whole.pop(stem + ".down")
        whole.setdefault(name, value)
    return whole


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", choices=packs.PACKS, default="compact")
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--version", default="2")
    parser.add_argument("--bf16-on-cpu", action="store_true", help="findings were seen to survive bfloat16")
    parser.add_argument("--merged", type=pathlib.Path, help="a file for the whole weights of a pack with updates")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    pack = packs.PACKS[args.pack]

    state = torch.load(args.work / "state.pt", weights_only=True)
    # The head of paragraphs serves training only.
    tensors = {name: value for name, value in state["average"].items() if not name.startswith("paragraph.")}
    for name, parameters in torch.load(args.work / "article.pt", weights_only=True).items():
        tensors |= {f"{name}.{part}": value for part, value in parameters.items()}
    salience = torch.load(args.work / "salience.pt", weights_only=True)
    tensors |= {"salience." + name: value for name, value in salience.items()}
    halves = {name: value.to(torch.float16).contiguous() for name, value in sorted(tensors.items())}
    position = {name: halves.pop(name) for name in list(halves) if name.startswith("position.")}
    save_file(halves, args.out / "model.safetensors")
    save_file(position, args.out / POSITION)
    if args.merged:
        net, _ = packs.build(args.pack, args.cache)
        base = {name: value for name, value in net.named_parameters() if not value.requires_grad}
        whole = merged({name: value.float() for name, value in halves.items()}, base)
        save_file({name: value.to(torch.float16).contiguous() for name, value in whole.items()}, args.merged)
    config = pack.config().to_dict()
    (args.out / "config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")
    tokenizer_file = pack.fetch(args.cache) / "tokenizer.json"
    (args.out / "tokenizer.json").write_bytes(tokenizer_file.read_bytes())
    on_base = BASE.substitute(weights=cased_mpnet.setup.MPNET_WEIGHTS.name, name=args.pack) if pack.family == "mpnet" else ""
    text_of = MANIFEST.substitute(
        base=on_base,
        name=args.pack, version=args.version, description=pack.description, licence=pack.licence, family=pack.family,
        labels=json.dumps(text.LABELS), stances=json.dumps(data.STANCES), parts=json.dumps(data.QUOTE_PARTS),
        bf16=str(args.bf16_on_cpu).lower(), attention=pack.config().hidden_size // model.ATTENTION_SIZE,
    )  # fmt: skip
    (args.out / "pack.toml").write_text(text_of)
    # It is for another encoder.
    (args.out / JOINT).unlink(missing_ok=True)
    list_files(args.out)


def manifest(folder: pathlib.Path) -> dict:
    return tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))


def weights_of(folder: pathlib.Path) -> dict[str, torch.Tensor]:
    """The tensors of a pack but those for joint readings, in single precision."""
    files = [folder / name for name in ("model.safetensors", POSITION) if (folder / name).exists()]
    return {name: value.float() for file in files for name, value in load_file(file).items()}


def taken(tensors: dict, prefix: str) -> dict:
    """Removes the tensors whose names have a prefix, and gives them by the rest of their names."""
    return {name.removeprefix(prefix): tensors.pop(name) for name in list(tensors) if name.startswith(prefix)}


def load(folder: pathlib.Path, cache: pathlib.Path | None = None):
    """An exported pack as PyTorch sees it: (net, tokenizer), in float32. `cache` has the base of a pack with updates.

    `net.lacking` names the heads that an older pack does not have.
    """
    name = manifest(folder)["name"]
    tensors = weights_of(folder)
    if packs.PACKS[name].family == "bert":
        net = model.Net(packs.PACKS[name].empty(), "bert", len(text.LABELS), salience=True)
    else:
        net, _ = packs.build(name, cache, salience=True)
    net.article, net.position_article = taken(tensors, "article."), taken(tensors, "position.article.")
    missing, surplus = net.load_state_dict(tensors, strict=False)
    learned = {name for name, value in net.named_parameters() if value.requires_grad}
    net.lacking = {name.split(".")[0] for name in missing if name in learned}
    assert not surplus and net.lacking <= {"directed", "attribution", "paragraph", "position", "sentence"}, (missing, surplus)
    with torch.no_grad():
        cased_mpnet.merge_updates(net)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return net.eval(), tokenizer


if __name__ == "__main__":
    main()
