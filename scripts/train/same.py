"""Fits the weights that tell whether two sentences say the same: `same.py --data ../../../shared/data --pack ../../models/compact`.

Sets of weights of one logistic regression (`src/compare/same.rs`), which `src/compare/same/PACK.toml` keeps:

* `side_by_side`, for two sentences that somebody put beside each other: trained on MSRP's training part;
* `of_one_event`, for sentences of articles of one event: trained on twelve events of `allsides_full`, annotated for this
  by eval/GUIDE.md, section 6 (`events.json`: which sentences tell the same, by their numbers, without the texts).

Of each there are two: `apart` for pairs of which only words and vectors are known, and `together` for the logit of a joint reading.
Features beside the logit made the events no better. What `joint.py` learned from is not used for `together`: of
MSRP that leaves a fifth. A pack that reads no two sentences together has only `apart`.

Printed are scores by cross-validation (whole events are held out), and the thresholds of the baselines of `wirelens eval compare`.
"""

import argparse
import json
import pathlib
import subprocess

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

import data
import joint

NAMES = [
    "cosine of vectors", "shared weight / lighter", "shared weight / heavier", "shared weight / all", "shared stems / fewer",
    "log of shared weight", "longest run / shorter", "log of longest run", "shared word pairs / shorter", "shared names / fewer",
    "numbers agree", "numbers differ", "log of shorter / longer", "cosine of TF-IDF",
]  # fmt: skip
VECTOR_COSINE, TF_IDF_COSINE = 0, 13
# Columns: the features, and behind them the logit of a joint reading.
FEATURES, LOGIT = slice(len(NAMES)), slice(len(NAMES), None)
# Inverse strengths of the penalty on weights; ten times as much or as little changes little.
MSRP_C, EVENTS_C = 1.0, 0.1
EVENTS = pathlib.Path(__file__).with_name("events.json")


def numbers_of(groups: list[dict], pack: pathlib.Path, program: pathlib.Path) -> list[dict]:
    """Pairs of the groups with their numbers, from the example `pairs`."""
    lines = "".join(json.dumps(group) + "\n" for group in groups)
    run = subprocess.run([program, pack], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def with_logit(pair: dict, question: str) -> list[float]:
    """The features of a pair, and the logit of its joint reading; no number (NaN) where there is none."""
    return [*pair["features"], pair["joint"][joint.QUESTIONS.index(question)] if pair["joint"] else numpy.nan]


def of_msrp(folder: pathlib.Path, pack: pathlib.Path, program: pathlib.Path):
    """Numbers and labels of all pairs, and which of them `joint.py` did not learn from."""
    rows = data.rows(folder / "msrp/train.jsonl")
    texts = [row[key] for row in rows for key in ("a", "b")]
    pairs = numbers_of([dict(texts=texts, pairs=[(2 * i, 2 * i + 1) for i in range(len(rows))])], pack, program)
    x = numpy.array([with_logit(pair, "paraphrase") for pair in pairs])
    numbers = numpy.array([pair["a"][0] // 2 for pair in pairs])
    y = numpy.array([rows[number]["same"] for number in numbers])
    return x, y, numbers % joint.KEPT_OF_MSRP == 0


def of_events(folder: pathlib.Path, pack: pathlib.Path, program: pathlib.Path):
    """Numbers, labels and events of all near pairs, and how many pairs of the gold there are in all."""
    events = json.loads(EVENTS.read_text())
    rows = {row["id"]: row for row in data.rows(folder / "allsides_full/train.jsonl")}
    texts = [[article["text"] for article in rows[event["id"]]["articles"]] for event in events]
    sentences = [[data.sentences(one)[: event["sentences"]] for one in some] for event, some in zip(events, texts)]
    gold = []
    for event in events:
        pairs = set()
        for fact in event["facts"]:
            numbers = [tuple(number) for number in fact]
            pairs |= {(a, b) for a in numbers for b in numbers if a < b and a[0] != b[0]}
        gold.append(pairs)
    x, y, of = [], [], []
    for pair in numbers_of([dict(texts=some) for some in texts], pack, program):
        event = pair["group"]
        ends = [place_of(sentences[event], *pair[side]) for side in ("a", "b")]
        known = [end for end in ends if end is not None]
        if len(known) == 2:
            x.append(with_logit(pair, "fact"))
            y.append(int(tuple(sorted(known)) in gold[event]))
            of.append(event)
    return numpy.array(x), numpy.array(y), numpy.array(of), sum(map(len, gold))


def place_of(sentences: list, article: int, start: int, end: int) -> tuple[int, int] | None:
    """Article and number of the sentence that a place is in; none behind the sentences that were annotated."""
    for number, (first, last) in enumerate(sentences[article]):
        if min(end, last) - max(start, first) > (end - start) / 2:
            return article, number
    return None


def f1_of(y, found, total: int) -> float:
    return 2 * float((y & found).sum()) / (found.sum() + total)


def best(y, scores, total: int) -> tuple[float, float]:
    """The best F1 and the threshold that has it."""
    return max((f1_of(y, (scores >= t).astype(int), total), float(t)) for t in numpy.quantile(scores, numpy.linspace(0.3, 0.999, 200)))


def fitted(x, y, c: float, sample_weight=None) -> dict:
    """Weights for the numbers as they are, from a regression on scaled ones; `sample_weight` is how much each row counts."""
    mean, deviation = x.mean(0), x.std(0) + 1e-9
    model = LogisticRegression(C=c, max_iter=5000).fit((x - mean) / deviation, y, sample_weight=sample_weight)
    weights = model.coef_[0] / deviation
    return dict(bias=float(model.intercept_[0] - (weights * mean).sum()), weights=weights.tolist())


def probabilities(parameters: dict, x) -> numpy.ndarray:
    return 1 / (1 + numpy.exp(-(x @ numpy.array(parameters["weights"]) + parameters["bias"])))


def held_out(x, y, of, c: float) -> numpy.ndarray:
    found = numpy.zeros(len(y))
    for event in sorted(set(of)):
        found[of == event] = probabilities(fitted(x[of != event], y[of != event], c), x[of == event])
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--pack", type=pathlib.Path, required=True)
    parser.add_argument("--program", type=pathlib.Path, default=pathlib.Path("target/release/examples/pairs"))
    parser.add_argument("--out", type=pathlib.Path, help="default: src/compare/same/PACK.toml")
    args = parser.parse_args()

    x, y, kept = of_msrp(args.data, args.pack, args.program)
    sets = []
    for name, rows, columns in (("apart", kept | True, FEATURES), ("together", kept & ~numpy.isnan(x[:, -1]), LOGIT)):
        if not rows.any():
            continue
        some, labels = x[rows][:, columns], y[rows]
        side = held_out(some, labels, numpy.arange(len(labels)) % 10, MSRP_C)
        score, least = max((f1_score(labels, side >= t), t) for t in numpy.linspace(0.3, 0.7, 41))
        print(f"MSRP {name}, {len(labels)} pairs, ten folds: F1 {f1_score(labels, side >= 0.5):.3f} at 0.5, best {score:.3f} at {least:.2f}, "
              f"accuracy {((side >= 0.5) == labels).mean():.3f}; always the same {f1_score(labels, numpy.ones(len(labels))):.3f}")  # fmt: skip
        sets.append((f"side_by_side.{name}", fitted(some, labels, MSRP_C), least))
    for name, column in (("TF-IDF cosine", TF_IDF_COSINE), ("vector cosine", VECTOR_COSINE)):
        score, least = best(y, x[:, column], int(y.sum()))
        print(f"  {name} alone: F1 {score:.3f} from {least:.2f}")
    ex, ey, of, total = of_events(args.data, args.pack, args.program)
    read = ~numpy.isnan(ex[:, -1])
    print(f"events: {len(ey)} near pairs, {ey.sum()} of {total} gold pairs among them; {read.sum()} were read together, {ey[read].sum()} of gold")
    shifted = numpy.zeros(len(ey))
    for name, rows, columns in (("apart", read | True, FEATURES), ("together", read, LOGIT)):
        if not rows.any():
            continue
        some = ex[rows][:, columns]
        event = held_out(some, ey[rows], of[rows], EVENTS_C)
        score, least = best(ey[rows], event, total)
        print(f"events {name}, each held out: F1 {score:.3f} from {least:.2f}")
        sets.append((f"of_one_event.{name}", fitted(some, ey[rows], EVENTS_C), least))
        # Probabilities are shifted so that 0.5 decides as the best threshold does.
        shifted[rows] = 1 / (1 + (1 / event - 1) * least / (1 - least))
        for limit in (0.5, 0.6, 0.75):
            found = shifted >= limit
            print(f"  from {limit}: precision {ey[found].mean():.3f}, recall {ey[found].sum() / total:.3f}, F1 {f1_of(ey, found, total):.3f}")
    for name, column in (("TF-IDF cosine", TF_IDF_COSINE), ("vector cosine", VECTOR_COSINE)):
        alone, from_ = best(ey, ex[:, column], total)
        print(f"  {name} alone: F1 {alone:.3f} from {from_:.2f}")

    lines = ["# Made by scripts/train/same.py; what the weights are of is told there.", ""]
    for name, parameters, limit in sets:
        bias = parameters["bias"] - float(numpy.log(limit / (1 - limit)))
        lines += [f"[{name}]", f"bias = {bias:.5f}"]
        match parameters["weights"]:
            case [weight]:
                lines += [f"weight = {weight:.5f}", ""]
            case weights:
                lines += ["weights = [", *(f"    {weight:.5f}, # {what}" for weight, what in zip(weights, NAMES)), "]", ""]
    out = args.out or pathlib.Path("src/compare/same") / f"{args.pack.name}.toml"
    out.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
