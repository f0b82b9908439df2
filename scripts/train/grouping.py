"""Fits what tells whether two articles are of one event: `grouping.py --data ../../../shared/data --pack ../../models/compact`.

A logistic regression over the numbers of two articles (`src/compare/events.rs`), for events of `allsides_full` in piles of
several sizes, since how rare a word is depends on the pile; the events that `digest.py` holds out are not among them. Each pile
is taken four times: with and without dates, with and without titles, as either is often unknown. Half of the events give the
weights; the other half the threshold, which is the one with the highest mean B³ of piles.
"""

import argparse
import pathlib
import random

import numpy

import data
import digest
import same

NAMES = [
    "cosine of words", "cosine of the leads' words", "cosine of names", "cosine of titles", "title in the other's lead",
    "cosine of vectors", "log of 1 + days between", "at most two days between", "a date is not known",
]  # fmt: skip
LEADS, TITLES, TITLE_IN_LEAD, DAYS, NEAR, UNDATED = 1, 3, 4, 6, 7, 8
# Events in a pile.
SIZES = (1, 5, 20, 80, 200)
THRESHOLDS = numpy.arange(0.1, 0.9, 0.05)
# Inverse strength of the penalty on weights.
C = 1.0


def piles(rows: int, seed: int) -> list[list[int]]:
    """Numbers of rows: random piles of events, of each size so many that every size has each row about once."""
    draw = random.Random(seed)
    found = []
    for size in SIZES:
        order = list(range(rows))
        draw.shuffle(order)
        found += [order[i : i + size] for i in range(0, rows - size + 1, size)]
    return found


def groups_of(articles: list[int], pairs: dict[tuple[int, int], float], least: float) -> list[set[int]]:
    """Average linkage, as `events` in Rust; pairs that are not known are of different events."""
    of = {article: {article} for article in articles}
    for (a, b), value in sorted(pairs.items(), key=lambda item: (-item[1], item[0])):
        one, other = of[a], of[b]
        if value < least:
            break
        if one is not other:
            total = sum(pairs.get((min(x, y), max(x, y)), 0.0) for x in one for y in other)
            if total / (len(one) * len(other)) >= least:
                one |= other
                for article in other:
                    of[article] = one
    return list({id(group): group for group in of.values()}.values())


def b_cubed(groups: list[set[int]], event: list[int], sizes: numpy.ndarray) -> float:
    precision = recall = articles = 0.0
    for group in groups:
        for article in group:
            together = sum(event[other] == event[article] for other in group)
            precision += together / len(group)
            recall += together / sizes[event[article]]
            articles += 1
    precision, recall = precision / articles, recall / articles
    return 2 * precision * recall / (precision + recall)


def prepare(rows: list[dict], pack: pathlib.Path, program: pathlib.Path) -> tuple[list[dict], list[int]]:
    """Piles of rows, each as (articles, size in events, pairs, numbers of the pairs), and the event of each article."""
    texts: list[str] = []
    titles: list[str] = []
    dates: list[str | None] = []
    event: list[int] = []
    of_row: list[list[int]] = []
    for number, row in enumerate(rows):
        of_row.append(list(range(len(texts), len(texts) + len(row["articles"]))))
        for article in row["articles"]:
            texts.append(article["text"])
            titles.append(article["title"] or "")
            dates.append(article["date"] or None)
            event.append(number)
    chosen = piles(len(rows), seed=1)
    members = [[article for row in pile for article in of_row[row]] for pile in chosen]
    found: list[dict] = [dict(articles=m, events=len(pile), pairs=[], numbers=[]) for pile, m in zip(chosen, members)]
    for pair in same.numbers_of([dict(texts=texts, titles=titles, dates=dates, piles=members)], pack, program):
        pile = found[pair["pile"]]
        pile["pairs"].append((min(pair["a"], pair["b"]), max(pair["a"], pair["b"])))
        pile["numbers"].append(pair["features"])
    for pile in found:
        pile["numbers"] = numpy.array(pile["numbers"])
        pile["same"] = numpy.array([int(event[a] == event[b]) for a, b in pile["pairs"]])
    return found, event


def variants(numbers: numpy.ndarray) -> dict[str, numpy.ndarray]:
    """The numbers as they are, and as they would be without dates or titles."""
    undated, untitled = numbers.copy(), numbers.copy()
    undated[:, DAYS], undated[:, NEAR], undated[:, UNDATED] = 0.0, 0.0, 1.0
    untitled[:, TITLES], untitled[:, TITLE_IN_LEAD] = untitled[:, LEADS], 0.0
    neither = undated.copy()
    neither[:, TITLES], neither[:, TITLE_IN_LEAD] = neither[:, LEADS], 0.0
    return {"": numbers, "undated": undated, "untitled": untitled, "neither": neither}


def fit(found: list[dict]) -> dict:
    """Weights for the numbers as they are, from a regression on scaled ones; piles of each size weigh the same in all."""
    pairs = {size: sum(len(pile["same"]) for pile in found if pile["events"] == size) for size in SIZES}
    parts: list[tuple[numpy.ndarray, ...]] = []
    for pile in found:
        for numbers in variants(pile["numbers"]).values():
            parts.append((numbers, pile["same"], numpy.full(len(numbers), 1.0 / pairs[pile["events"]])))
    x, y, weight = (numpy.concatenate(part) for part in zip(*parts))
    return same.fitted(x, y, C, sample_weight=weight * len(y) / weight.sum())


def scores(parameters: dict, found: list[dict], event: list[int], least: float) -> dict[tuple[int, str], float]:
    """(events in a pile, variant) → mean B³ of such piles."""
    sizes = numpy.bincount(event)
    by_kind: dict[tuple[int, str], list[float]] = {}
    for pile in found:
        for variant, numbers in variants(pile["numbers"]).items():
            pairs = dict(zip(pile["pairs"], same.probabilities(parameters, numbers)))
            value = b_cubed(groups_of(pile["articles"], pairs, least), event, sizes)
            by_kind.setdefault((pile["events"], variant), []).append(value)
    return {kind: float(numpy.mean(values)) for kind, values in by_kind.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--pack", type=pathlib.Path, required=True)
    parser.add_argument("--program", type=pathlib.Path, default=pathlib.Path("target/release/examples/pairs"))
    parser.add_argument("--events", type=int, default=400, help="at most so many to learn from")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("src/compare/events.toml"))
    args = parser.parse_args()

    rows = [row for row in data.rows(args.data / "allsides_full/train.jsonl") if not digest.is_held_out(row)][: args.events]
    learn, _ = prepare(rows[::2], args.pack, args.program)
    check, event = prepare(rows[1::2], args.pack, args.program)
    parameters = fit(learn)
    best, least = max((numpy.mean(list(scores(parameters, check, event, t).values())), t) for t in THRESHOLDS)
    for (size, variant), value in sorted(scores(parameters, check, event, least).items()):
        print(f"{size} events {variant}: B³ {value:.3f}")
    print(f"{len(rows)} events; mean B³ of those that gave no weights {best:.3f}, from a probability of {least:.2f}")
    lines = ["# Made by scripts/train/grouping.py; what the weights are of is told there.", f"bias = {parameters['bias']:.5f}"]
    lines += [f"same = {least:.2f}", "weights = ["]
    lines += [*(f"    {weight:.5f}, # {what}" for weight, what in zip(parameters["weights"], NAMES)), "]", ""]
    args.out.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
