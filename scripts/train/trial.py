"""The whole way of training on tiny random encoders and a few rows of each set: every step runs, and fits the next.

    python trial.py --data ../../../shared/data --work DIR

Both packs are trained, stopped, gone on with, exported, loaded and measured; `base` teaches `compact`. A run that was
stopped has to end with the weights of one that was not. The numbers mean
nothing. Nothing is downloaded, and it takes half a minute.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import shutil
import sys

os.environ.setdefault("TRIAL_ROWS", "8")

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

import article
import card
import cased_mpnet
import encoder
import export
import fixtures
import joint
import packs
import salience
import teach
import train

BUNDLED = pathlib.Path(__file__).resolve().parents[2] / "models/compact"
TINY = dict(hidden_size=64, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64)


def tiny(name: str, module) -> packs.Pack:
    """A pack whose encoder is small and random, always the same, with the tokenizer of the bundled one."""

    def load(_, **changes):
        torch.manual_seed(0)
        model = module.empty(**(TINY | changes))
        if module is cased_mpnet:
            cased_mpnet.add_updates(model, rank=4)
        return model, Tokenizer.from_file(str(BUNDLED / "tokenizer.json"))

    return dataclasses.replace(
        packs.PACKS[name], load=load, fetch=lambda _: BUNDLED, mask_token="[MASK]", epochs=2, budget=4096,
        empty=lambda: module.empty(**TINY), config=lambda: module.config(**TINY),
    )  # fmt: skip


def run(main, **arguments) -> None:
    """A script's `main` with arguments, as the command line gives them."""
    options = [word for name, value in arguments.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    print("==", main.__module__, *options, flush=True)
    sys.argv = [main.__module__, *options]
    main()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    args = parser.parse_args()
    shutil.rmtree(args.work, ignore_errors=True)
    # Else gradients of states that several mentions share are added in any order.
    torch.use_deterministic_algorithms(True)
    packs.PACKS.update(compact=tiny("compact", encoder), base=tiny("base", cased_mpnet))
    common, taught = dict(data=args.data, cache=args.work), args.work / "taught"
    for name in ("base", "compact"):
        work, out = args.work / name, args.work / f"{name}-pack"
        more = dict(taught=taught) if name == "compact" else {}
        run(train.main, pack=name, work=work, steps=1, **common, **more)
        assert torch.load(work / "state.pt", weights_only=True)["step"] == 1
        run(train.main, pack=name, work=work, **common, **more)
        assert torch.load(work / "state.pt", weights_only=True)["epoch"] == 2
        assert len((work / "log.jsonl").read_text().splitlines()) == 2
        undisturbed = args.work / f"{name}-undisturbed"
        run(train.main, pack=name, work=undisturbed, **common, **more)
        same_weights(*(torch.load(folder / "state.pt", weights_only=True)["net"] for folder in (work, undisturbed)))
        for script in (salience, article):
            run(script.main, pack=name, work=work, **common)
        whole = args.work / f"{name}.safetensors"
        run(export.main, pack=name, work=work, cache=args.work, out=out, merged=whole)
        if name == "compact":
            run(joint.main, pack=out, data=args.data, epochs=1)
        manifest = export.manifest(out)
        assert manifest["position"]["weights"] in manifest["files"] and ("joint" in manifest) == (name == "compact")
        net, _ = export.load(out, args.work)
        assert net.lacking == {"paragraph"} and net.article and net.position_article
        same_as_merged(net, load_file(whole))
        run(fixtures.main, pack=out, out=args.work)
        fixture = json.loads((args.work / "parity.json").read_text())
        assert "position_sha256" in fixture and ("joint_sha256" in fixture) == (name == "compact")
        row = fixture["sentences"][0]
        assert len(row["attribution_logits"]) == len(row["ids"]) and len(row["directed"]) == 6
        run(train.main, pack=name, work=args.work / f"{name}-further", start=out, steps=1, **common)
        if name == "base":
            teach.SHARD = 20
            run(teach.main, pack=out, out=taught, sentences=50, **common)
            first, _, last = sorted(taught.iterdir())
            made = first.stat().st_mtime_ns
            last.unlink()
            run(teach.main, pack=out, out=taught, sentences=50, **common)
            assert last.exists() and first.stat().st_mtime_ns == made
            assert len(teach.read(taught)) == 50
        run(card.main, pack=out, **common)
        assert "| names, CoNLL-2003 dev |" in (out / "README.md").read_text()


def same_weights(one: dict, other: dict) -> None:
    assert one.keys() == other.keys()
    assert all(torch.equal(value, other[name]) for name, value in one.items())


def same_as_merged(net, whole: dict) -> None:
    """The whole weights, without updates, give what the net gives (in half precision of the file)."""
    ids = torch.tensor([[101, 2000, 3000, 102]])
    mask, case = torch.ones_like(ids), torch.zeros_like(ids)
    pack = next(pack for pack in packs.PACKS.values() if pack.family == net.family)
    bare = pack.empty().eval()
    own = {key.removeprefix(net.family + "."): value.float() for key, value in whole.items() if key.startswith(net.family)}
    missing, surplus = bare.load_state_dict(own, strict=False)
    assert not surplus and not [name for name in missing if not name.endswith("position_ids")], (missing, surplus)
    with torch.no_grad():
        found = bare(input_ids=ids, attention_mask=mask, token_type_ids=case).last_hidden_state
        assert (found - net.encode(ids, mask, case)).abs().max() < 0.05


if __name__ == "__main__":
    main()
