"""Learns what an article's judged mentions of a target say of the article's own stance towards it.

    python article.py --data ../../../shared/data --cache ../../.cache --work DIR

A multinomial logistic regression over `FEATURES` numbers that `src/stance` in Rust computes alike (`features`): how
sure the sentences are on each side, the first of them, the surest, those without quotation marks, how many there are.
Trained on PerSenT less the quarter of its articles that is held out (`data.is_held_out`). Its weights are the tensors
`article.weight` (3, FEATURES) and `article.bias` (3) of the pack; labels in the order against, neutral, favor.
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
import text

FEATURES = 15
# The classes are 10, 37 and 52 of a hundred in PerSenT. Each counts by this power of one over its share: at 0 the
# rarest is hardly ever found, at 1 probabilities are those of a world in which all three are alike.
BALANCE = 0.7
DECAY = 0.01
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


@torch.no_grad()
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
            encoded, example = text.encode(tokenizer, sentence), data.Example("", sentence, stance=mentions)
            if text.judged([(encoded, example)], "stance"):
                flat.append((encoded, example, document, number))

    def logits_of(examples: list) -> tuple:
        ids, mask, case = text.inputs([encoded for encoded, _ in examples])
        found = text.judged(examples, "stance")
        assert found is not None
        return text.stance_logits(net, "stance", net.encode(ids, mask, case), mask, found), found

    add_judged(flat, logits_of)
    return [document for document in documents if document.judged]


def add_judged(flat: list[tuple], logits_of) -> None:
    """Adds to documents what a head says of their sentences: means over the mentions.

    flat: (input, its mentions as an example of `stance`, document, number of the sentence); `logits_of` takes a batch of inputs
    with their examples, and gives logits (items, 3) and the items.
    """
    for batch in text.batches(flat, lambda e: len(e[0]["ids"])):
        logits, found = logits_of([(encoded, example) for encoded, example, _, _ in batch])
        each = logits.softmax(-1)
        for i, (_, example, document, number) in enumerate(batch):
            mean = each[found.rows == i].mean(0).tolist()
            document.judged.append((number, mean, any(mark in example.text for mark in QUOTATION)))
    for _, _, document, _ in flat:
        document.judged.sort()


def label_weights(gold: torch.Tensor, power: float) -> torch.Tensor:
    """(3,): the power of one over the share of each label among `gold`, with a mean of 1 over `gold`."""
    share = functional.one_hot(gold, 3).float().mean(0).clamp(min=1 / len(gold))
    weights = (1 / share) ** power
    return weights / (weights * share).sum()


def fit(documents: list[Document], balance: float = BALANCE) -> dict[str, torch.Tensor]:
    """weight (3, FEATURES) and bias (3)."""
    numbers = torch.tensor([features(document) for document in documents])
    gold = torch.tensor([document.gold for document in documents])
    weights = label_weights(gold, balance)
    weight, bias = torch.zeros(3, FEATURES, requires_grad=True), torch.zeros(3, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=200, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        each = functional.cross_entropy(numbers @ weight.T + bias, gold, reduction="none")
        value = (each * weights[gold]).mean() + DECAY * (weight**2).sum()
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", choices=packs.PACKS, default="compact")
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True, help="where state.pt is and article.pt goes")
    args = parser.parse_args()

    net, tokenizer = packs.build(args.pack, args.cache)
    net.load_state_dict(torch.load(args.work / "state.pt", weights_only=True)["average"], strict=False)
    net.eval()
    with torch.autocast("cpu", torch.bfloat16, enabled=model.HAS_BF16):
        learned, held = (judged(net, tokenizer, args.data, held_out=out) for out in (False, True))
    parameters = fit(learned)
    torch.save(parameters, args.work / "article.pt")
    print("mean of sentences:", scores_of(probabilities(None, held), held))
    print("regression:", scores_of(probabilities(parameters, held), held))
    print("regression, articles it was trained on:", scores_of(probabilities(parameters, learned), learned))


if __name__ == "__main__":
    main()
