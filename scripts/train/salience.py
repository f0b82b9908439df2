"""Trains the salience head on the frozen, fine-tuned encoder, and cross-validates it.

    python salience.py --data ../../../shared/data --checkpoint DIR/state.pt --work DIR

Data: the 100 articles with human highlights and the 234 with a trained summariser's output in
`cnndm/`. Each sentence's label is how much of the reference it brings (`gains`). Cross-validation is
over the 100 articles with human highlights: five folds, each scored by a head that was trained on the
other four and on the 234; articles that occur in both files are left out of training.
"""

import argparse
import json
import math
import pathlib
import random

import numpy
import sentencex
import torch
from rouge_score import rouge_scorer
from rouge_score.tokenizers import DefaultTokenizer
from torch.nn import functional

import encoder
import model
import train

REDUNDANCY = 0.3
ROUGE = ["rouge1", "rouge2", "rougeLsum"]
TOKENIZER = DefaultTokenizer(use_stemmer=True)


def words_of(sentence: str) -> list[str]:
    return [word for word in sentence.lower().replace("’", "'").split() if any(c.isalnum() for c in word)]


class Example:
    """An article in sentences, with its reference summary."""

    def __init__(self, row: dict):
        self.id, self.reference = row["id"], row["summary"]
        sentences = [s.strip() for s in sentencex.segment("en", row["text"])]
        self.sentences = [s for s in sentences if words_of(s)]
        self.words = [words_of(s) for s in self.sentences]
        self.vectors = None

    def features(self) -> torch.Tensor:
        """The numbers that `summary::features` in Rust computes, one row a sentence."""
        n, article = len(self.sentences), self.vectors.mean(0)
        rows = []
        for i, (sentence, words) in enumerate(zip(self.sentences, self.words)):
            cosine = float(functional.cosine_similarity(self.vectors[i], article, dim=0))
            quoted = float(any(mark in sentence for mark in '"“”'))
            rows.append([1 / (1 + i), i / n, math.log(n) / 4, min(len(words), 60) / 30, cosine, quoted])
        return torch.tensor(rows)


def ngrams(tokens: list[str], n: int) -> dict:
    counts: dict = {}
    for i in range(len(tokens) - n + 1):
        gram = tuple(tokens[i : i + n])
        counts[gram] = counts.get(gram, 0) + 1
    return counts


def overlap_f(found: dict, wanted: dict) -> float:
    shared = sum(min(count, wanted.get(gram, 0)) for gram, count in found.items())
    total = sum(found.values()) + sum(wanted.values())
    return 2 * shared / total if total else 0.0


def score(tokens: list[str], reference: list[dict]) -> float:
    return sum(overlap_f(ngrams(tokens, n), reference[n - 1]) for n in (1, 2)) / 2


def gains(example: Example) -> torch.Tensor:
    """Label of each sentence: 1 for those of the greedy oracle summary, less for others by their own overlap."""
    tokens = [TOKENIZER.tokenize(s) for s in example.sentences]
    reference = [ngrams(TOKENIZER.tokenize(example.reference), n) for n in (1, 2)]
    alone = torch.tensor([score(t, reference) for t in tokens])
    chosen, best = [], 0.0
    while len(chosen) < 3:
        options = [(score(sum((tokens[j] for j in sorted(chosen + [i])), []), reference), i)
                   for i in range(len(tokens)) if i not in chosen]
        if not options or max(options)[0] <= best:
            break
        best, pick = max(options)
        chosen.append(pick)
    labels = alone / alone.max().clamp(min=1e-6)
    labels = 0.5 * labels
    labels[chosen] += 0.5
    return labels


@torch.no_grad()
def embed(net, tokenizer, examples: list[Example]) -> None:
    """Sets each example's sentence vectors: (sentences, hidden)."""
    net.eval()
    flat = [(e, i, train.encode_text(tokenizer, s)) for e in examples for i, s in enumerate(e.sentences)]
    for example in examples:
        example.vectors = torch.zeros(len(example.sentences), model.HIDDEN)
    for batch in train.batches(flat, lambda item: len(item[2]["ids"]), 4096, None):
        ids, mask, case = train.inputs([item[2] for item in batch])
        means = model.mean_over(net.encode(ids, mask, case), mask)
        for (example, i, _), mean in zip(batch, means):
            example.vectors[i] = mean


def fit(examples: list[Example], seed: int, epochs: int, dropout: float, decay: float) -> model.SalienceHead:
    torch.manual_seed(seed)
    head = model.SalienceHead(dropout)
    optimizer = torch.optim.AdamW(head.parameters(), lr=1e-3, weight_decay=decay)
    order = random.Random(seed)
    head.train()
    for _ in range(epochs):
        for example in order.sample(examples, len(examples)):
            loss = functional.binary_cross_entropy_with_logits(logits(head, example), example.labels)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
    return head.eval()


def logits(head, example: Example) -> torch.Tensor:
    article = example.vectors.mean(0, keepdim=True).expand_as(example.vectors)
    return head(example.vectors, article, example.numbers)


def select(example: Example, salience, count: int, redundancy: float) -> list[int]:
    """Greedy choice by salience less redundancy, as `summary::select` in Rust."""
    bags = [set(words) for words in example.words]
    repeated, chosen = numpy.zeros(len(bags)), []
    while len(chosen) < count:
        left = [i for i in range(len(bags)) if i not in chosen and repeated[i] < 0.8]
        if not left:
            break
        best = max(left, key=lambda i: (salience[i] - redundancy * repeated[i], -i))
        chosen.append(best)
        for i in left:
            repeated[i] = max(repeated[i], len(bags[i] & bags[best]) / max(len(bags[i]), 1))
    return sorted(chosen)


def rouge(pairs: list[tuple[str, str]]) -> dict:
    scorer = rouge_scorer.RougeScorer(ROUGE, use_stemmer=True)
    totals = [[value.fmeasure for value in scorer.score(reference, found).values()] for reference, found in pairs]
    return {name: float(value) for name, value in zip(ROUGE, numpy.mean(totals, 0) * 100)}


def pick(example: Example, indices: list[int]) -> tuple[str, str]:
    return example.reference, "\n".join(example.sentences[i] for i in indices)


def read(path: pathlib.Path) -> list[Example]:
    return [Example(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def cross_validate(gold: list[Example], silver: list[Example], folds: int, settings: dict, redundancy: float) -> dict:
    order = list(range(len(gold)))
    random.Random(1).shuffle(order)
    pairs = []
    for fold in range(folds):
        held = set(order[fold::folds])
        head = fit([gold[i] for i in order if i not in held] + silver, seed=fold, **settings)
        for i in sorted(held):
            with torch.no_grad():
                salience = logits(head, gold[i]).sigmoid().numpy()
            pairs.append(pick(gold[i], select(gold[i], salience, 3, redundancy)))
    return rouge(pairs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    parser.add_argument("--checkpoint", type=pathlib.Path, required=True, help="state.pt of train.py")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="where salience.pt and its scores go")
    args = parser.parse_args()

    bert, tokenizer = encoder.load(args.cache)
    net = model.Compact(bert, len(train.LABELS))
    net.load_state_dict(torch.load(args.checkpoint, weights_only=True)["average"])
    gold, silver = read(args.data / "cnndm/highlights.jsonl"), read(args.data / "cnndm/system.jsonl")
    known = {" ".join(e.words[0] + e.words[-1]) for e in gold}
    silver = [e for e in silver if " ".join(e.words[0] + e.words[-1]) not in known]
    embed(net, tokenizer, gold + silver)
    for example in gold + silver:
        example.labels, example.numbers = gains(example), example.features()

    settings = dict(epochs=10, dropout=0.5, decay=0.1)
    lead = rouge([pick(e, [0, 1, 2][: len(e.sentences)]) for e in gold])
    found = cross_validate(gold, silver, 5, settings, REDUNDANCY)
    head = fit(gold + silver, seed=0, **settings)
    torch.save(head.state_dict(), args.work / "salience.pt")
    report = dict(articles=len(gold), lead3=lead, cross_validated=found)
    print(json.dumps(report))
    (args.work / "salience.json").write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
