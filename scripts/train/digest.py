"""Fits the weights of the digest: `digest.py --data ../../../shared/data --pack ../../models/compact`.

A ridge regression from what is known of a sentence (`src/compare/digest.rs`) to its ROUGE-1 against the neutral roundup of its
event, on events of `allsides_full`. What is learned is F1 and half of the precision: by F1 alone, long sentences are chosen, which
leave no room for others. One event in five, by a hash of its id, is held out; `--held-out FILE` writes those, for
`wirelens eval compare --data FILE`.
"""

import argparse
import json
import pathlib

import numpy
from rouge_score import rouge_scorer
from sklearn.linear_model import Ridge

import data
import same

SHRINKAGE = 1.0
WEIGHT_OF_PRECISION = 0.5


def is_held_out(row: dict) -> bool:
    return data.is_held_out(row["id"], one_in=5)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--pack", type=pathlib.Path, required=True)
    parser.add_argument("--program", type=pathlib.Path, default=pathlib.Path("target/release/examples/pairs"))
    parser.add_argument("--events", type=int, default=250, help="at most so many to learn from")
    parser.add_argument("--held-out", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("src/compare/digest.toml"))
    args = parser.parse_args()

    rows = data.rows(args.data / "allsides_full/train.jsonl")
    if args.held_out:
        args.held_out.write_text("".join(json.dumps(row) + "\n" for row in rows if is_held_out(row)), encoding="utf-8")
    rows = [row for row in rows if not is_held_out(row)][: args.events]
    groups = [dict(texts=[a["text"] for a in row["articles"]], titles=[a["title"] or "" for a in row["articles"]], digest=True) for row in rows]
    scorer = rouge_scorer.RougeScorer(["rouge1"], use_stemmer=True)
    x, y = [], []
    for found in same.numbers_of(groups, args.pack, args.program):
        row, (article, start, end) = rows[found["group"]], found["sentence"]
        x.append(found["features"])
        score = scorer.score("\n".join(row["roundup"]), row["articles"][article]["text"][start:end])["rouge1"]
        y.append(score.fmeasure + WEIGHT_OF_PRECISION * score.precision)
    x, y = numpy.array(x), numpy.array(y)
    deviation = x.std(0) + 1e-9
    weights = Ridge(SHRINKAGE).fit(x / deviation, y).coef_ / deviation
    print(f"{len(rows)} events, {len(y)} sentences")
    lines = ["# Made by scripts/train/digest.py; what the weights are of is told in digest.rs.", "weights = ["]
    args.out.write_text("\n".join(lines + [f"    {weight:.5f}," for weight in weights] + ["]", ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
