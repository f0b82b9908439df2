"""Learns what an article's judged mentions of a target say of the article's own stance towards it.

    python article.py --data ../../../shared/data --cache ../../.cache --work DIR

A multinomial logistic regression over `FEATURES` numbers that `src/stance` in Rust computes alike (`features`): how
sure the sentences are on each side, the first of them, the surest, those without quotation marks, how many there are.
There are two, of tensors `weight` (3, FEATURES) and `bias` (3), for labels in the order against, neutral, favor:

* `article`, from the tones of sentences towards a person. Trained on PerSenT less the quarter of its articles that is held out
  (`data.is_held_out`).
* `position.article`, from the positions of sentences for or against what is no person. Trained on the articles of `positions.py`
  that are not held out; the encoder learned from their sentences, too.
"""

import argparse
import math
import pathlib
from dataclasses import dataclass

import torch
from sklearn.metrics import f1_score
from torch.nn import functional

import data
import model
import packs
import positions
import scores
import text

FEATURES = 15
# The classes are 10, 37 and 52 of a hundred in PerSenT. Each counts by this power of one over its share: at 0 the
# rarest is hardly ever found, at 1 probabilities are those of a world in which all three are alike.
BALANCE = 0.7
# The L2 penalties, chosen with `BALANCE` on the held-out articles.
DECAY = 0.01
POSITION_DECAY = 0.001
QUOTATION = '"“”'


@dataclass
class Document:
    """An article with a target: how many sentences it has, and those that name the target."""

    id: str
    gold: int
    sentences: int
    # (number of the sentence, mean probabilities over its mentions, whether it has quotation marks)
    judged: list[tuple[int, list[float], bool]]


def features(document: Document) -> list[float]:
    """The numbers for an article, from its sentences that name the target; at least one does."""
    probabilities = torch.tensor([p for _, p, _ in document.judged])
    sides = probabilities[:, [0, 2]]  # against, favor
    plain = torch.tensor([not quoted for _, _, quoted in document.judged])
    early = torch.tensor([number < document.sentences / 4 for number, _, _ in document.judged])
    labels = probabilities.argmax(1)
    mean = sides.mean(0)
    numbers = [
        mean,
        sides.max(0).values,
        sides[0],
        sides[early].mean(0) if early.any() else mean,
        sides[plain].mean(0) if plain.any() else mean,
        torch.stack([(labels == 0).float().mean(), (labels == 2).float().mean()]),
    ]
    count = len(document.judged)
    rest = [math.log(1 + count) / 3, count / document.sentences, 1 - plain.float().mean().item()]
    return torch.cat(numbers).tolist() + rest


def judged(net, tokenizer, folder: pathlib.Path, held_out: bool) -> list[Document]:
    """PerSenT's articles with the stance head's word on every sentence that names the target by its full or last name."""
    documents, flat = [], []
    for row in data.persons(folder, held_out):
        pattern, spans = data.target_pattern(row["target"]), data.sentences(row["text"])
        document = Document(row["id"], data.POLARITY[row["polarity"]], len(spans), [])
        documents.append(document)
        for number, (start, end) in enumerate(spans):
            sentence = row["text"][start:end]
            mentions = [(*match.span(), 1) for match in pattern.finditer(sentence)]
            flat.append((data.Example("", sentence, stance=mentions), document, number))
    add_judged(net, tokenizer, "stance", flat)
    return [document for document in documents if document.judged]


def judged_positions(net, tokenizer, targets: list[positions.Target], task: str = "position") -> tuple[list[Document], dict]:
    """The articles of targets with the word of a head on each sentence, and the scores of these sentences."""
    documents, flat = [], []
    for target in targets:
        document = Document(target.article, target.overall, target.length, [])
        documents.append(document)
        for number, example in target.sentences:
            asked = data.Example("", example.text)
            setattr(asked, task, example.position)
            flat.append((asked, document, number))
    found, gold = add_judged(net, tokenizer, task, flat)
    return [document for document in documents if document.judged], scores.labelled(found, gold)


@torch.no_grad()
def add_judged(net, tokenizer, task: str, flat: list[tuple]) -> tuple[list[int], list[int]]:
    """Adds to documents what the head `task` says of their sentences: means over the mentions. Gives the labels of the sentences,
    and those of their first mentions in the examples.

    flat: (sentence with its mentions, document, number of the sentence).
    """
    encoded = [(text.encode(tokenizer, example.text), example, *rest) for example, *rest in flat if getattr(example, task)]
    labels, gold = [], []
    for batch in text.batches(encoded, lambda e: len(e[0]["ids"])):
        # Very long sentences are cut, and their mentions may stand in the part that is gone.
        if not (found := text.judged([(one, example) for one, example, *_ in batch], task)):
            continue
        ids, mask, case = text.inputs([one for one, *_ in batch])
        each = text.stance_logits(net, task, net.encode(ids, mask, case), mask, found).softmax(-1)
        for i in sorted(set(found.rows.tolist())):
            _, example, document, number = batch[i]
            mean = each[found.rows == i].mean(0).tolist()
            document.judged.append((number, mean, any(mark in example.text for mark in QUOTATION)))
            labels.append(mean.index(max(mean)))
            gold.append(getattr(example, task)[0][-1])
    for _, document, _ in flat:
        document.judged.sort()
    return labels, gold


def label_weights(gold: torch.Tensor, power: float) -> torch.Tensor:
    """(3,): the power of one over the share of each label among `gold`, with a mean of 1 over `gold`."""
    share = functional.one_hot(gold, 3).float().mean(0).clamp(min=1 / len(gold))
    weights = (1 / share) ** power
    return weights / (weights * share).sum()


def fit(documents: list[Document], decay: float) -> dict[str, torch.Tensor]:
    """weight (3, FEATURES) and bias (3)."""
    numbers = torch.tensor([features(document) for document in documents])
    gold = torch.tensor([document.gold for document in documents])
    weights = label_weights(gold, BALANCE)
    weight, bias = torch.zeros(3, FEATURES, requires_grad=True), torch.zeros(3, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=200, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        each = functional.cross_entropy(numbers @ weight.T + bias, gold, reduction="none")
        value = (each * weights[gold]).mean() + decay * (weight**2).sum()
        value.backward()
        return value

    optimizer.step(loss)
    return dict(weight=weight.detach(), bias=bias.detach())


def probabilities(parameters: dict | None, documents: list[Document]) -> torch.Tensor:
    """(documents, 3): by the regression, or, without parameters, the mean over the sentences."""
    if not parameters:
        return torch.stack([torch.tensor([p for _, p, _ in document.judged]).mean(0) for document in documents])
    numbers = torch.tensor([features(document) for document in documents])
    return (numbers @ parameters["weight"].float().T + parameters["bias"].float()).softmax(-1)


def calibration_error(found: torch.Tensor, gold: torch.Tensor, bins: int = 10) -> float:
    """Expected calibration error: how far the likeliest label's probability is from how often it is right."""
    sure, labels = found.max(1)
    right, error = (labels == gold).float(), 0.0
    for i in range(bins):
        inside = (sure > i / bins) & (sure <= (i + 1) / bins)
        if inside.any():
            error += float(inside.float().mean() * (sure[inside].mean() - right[inside].mean()).abs())
    return error


def scores_of(found: torch.Tensor, documents: list[Document]) -> dict:
    gold = torch.tensor([document.gold for document in documents])
    return dict(
        macro_f1=float(f1_score(gold, found.argmax(1), average="macro")), items=len(documents),
        accuracy=float((found.argmax(1) == gold).float().mean()), calibration_error=calibration_error(found, gold),
    )  # fmt: skip


def measure(net, documents: list[Document]) -> dict:
    """Scores of a pack's own way from mentions to the article."""
    return scores_of(probabilities(net.article, documents), documents)


def measure_positions(net, tokenizer, folder: pathlib.Path) -> dict[str, dict]:
    """Scores of positions on held-out articles, and of the tone for comparison, of sentences and of articles."""
    targets = positions.but_persons(positions.read(folder, held_out=True))
    found = {}
    for name, task, parameters in (("position", "position", net.position_article), ("tone", "stance", net.article)):
        documents, sentences = judged_positions(net, tokenizer, targets, task)
        found[name] = dict(sentences=sentences, articles=scores_of(probabilities(parameters, documents), documents))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", choices=packs.PACKS, default="compact")
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True, help="where state.pt is and article.pt goes")
    args = parser.parse_args()

    net, tokenizer = packs.trained(args.pack, args.cache, args.work)
    targets = positions.but_persons(positions.read(args.data, held_out=False))
    with torch.autocast("cpu", torch.bfloat16, enabled=model.HAS_BF16):
        learned = judged(net, tokenizer, args.data, held_out=False)
        documents, _ = judged_positions(net, tokenizer, targets)
    found = {"article": fit(learned, DECAY), "position.article": fit(documents, POSITION_DECAY)}
    print(f"article: learned from {len(learned)} articles about persons, and from {len(documents)} positions of articles")
    torch.save(found, args.work / "article.pt")


if __name__ == "__main__":
    main()
