"""What a larger pack says of unlabelled news, kept on disk for a smaller one to learn from beside the gold labels.

    python teach.py --pack ../../models/base --data ../../../shared/data --cache ../../.cache --out DIR [--sentences N]

Sentences of the articles of `fnc1`, `allsides_full`, `inshorts` and `polnear`, each once, in an order that is always
the same. A file of `DIR` holds a thousand of them; files that are there are not made again, so a stopped run goes on.
For every word: the probabilities of the labels of names and of attribution. For the names that the pack finds: the tone
towards each, and the stance of each towards the others. For these names, and for words that are targets in `positions.json`:
the position. `--tasks` says which of them; the smaller pack is to learn only what the larger one does better on the dev sets.
"""

import argparse
import csv
import itertools
import os
import pathlib
import random
import re

import torch

import data
import export
import model
import positions
import scores
import text

SHARD = 1000
SHORTEST, LARGEST = 4, 80  # words of a sentence
PAIRS = 6  # of holder and target in one sentence, at most
MATTERS = 3  # targets of `positions.json` in one sentence, at most
WEIGHT = 0.5  # of a stance that was taught, beside one that people gave
WORDS, MENTIONS = ("names", "quotes"), ("stance", "directed", "position")


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


def items_of(sentence: str, names: list[tuple[int, int]], matters: re.Pattern) -> data.Example:
    """What is asked of a sentence: all names; pairs of them; names and matters. The stance stands for none yet."""
    draw = random.Random(sentence)
    pairs = list(itertools.permutations(names, 2))
    others = [match.span() for match in matters.finditer(sentence)]
    others = [(a, b) for a, b in others if all(b <= start or a >= end for start, end in names)]
    return data.Example(
        "taught", sentence,
        stance=[(*name, 1) for name in names],
        directed=[(*holder, *target, 1) for holder, target in draw.sample(pairs, min(PAIRS, len(pairs)))],
        position=[(*target, 1) for target in names + draw.sample(others, min(MATTERS, len(others)))],
    )  # fmt: skip


@torch.no_grad()
def answers(net, tokenizer, some: list[str], matters: re.Pattern, tasks: list[str]) -> list[dict]:
    """What the net says of sentences, in another order: a task → its probabilities."""
    found = []
    encoded = [text.encode(tokenizer, sentence) for sentence in some]
    for batch in text.batches([e for e in encoded if text.words_of(e)[0]], lambda e: len(e["ids"])):
        ids, mask, case = text.inputs(batch)
        states = net.encode(ids, mask, case).float()
        logits = net.entities(states)
        words = dict(names=logits.softmax(-1), quotes=text.attribution_logits(net, states).softmax(-1).flatten(2))
        examples = []
        for row, one in enumerate(batch):
            firsts, offsets = text.words_of(one)
            names = [(a, b) for a, b, _ in scores.spans_of(scores.name_labels(logits[row, firsts]), offsets)]
            examples.append((one, items_of(one["text"], names, matters)))
            found.append(dict(text=one["text"], **{task: words[task][row, firsts].half() for task in WORDS if task in tasks}))
        last = found[-len(batch) :]
        for task in MENTIONS:
            if task in tasks and (judged := text.judged(examples, task)):
                spread(text.stance_logits(net, task, states, mask, judged), examples, last, task)
    return found


def spread(logits, examples, found, task: str) -> None:
    """Gives each mention or pair, in the order of its sentence, its probabilities."""
    assert len(logits) == sum(len(getattr(example, task)) for _, example in examples)
    at = 0
    for (_, example), answer in zip(examples, found):
        for item in getattr(example, task):
            answer.setdefault(task, []).append((*item[:-1], logits[at].softmax(-1).tolist()))
            at += 1


def read(folder: pathlib.Path) -> list[data.Example]:
    """The answers in all files of a folder, as examples to learn from."""
    found = []
    for file in sorted(folder.glob("taught-*.pt")):
        for row in torch.load(file, weights_only=True):
            stances = {task: row[task] for task in MENTIONS if task in row}
            words = {task: row[task] for task in WORDS if task in row}
            found.append(data.Example("taught", row["text"], taught=words, weight=WEIGHT, **stances))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=pathlib.Path, required=True, help="the pack that teaches")
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--tasks", nargs="+", choices=WORDS + MENTIONS, default=["names", "directed", "position"])
    parser.add_argument("--sentences", type=int, default=150_000, help="at most so many")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    net, tokenizer = export.load(args.pack, args.cache)
    wanted, matters = sentences(args.data)[: args.sentences], positions.matters(args.data)
    for number in range(-(-len(wanted) // SHARD)):
        file = args.out / f"taught-{number:05}.pt"
        if file.exists():
            continue
        with torch.autocast("cpu", torch.bfloat16, enabled=model.HAS_BF16):
            found = answers(net, tokenizer, wanted[number * SHARD : (number + 1) * SHARD], matters, args.tasks)
        torch.save(found, file.with_suffix(".tmp"))
        os.replace(file.with_suffix(".tmp"), file)
        print(f"{min((number + 1) * SHARD, len(wanted))} of {len(wanted)} sentences", flush=True)


if __name__ == "__main__":
    main()
