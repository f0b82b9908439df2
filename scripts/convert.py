#!/usr/bin/env python3
"""Converts the pickled weights of a model to safetensors, the only form that Wirelens reads besides rust-bert's own.

    python3 scripts/convert.py FOLDER NEW_FOLDER

FOLDER holds what a hub repository holds: config.json, the tokenizer, and pytorch_model.bin, in one file or in parts.
NEW_FOLDER gets model.safetensors and a copy of everything beside the weights, and can then be named as a model.

A pickle is a program: reading one from somebody you do not trust can do anything that you can. torch.load is
called with weights_only=True, which refuses all but tensors and plain containers; that this is a step of its own,
which nothing else runs for you, is the other half of the protection. Needs torch 2.6 or later, because earlier
versions could be made to run code even so, and safetensors.
"""

import argparse
import pickle
import shutil
import sys
from pathlib import Path

BESIDE = {".json", ".txt", ".model", ".codes", ".md"}
OLDEST_TORCH = (2, 6)


def weights_in(folder):
    """The pickled weights, in one file or in parts; optimizers and training arguments are pickles too, but no model."""
    whole = folder / "pytorch_model.bin"
    return [whole] if whole.is_file() else sorted(folder.glob("pytorch_model-*-of-*.bin"))


def read(files):
    import torch

    if tuple(int(part) for part in torch.__version__.split(".")[:2]) < OLDEST_TORCH:
        sys.exit(f"torch {torch.__version__} is too old to read a pickle safely; install 2.6 or later")
    tensors = {}
    for file in files:
        try:
            state = torch.load(file, map_location="cpu", weights_only=True)
        except pickle.UnpicklingError:
            # torch's own message advises to read it unsafely.
            sys.exit(f"{file}: holds more than tensors, or is damaged; it was not read, and should not be")
        for name, value in state.items():
            if not isinstance(value, torch.Tensor):
                sys.exit(f"{file}: '{name}' is no tensor; this is not the state of a model")
            # Tied weights share memory, which safetensors does not write: each gets its own.
            tensors[name] = value.clone().contiguous()
    return tensors


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="with config.json and pytorch_model.bin")
    parser.add_argument("new_folder", type=Path, help="is made; must not be there yet")
    arguments = parser.parse_args()
    files = weights_in(arguments.folder)
    if not files:
        sys.exit(f"{arguments.folder}: there is no pytorch_model.bin")
    if arguments.new_folder.exists():
        sys.exit(f"{arguments.new_folder}: is there already; name a new folder")
    from safetensors.torch import save_file

    tensors = read(files)
    arguments.new_folder.mkdir(parents=True)
    for path in arguments.folder.iterdir():
        # An index of the parts would send readers to files that are not copied.
        if path.is_file() and path.suffix in BESIDE and not path.name.endswith(".index.json"):
            shutil.copyfile(path, arguments.new_folder / path.name)
    save_file(tensors, arguments.new_folder / "model.safetensors", metadata={"format": "pt"})
    print(f"{len(tensors)} tensors of {len(files)} files are in {arguments.new_folder}/model.safetensors")


if __name__ == "__main__":
    main()
