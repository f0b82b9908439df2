"""What a larger pack says of unlabelled news, kept on disk for a smaller one to learn from beside the gold labels.

    python teach.py --pack ../../models/base --data ../../../shared/data --cache ../../.cache --out DIR [--sentences N]

Sentences of the articles of `fnc1`, `allsides_full`, `inshorts` and `polnear`, each once, in an order that is always
the same. A file of `DIR` holds a thousand of them; files that are there are not made again, so a stopped run goes on.
For every word: the probabilities of the entity and attribution labels; for the names that the pack finds: the stance
towards each, and the stance of each towards the others.
"""

import argparse
import csv
import itertools
import os
import pathlib
import random

import torch

import data
import export
import model
import scores
import text

SHARD = 1000
SHORTEST, LARGEST = 4, 80  # words of a sentence
PAIRS = 6  # of holder and target in one sentence, at most
WEIGHT = 0.5  # of a stance that was taught, beside one that people gave


def articles(folder: pathlib.Path):
    """Texts of unlabelled news."""
    csv.field_size_limit(10**9)
    for name in ("train_bodies.csv", "competition_test_bodies.csv"):
        with open(folder / "fnc1" / name, encoding="utf-8", newline="") as file:
            yield from (row["articleBody"] for row in itertools.islice(csv.DictReader(file), data.FIRST or None))
    for row in data.rows(folder / "allsides_full/train.jsonl"):
        yield from (article["text"] for article in row["articles"])
    for name in ("inshorts", "polnear"):
        yield from (row["text"] for row in data.rows(folder / name / "train.jsonl"))


def sentences(folder: pathlib.Path) -> list[str]:
    """Different sentences of all articles, shuffled once and for all."""
    different: dict[str, None] = {}
    for article in articles(folder):
        for start, end in data.sentences(article):
            sentence = article[start:end]
            if SHORTEST <= len(sentence.split()) <= LARGEST:
                different[sentence] = None
    found = list(different)
    random.Random(0).shuffle(found)
    return found


@torch.no_grad()
def answers(net, tokenizer, some: list[str]) -> list[dict]:
    """What the net says of sentences, in another order."""
    found = []
    encoded = [text.encode(tokenizer, sentence) for sentence in some]
    for batch in text.batches([e for e in encoded if text.words_of(e)[0]], lambda e: len(e["ids"])):
        ids, mask, case = text.inputs(batch)
        states = net.encode(ids, mask, case).float()
        names, quotes = net.entities(states), text.attribution_logits(net, states).softmax(-1).flatten(2)
        examples = []
        for row, one in enumerate(batch):
            firsts, offsets = text.words_of(one)
            spans = [(a, b) for a, b, _ in scores.spans_of(scores.name_labels(names[row, firsts]), offsets)]
            pairs = list(itertools.permutations(spans, 2))
            pairs = random.Random(one["text"]).sample(pairs, min(PAIRS, len(pairs)))
            example = data.Example("taught", one["text"], stance=[(*span, 1) for span in spans])
            example.directed = [(*holder, *target, 1) for holder, target in pairs]
            examples.append((one, example))
            found.append(dict(
                text=one["text"],
                names=names[row, firsts].softmax(-1).half(), quotes=quotes[row, firsts].half(),
                stance=[], directed=[],
            ))  # fmt: skip
        last = found[-len(batch) :]
        for task in ("stance", "directed"):
            if judged := text.judged(examples, task):
                spread(text.stance_logits(net, task, states, mask, judged), examples, last, task)
    return found


def spread(logits, examples, found, task: str) -> None:
    """Gives each mention or pair, in the order of its sentence, its probabilities."""
    assert len(logits) == sum(len(getattr(example, task)) for _, example in examples)
    at = 0
    for (_, example), answer in zip(examples, found):
        for item in getattr(example, task):
            answer[task].append((*item[:-1], logits[at].softmax(-1).tolist()))
            at += 1


def read(folder: pathlib.Path) -> list[data.Example]:
    """The answers in all files of a folder, as examples to learn from."""
    found = []
    for file in sorted(folder.glob("taught-*.pt")):
        for row in torch.load(file, weights_only=True):
            example = data.Example("taught", row["text"], stance=row["stance"], directed=row["directed"], weight=WEIGHT)
            example.taught = dict(names=row["names"], quotes=row["quotes"])
            found.append(example)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=pathlib.Path, required=True, help="the pack that teaches")
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--sentences", type=int, default=150_000, help="at most so many")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    net, tokenizer = export.load(args.pack, args.cache)
    wanted = sentences(args.data)[: args.sentences]
    for number in range(-(-len(wanted) // SHARD)):
        file = args.out / f"taught-{number:05}.pt"
        if file.exists():
            continue
        with torch.autocast("cpu", torch.bfloat16, enabled=model.HAS_BF16):
            found = answers(net, tokenizer, wanted[number * SHARD : (number + 1) * SHARD])
        torch.save(found, file.with_suffix(".tmp"))
        os.replace(file.with_suffix(".tmp"), file)
        print(f"{min((number + 1) * SHARD, len(wanted))} of {len(wanted)} sentences", flush=True)


if __name__ == "__main__":
    main()
