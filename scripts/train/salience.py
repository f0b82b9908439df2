"""Trains the salience head on the frozen, fine-tuned encoder; `card.py` measures it on articles that it has not seen.

    python salience.py --data ../../../shared/data --cache ../../.cache --work DIR

Learns from human summaries of whole articles: CNN/DailyMail highlights, sixty-word summaries of `inshorts`, and the
neutral roundups of events in `allsides_full`, which are of hard news and mostly repeat its first sentences; besides
these, a trained summariser's output (`cnndm/system`) and headlines of other outlets on the same story (`fnc1`).
Each sentence's label is how much of the reference it brings (`gains`).

Held out: the 100 articles of `cnndm/highlights`, one in five of `cnndm_extra` and of the events, and `inshorts/dev`. So are the
articles of `facts.json`, which has their key facts, each with its weight and the starts of the sentences that state it. No texts;
language models read the articles under section 2 of eval/GUIDE.md. `SIZES`, the epochs and `REDUNDANCY` were chosen on these (but
the key facts), so that the difference to lead-3 is a little flattered.
"""

import argparse
import csv
import itertools
import json
import math
import pathlib
import random
import re
from collections import Counter

import numpy
import sentencex
import torch
from rouge_score import rouge_scorer
from rouge_score.tokenizers import DefaultTokenizer
from torch.nn import functional

import data
import model
import packs
import text

FACTS = pathlib.Path(__file__).with_name("facts.json")
REDUNDANCY = 0.1
# Articles of each set to learn from, at most, and of these every `Pack.every_summary`-th; reading them all would take longer than
# training the encoder.
SIZES = {"cnndm": 234, "extra": 900, "inshorts": 500, "events": 400, "headlined": 100}
HELD_OUT = {"highlights": 100, "extra": 200, "inshorts": 200, "events": 150}
SHORTEST = 6  # words; shorter sentences of these articles are bylines and debris of their web pages
BYLINE = re.compile(
    r"(?i:(last )?(published|posted|updated|created)\s*:)"
    r"|([Bb]y|BY)\b([\s.,|]+([A-Z][\w.'’-]*|and|for|in|of|the|at|de|von|van|bin|al|el))*[\s.,|]*$"
)
REFERRING_BACK = set("he she it they this that these those but and his her its their".split())
# First words besides these of a sentence that goes on from the one before it.
LINKING = set("however meanwhile also instead".split())
ROUGE = ["rouge1", "rouge2", "rougeLsum"]
TOKENIZER = DefaultTokenizer(use_stemmer=True)


def words_of(sentence: str) -> list[str]:
    """Runs of letters and digits, in small letters."""
    return re.findall(r"[^\W_]+", sentence.lower())


def is_prose(sentence: str) -> bool:
    """Whether it can be in a summary: what `summary::candidates` in Rust lets pass."""
    lettered = sum(any(c.isalpha() for c in word) for word in words_of(sentence))
    return lettered >= SHORTEST and not BYLINE.match(sentence)


def features(sentences: list[str], vectors: torch.Tensor) -> torch.Tensor:
    """The numbers that `summary::features` in Rust computes: (sentences, SALIENCE_FEATURES)."""
    words = [words_of(sentence) for sentence in sentences]
    content = [[word for word in row if len(word) >= 4] for row in words]
    counts = Counter(word for row in content for word in row)
    spread = Counter(word for row in content for word in set(row))
    topic = {word for word, _ in counts.most_common(20)}
    directions = functional.normalize(vectors, dim=1)
    apart = functional.normalize(vectors - vectors.mean(0), dim=1)
    n, article, first, rows = len(sentences), vectors.mean(0), set(content[0]), []
    for i, (sentence, own) in enumerate(zip(sentences, content)):
        different = set(own)
        rows.append(
            [
                1 / (1 + i),
                i / n,
                math.log(1 + i) / 3,
                math.log(n) / 4,
                float(i == 0),
                float(i < 3),
                float(i == n - 1),
                min(len(words[i]), 60) / 30,
                float(functional.cosine_similarity(vectors[i], article, dim=0)),
                float(directions[i] @ directions.mean(0)),
                float(apart[i] @ apart[0]),
                sum(math.log(counts[word]) for word in own) / max(len(own), 1),
                len(different & first) / max(len(different), 1) if i else 0.5,
                len(different & topic) / 10,
                sum(spread[word] >= 2 for word in different) / 10,
                float(any(mark in sentence for mark in '"“”')),
                float(any(c in "0123456789" for c in sentence)),
                float(words[i][0] in REFERRING_BACK),
            ]
        )
    return torch.tensor(rows)


class Example:
    """An article in sentences, with its reference summary."""

    # Label and features of each sentence, when they are known.
    labels: torch.Tensor
    numbers: torch.Tensor
    # Key facts, if they are known: weight, and the indices of the sentences that state the fact.
    facts: list[tuple[int, set[int]]]

    def __init__(self, row: dict, sentences: list[str] | None = None):
        """`sentences`: those to choose from, where they are known; else they are found in the text."""
        self.id, self.reference = row["id"], row["summary"]
        worded = [] if sentences else [s for s in map(str.strip, sentencex.segment("en", row["text"])) if words_of(s)]
        self.sentences = sentences or [s for s in worded if is_prose(s)] or worded
        self.words = [words_of(s) for s in self.sentences]
        self.vectors = None

    def depends(self, i: int) -> bool:
        """Whether a sentence makes no sense without the one before it; `src/summary/alone.rs` knows more such sentences."""
        sentence = self.sentences[i]
        is_quotation = sentence[0] in '"“' and sentence[-1] in '"”'
        is_cut = sentence.count('"') % 2 == 1 or ("„" not in sentence and sentence.count("“") != sentence.count("”"))
        return is_quotation or is_cut or self.words[i][0] in REFERRING_BACK or self.words[i][0] in LINKING

    def bag(self) -> set[str]:
        if not hasattr(self, "different"):
            self.different = {word for words in self.words for word in words}
        return self.different


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
    chosen: list[int] = []
    best = 0.0
    while len(chosen) < 3:
        together = lambda i: [token for j in sorted([*chosen, i]) for token in tokens[j]]
        options = [(score(together(i), reference), i) for i in range(len(tokens)) if i not in chosen]
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
    """Sets each example's sentence vectors, (sentences, hidden), and from them its numbers and labels."""
    net.eval()
    flat = [(e, i, text.encode(tokenizer, s)) for e in examples for i, s in enumerate(e.sentences)]
    for example in examples:
        example.vectors = torch.zeros(len(example.sentences), net.size)
    for batch in text.batches(flat, lambda item: len(item[2]["ids"])):
        ids, mask, case = text.inputs([item[2] for item in batch])
        means = net.sentence_vectors(net.encode(ids, mask, case), mask).float()
        for (example, i, _), mean in zip(batch, means):
            example.vectors[i] = mean
    for example in examples:
        example.labels, example.numbers = gains(example), features(example.sentences, example.vectors)


def fit(examples: list[Example], seed: int) -> model.SalienceHead:
    """The average of several small nets: one alone is visibly better or worse by its seed."""
    members = [fit_one(examples, seed * 100 + member) for member in range(model.SALIENCE_MEMBERS)]
    return model.SalienceHead.average(members).eval()


def fit_one(examples: list[Example], seed: int, epochs=10) -> model.SalienceHead:
    torch.manual_seed(seed)
    head = model.SalienceHead(model.SALIENCE_HIDDEN // model.SALIENCE_MEMBERS)
    optimizer = torch.optim.AdamW(head.parameters(), lr=3e-3)
    order = random.Random(seed)
    for _ in range(epochs):
        for example in order.sample(examples, len(examples)):
            loss = functional.binary_cross_entropy_with_logits(head(example.numbers), example.labels)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
    return head


def select(example: Example, salience, count: int, redundancy: float = REDUNDANCY) -> list[int]:
    """Greedy choice by salience less redundancy, as `summary::select` in Rust.

    A sentence that depends on the one before it is only taken along with that one. For ROUGE that makes no
    difference; for a reader who meets "They agreed to …" without knowing who they are, it does.
    """
    bags = [set(words) for words in example.words]
    repeated = numpy.zeros(len(bags))
    chosen: list[int] = []
    while len(chosen) < count:
        left = [i for i in range(len(bags)) if i not in chosen and repeated[i] < 0.8]
        if not left:
            break
        apart = [i for i in left if not (i and i - 1 not in chosen and example.depends(i))]
        best = max(apart or left, key=lambda i: (salience[i] - redundancy * repeated[i], -i))
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
    return [Example(row) for row in data.rows(path)]


def read_events(path: pathlib.Path) -> list[Example]:
    """One article of each event, the first, with the neutral roundup of the event for its summary."""
    found = []
    for row in data.rows(path):
        summary = "\n".join(row["roundup"][1:])
        if len(summary.split()) >= 20:
            found.append(Example(dict(id=row["id"], text=row["articles"][0]["text"], summary=summary)))
    return found


def read_facts(folder: pathlib.Path) -> list[Example]:
    """The articles whose key facts are known."""
    texts, found = data.texts_of(folder), []
    for name, facts in json.loads(FACTS.read_text(encoding="utf-8")).items():
        # A trial reads the first rows of most sets only.
        if name in texts:
            spans = data.sentences(texts[name])
            prose = [(start, sentence) for start, end in spans if is_prose(sentence := " ".join(texts[name][start:end].split()))]
            example = Example(dict(id=name, summary=""), [sentence for _, sentence in prose])
            index = {start: i for i, (start, _) in enumerate(prose)}
            example.facts = [(weight, {index[start] for start in starts if start in index}) for weight, starts in facts]
            found.append(example)
    return found


def same_article(a: Example, b: Example) -> bool:
    one, other = a.bag(), b.bag()
    return len(one & other) > 0.5 * len(one | other)


def is_held_out(example: Example) -> bool:
    """One in five, by a hash of the name."""
    return data.is_held_out(example.id, one_in=5)


def parts(examples: list[Example], name: str) -> tuple[list[Example], list[Example]]:
    """What is learned from, and what is held out."""
    usable = [e for e in examples if 5 <= len(e.sentences) <= 120]
    learned, held = ([e for e in usable if is_held_out(e) == out] for out in (False, True))
    return learned[: SIZES[name]], held[: HELD_OUT[name]]


def read_headlined(folder: pathlib.Path) -> list[Example]:
    """Articles with three headlines or more, from different outlets, that tell the same story."""
    csv.field_size_limit(10**9)
    headlines: dict[str, list[str]] = {}
    with open(folder / "competition_test_stances.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["Stance"] in ("agree", "discuss"):
                headlines.setdefault(row["Body ID"], []).append(row["Headline"])
    rows = []
    with open(folder / "competition_test_bodies.csv", encoding="utf-8", newline="") as file:
        for row in itertools.islice(csv.DictReader(file), data.FIRST or None):
            different = list(dict.fromkeys(headlines.get(row["Body ID"], [])))
            if len(different) >= 3:
                text = " ".join(row["articleBody"].split())
                rows.append(dict(id="fnc" + row["Body ID"], text=text, summary="\n".join(different[:4])))
    random.Random(0).shuffle(rows)
    examples = (Example(row) for row in rows)
    return list(itertools.islice((e for e in examples if len(e.sentences) >= 5), SIZES["headlined"]))


def prepare(folder: pathlib.Path) -> tuple[list[Example], dict[str, list[Example]]]:
    """Articles to learn from, and those held out, by set; none is in both. Those of `facts` have key facts and no summary."""
    extra, extra_held = parts(read(folder / "cnndm_extra/train.jsonl"), "extra")
    events, events_held = parts(read_events(folder / "allsides_full/train.jsonl"), "events")
    inshorts = [e for e in read(folder / "inshorts/train.jsonl") if 5 <= len(e.sentences) <= 120][: SIZES["inshorts"]]
    system = read(folder / "cnndm/system.jsonl")[: SIZES["cnndm"]]
    held = {
        "highlights": read(folder / "cnndm/highlights.jsonl"),
        "extra": extra_held,
        "inshorts": [e for e in read(folder / "inshorts/dev.jsonl") if len(e.sentences) >= 5][: HELD_OUT["inshorts"]],
        "events": events_held,
        "facts": read_facts(folder),
    }
    others = [e for examples in held.values() for e in examples]
    learned = extra + events + inshorts + system + read_headlined(folder / "fnc1")
    return [e for e in learned if not any(same_article(e, other) for other in others)], held


def covered(example: Example, chosen: list[int]) -> float:
    """The share of the key facts, by weight, that the chosen sentences state."""
    return sum(weight for weight, support in example.facts if support & set(chosen)) / sum(weight for weight, _ in example.facts)


def evaluate(head: model.SalienceHead, held: dict[str, list[Example]]) -> dict:
    """ROUGE of three sentences on each set, and of `facts` the share of facts that they cover: lead-3's, and by the head."""
    found = {}
    for name, examples in ((name, examples) for name, examples in held.items() if examples):
        with torch.no_grad():
            picked = [select(example, head(example.numbers).sigmoid().numpy(), 3) for example in examples]
        lead = [[0, 1, 2][: len(example.sentences)] for example in examples]
        measure = coverage if name == "facts" else rouge_of
        found[name] = dict(articles=len(examples), lead3=measure(examples, lead), head=measure(examples, picked))
    return found


def rouge_of(examples: list[Example], chosen: list[list[int]]) -> dict:
    return rouge([pick(*pair) for pair in zip(examples, chosen)])


def coverage(examples: list[Example], chosen: list[list[int]]) -> dict:
    """Percent of the key facts."""
    return {"facts": float(numpy.mean([covered(*pair) for pair in zip(examples, chosen)]) * 100)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", choices=packs.PACKS, default="compact")
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True, help="where state.pt is and salience.pt goes")
    args = parser.parse_args()

    net, tokenizer = packs.trained(args.pack, args.cache, args.work)
    learned = prepare(args.data)[0][:: packs.PACKS[args.pack].every_summary]
    with torch.autocast("cpu", torch.bfloat16, enabled=model.HAS_BF16):
        embed(net, tokenizer, learned)
    torch.save(fit(learned, seed=0).state_dict(), args.work / "salience.pt")
    print(f"salience: learned from {len(learned)} articles")


if __name__ == "__main__":
    main()
