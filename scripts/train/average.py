"""Averages the weights of packs and checkpoints: `average.py 0.6=RUN/state.pt 0.2=PACK/model.safetensors --out DIR`.

Weights of runs that began at one pack, averaged, are often better on text unlike the training's than each alone (Wortsman et
al. 2022, "Model soups"). A tensor that only some of the files have is averaged over those. DIR can be what `train.py --start`
goes on from, and the `--work` of salience.py, article.py and export.py.
"""

import argparse
import pathlib

import torch
from safetensors.torch import load_file, save_file

import model


def read(file: pathlib.Path) -> dict[str, torch.Tensor]:
    tensors = load_file(file) if file.suffix == ".safetensors" else torch.load(file, weights_only=True)["average"]
    return {name: value.float() for name, value in tensors.items() if not name.startswith(model.TRAINED_AFTER)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="+", metavar="WEIGHT=FILE")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    args = parser.parse_args()
    sums: dict[str, torch.Tensor] = {}
    totals: dict[str, float] = {}
    for part in args.parts:
        weight, file = part.split("=", 1)
        for name, value in read(pathlib.Path(file)).items():
            sums[name] = sums.get(name, 0.0) + float(weight) * value
            totals[name] = totals.get(name, 0.0) + float(weight)
    args.out.mkdir(parents=True, exist_ok=True)
    averages = {name: (value / totals[name]).half().contiguous() for name, value in sums.items()}
    save_file(averages, args.out / "model.safetensors")
    torch.save(dict(average={name: value.float() for name, value in averages.items()}), args.out / "state.pt")


if __name__ == "__main__":
    main()
