"""1,000 sentences of news, and the ids that the tokenizers of tiny checkpoints give them.

    python sentences.py --data DATA --checkpoints ../../tests/fixtures/checkpoints

Sentences are of the FNC-1 articles (Apache-2.0), those with characters beyond ASCII first. Of the ids only a digest is kept:
the first eight hexadecimal digits of the SHA-256 of their decimal numbers with commas between.
"""

import argparse
import csv
import hashlib
import json
import pathlib
import re

from transformers import AutoTokenizer

TOKENIZERS = {"WordPiece": "entities-bert", "byte-level BPE": "entities-roberta", "SentencePiece Unigram": "entities-xlm-roberta"}
COUNT = 1000


def sentences(data: pathlib.Path) -> list[str]:
    csv.field_size_limit(1 << 30)
    with open(data / "fnc1/train_bodies.csv", encoding="utf-8", newline="") as file:
        bodies = [row["articleBody"] for row in csv.DictReader(file)]
    found = (part.strip() for body in bodies for part in re.split(r"(?<=[.!?”\"])\s+", body))
    usable = dict.fromkeys(part for part in found if 30 <= len(part) <= 240)
    return sorted(usable, key=str.isascii)[:COUNT]


def digest(ids: list[int]) -> str:
    return hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()[:8]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--checkpoints", type=pathlib.Path, required=True)
    args = parser.parse_args()
    texts = sentences(args.data)
    ids = {}
    for kind, name in TOKENIZERS.items():
        tokenizer = AutoTokenizer.from_pretrained(args.checkpoints / name)
        ids[kind] = {"checkpoint": name, "digests": [digest(tokenizer(text)["input_ids"]) for text in texts]}
    result = {"sentences": texts, "ids": ids}
    (args.checkpoints / "sentences.json").write_text(json.dumps(result, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{len(texts)} sentences, {sum(not text.isascii() for text in texts)} of them beyond ASCII")


if __name__ == "__main__":
    main()
