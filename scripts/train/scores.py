"""Scores of a net on the development sets: names, stance, directed stance, attribution.

Decoding is that of the reader in Rust (`entities::bio`, `entities::case`).
"""

import pathlib

import torch
from sklearn.metrics import f1_score

import data
import model
import positions
import text

TOUCHING = 9.4  # a penalty for two entities of one type without a word between them; see `entities::bio` in Rust
PARTICLES = set("al bin bint da dal de del della den der di do dos du el ibn la le ter van von zu".split())


# Penalties, log probabilities, for a part of a quote that begins, and for a word outside of the parts of its kind.
BEGIN_PENALTY = dict(source=1.0, cue=1.0, content=1.5)
OUTSIDE_PENALTY = dict(source=1.0, cue=0.9, content=0.3)


def best_path(scores: torch.Tensor, penalties: torch.Tensor) -> list[int]:
    """The label sequence with the highest score. scores (words, labels) of log probabilities, penalties (label before, label).

    The penalties of the first word are those behind the first label, O.
    """
    if not len(scores):
        return []
    best, back = scores[0] - penalties[0], []
    for step in scores[1:]:
        best, pointer = (best.unsqueeze(1) - penalties).max(0)
        best = best + step
        back.append(pointer)
    path = [int(best.argmax())]
    for pointer in reversed(back):
        path.append(int(pointer[path[-1]]))
    return path[::-1]


def name_penalties() -> torch.Tensor:
    """`I-X` only follows `B-X` or `I-X`, and `B-X` hardly ever does."""
    penalties = torch.zeros(len(text.LABELS), len(text.LABELS))
    for j, label in enumerate(text.LABELS):
        for i, before in enumerate(text.LABELS):
            if label.startswith("I-") and before[2:] != label[2:]:
                penalties[i, j] = float("inf")
            elif label.startswith("B-") and before[2:] == label[2:]:
                penalties[i, j] = TOUCHING
    return penalties


def name_labels(logits: torch.Tensor) -> list[int]:
    """The most probable labels of names. logits (words, labels)."""
    return best_path(logits.float().log_softmax(-1), name_penalties())


def part_penalties(part: str) -> torch.Tensor:
    """Of O, B and I: there is a word between two parts of one kind."""
    penalties = torch.full((3, 3), float("inf"))
    penalties[:, 0] = OUTSIDE_PENALTY[part]
    penalties[0, 1] = BEGIN_PENALTY[part]
    penalties[1:, 2] = 0
    return penalties


def fitted(passage: str, start: int, end: int) -> tuple[int, int] | None:
    """A name without small words in front, as `entities::case` in Rust has it."""

    def large(word: str) -> bool:
        return any(c.isupper() or c.isnumeric() or (c.isalpha() and not c.islower()) for c in word)

    if not any(c.isupper() for c in passage):
        return start, end
    while words := passage[start:end].split():
        if large(words[0]) or (words[0] in PARTICLES and large(passage[start:end])):
            return start, end
        start += passage[start:end].index(words[0]) + len(words[0])
        start += len(passage[start:end]) - len(passage[start:end].lstrip())
    return None


def spans_of(labels: list[int], words: list[tuple[int, int]]) -> list[tuple[int, int, str]]:
    found = []
    for label, (start, end) in zip(labels, words):
        name = text.LABELS[label]
        if name.startswith("B-"):
            found.append((start, end, name[2:]))
        elif name.startswith("I-"):
            found[-1] = (found[-1][0], end, name[2:])
    return found


def in_batches(tokenizer, examples: list[data.Example]) -> list[list[tuple[dict, data.Example]]]:
    encoded = [(text.encode(tokenizer, example.text), example) for example in examples]
    return text.batches(encoded, lambda e: len(e[0]["ids"]))


def f1(hits: int, found: int, gold: int) -> float:
    return 2 * hits / max(found + gold, 1)


@torch.no_grad()
def entities(net, tokenizer, examples: list[data.Example]) -> dict:
    """Strict (span and type) micro-F1."""
    hits = predicted = gold = 0
    for batch in in_batches(tokenizer, examples):
        ids, mask, case = text.inputs([e for e, _ in batch])
        logits = net.entities(net.encode(ids, mask, case)).float()
        for row, (encoded, example) in enumerate(batch):
            assert example.names is not None
            firsts, offsets = text.words_of(encoded)
            if not firsts:
                continue
            spans_found = spans_of(name_labels(logits[row, firsts]), offsets)
            found = {(*span, kind) for a, b, kind in spans_found if (span := fitted(encoded["text"], a, b))}
            hits += len(found & set(example.names))
            predicted += len(found)
            gold += len(example.names)
    return dict(f1=f1(hits, predicted, gold), precision=hits / max(predicted, 1), recall=hits / gold)


def labelled(found: list[int], gold: list[int]) -> dict:
    accuracy = sum(f == g for f, g in zip(found, gold)) / len(gold)
    return dict(macro_f1=float(f1_score(gold, found, average="macro")), accuracy=accuracy, items=len(gold))


@torch.no_grad()
def stance(net, tokenizer, examples: list[data.Example], task: str = "stance") -> dict:
    """Macro-F1 over against, neutral, favor, of the tone towards mentions."""
    labels, gold = [], []
    for batch in in_batches(tokenizer, examples):
        if found := text.judged(batch, task):
            ids, mask, case = text.inputs([e for e, _ in batch])
            logits = text.stance_logits(net, task, net.encode(ids, mask, case), mask, found)
            labels += logits.argmax(-1).tolist()
            gold += found.stances.argmax(-1).tolist()
    return labelled(labels, gold)


def directed(net, tokenizer, examples: list[data.Example]) -> dict:
    """Macro-F1 over against, neutral, favor, of holders towards targets."""
    return stance(net, tokenizer, examples, "directed")


def position(net, tokenizer, examples: list[data.Example]) -> dict:
    """Macro-F1 over against, neutral, favor, of positions for or against targets of any kind."""
    return stance(net, tokenizer, examples, "position")


def paragraph(net, tokenizer, examples: list[data.Example]) -> dict:
    """Macro-F1 over against, neutral, favor, of paragraphs towards the article's main person."""
    return stance(net, tokenizer, examples, "paragraph")


def bio_spans(labels: list[int]) -> set[tuple[int, int]]:
    """Spans of words from 0, 1, 2 for O, B, I; an I without a B begins one."""
    spans, start = set(), None
    for i, label in enumerate([*labels, 0]):
        if start is not None and label != 2:
            spans.add((start, i))
            start = None
        if label == 1 or (label == 2 and start is None):
            start = i
    return spans


@torch.no_grad()
def attribution(net, tokenizer, examples: list[data.Example]) -> dict:
    """For source, cue and content: F1 over words, and over spans with both ends right."""
    words = {part: [0, 0, 0] for part in data.QUOTE_PARTS}
    spans = {part: [0, 0, 0] for part in data.QUOTE_PARTS}
    for batch in in_batches(tokenizer, examples):
        ids, mask, case = text.inputs([e for e, _ in batch])
        scores = text.attribution_logits(net, net.encode(ids, mask, case)).float().log_softmax(-1)
        for row, (encoded, example) in enumerate(batch):
            assert example.quotes is not None
            gold = text.quote_labels(encoded, example.quotes)
            firsts = [i for i, labels in enumerate(gold) if labels[0] != model.IGNORE]
            for k, part in enumerate(data.QUOTE_PARTS):
                wanted, found = [gold[i][k] for i in firsts], best_path(scores[row, firsts, k], part_penalties(part))
                both = sum(w > 0 and f > 0 for w, f in zip(wanted, found))
                add(words[part], both, sum(f > 0 for f in found), sum(w > 0 for w in wanted))
                a, b = bio_spans(found), bio_spans(wanted)
                add(spans[part], len(a & b), len(a), len(b))
    return {part: dict(words=f1(*words[part]), spans=f1(*spans[part])) for part in data.QUOTE_PARTS}


def add(counts: list[int], *more: int) -> None:
    for i, value in enumerate(more):
        counts[i] += value


def dev_sets(folder: pathlib.Path) -> dict:
    """name → (score, examples) of every development set."""
    sets = {
        name: (entities, [data.tagged_example(name, s) for s in data.read_entities(folder / name / "dev.txt")])
        for name in ("conll2003", "cleanconll", "worldwide", "politics")
    }
    sets["names"] = (entities, data.read_names(folder, held_out=True))
    sets["newsmtsc"] = (stance, data.read_stance(folder / "newsmtsc/dev.jsonl"))
    sets["persent"] = (paragraph, data.read_persons(folder, held_out=True))
    sets["dse"] = (directed, data.read_directed(folder / "dse/dev.jsonl"))
    sets["positions"] = (position, positions.read_examples(folder, held_out=True))
    sets["contrasts"] = (position, positions.read_contrasts(held_out=True))
    sets["polnear"] = (attribution, data.read_quotes(folder / "polnear/dev.jsonl"))
    return sets


def dev_scores(net, tokenizer, sets: dict, every: dict[str, int] | None = None, bf16: bool = False) -> dict:
    """Scores of all sets; of those named in `every`, on each n-th example only."""
    net.eval()
    found = {}
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        for name, (measure, examples) in sets.items():
            step = (every or {}).get(name, 1)
            if step:
                found[name] = measure(net, tokenizer, examples[::step])
    return found
