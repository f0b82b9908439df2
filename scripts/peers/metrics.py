"""Makes tests/fixtures/metrics.json: what the reference packages say of random input (`make fixtures`).

rouge-score on text pairs with and without stemming, NLTK's stemmer on words, nervaluate and seqeval on taggings,
scikit-learn on labels. Input is drawn with a fixed seed from the words of this repository's own documents and
from word parts, so that nothing of anybody's texts is copied and every rule of the stemmer is met.
"""

import argparse
import json
import pathlib
import random
import re
import warnings

from nervaluate import Evaluator
from nltk.stem.porter import PorterStemmer
from rouge_score.rouge_scorer import RougeScorer
from seqeval.metrics import f1_score as seqeval_f1
from seqeval.metrics import precision_score as seqeval_precision
from seqeval.metrics import recall_score as seqeval_recall
from seqeval.metrics.sequence_labeling import get_entities
from sklearn.metrics import accuracy_score, brier_score_loss, cohen_kappa_score, f1_score

ROUGE = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
TYPES = ["PER", "ORG", "LOC", "MISC"]
SCHEMES = ["strict", "exact", "partial", "ent_type"]
COUNTS = ["correct", "incorrect", "partial", "missed", "spurious"]
STEMS = """
    relat condit valu hesit digit conform radic differ vil analog vietnam predic oper feud decis hope call form sens
    trip elect good reviv allow infer airlin gyroscop adjust defens irrit replac depend adopt commun angul homolog
    effect bowdler prob rat ceas control roll geo theo archaeo phil happ enj tr sp fl d l t agr fee plast troubl hop
    tann fall hiss fizz fail fil ti cat car pon
""".split()
SUFFIXES = """
    ational tional enci anci izer abli bli alli entli eli ousli ization ation ator alism iveness fulness ousness aliti
    iviti biliti fulli logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant ement ment ent sion
    tion ou ism ate iti ous ive ize e ll ly y ies ied eed ed ing ss s sses ies ying
""".split()


def random_word(draw: random.Random) -> str:
    word = draw.choice(STEMS) + "".join(draw.choice(SUFFIXES) for _ in range(draw.choice([0, 1, 1, 1, 2])))
    return draw.choice([word, word, word.capitalize(), word.upper()])


def random_text(draw: random.Random, words: list[str], length: int) -> str:
    text = ""
    for _ in range(length):
        word = draw.choice(words) if draw.random() < 0.7 else random_word(draw)
        text += word + draw.choice([" ", " ", " ", " ", ", ", ". ", ".\n", "-", " — ", "’s ", " 4,300 ", "\n"])
    return text


def mutated(draw: random.Random, text: str, words: list[str]) -> str:
    """Part of a text with some words lost, moved or exchanged: what a summary is to its reference."""
    parts = re.split(r"(?<=\n)", text)
    draw.shuffle(parts)
    pieces = re.split(r"( )", "".join(parts[: draw.randint(1, len(parts))]))
    return "".join(piece if draw.random() < 0.7 else draw.choice(["", draw.choice(words)]) for piece in pieces)


def rouge_pairs(draw: random.Random, words: list[str], count: int) -> list[dict]:
    scorers = {stemmed: RougeScorer(ROUGE, use_stemmer=stemmed) for stemmed in (False, True)}
    pairs = []
    special = [("", ""), ("one", ""), ("", "one"), ("…", "—"), ("a", "a"), ("\n\n", "x\n\n"), ("É é", "e"), ("the the the", "the")]
    for i in range(count):
        reference = random_text(draw, words, draw.randint(1, 25))
        candidate = mutated(draw, reference, words) if draw.random() < 0.8 else random_text(draw, words, draw.randint(1, 25))
        if i < len(special):
            reference, candidate = special[i]
        scores = []
        for stemmed in (False, True):
            found = scorers[stemmed].score(reference, candidate)
            scores.append([[found[name].precision, found[name].recall, found[name].fmeasure] for name in ROUGE])
        pairs.append({"reference": reference, "candidate": candidate, "plain": scores[0], "stemmed": scores[1]})
    return pairs


def multiple(draw: random.Random, words: list[str], count: int) -> list[dict]:
    scorer, cases = RougeScorer(ROUGE, use_stemmer=True), []
    for _ in range(count):
        candidate = random_text(draw, words, draw.randint(5, 20))
        references = [mutated(draw, candidate, words) for _ in range(draw.randint(1, 4))]
        found = scorer.score_multi(references, candidate)
        scores = [[found[name].precision, found[name].recall, found[name].fmeasure] for name in ROUGE]
        cases.append({"references": references, "candidate": candidate, "scores": scores})
    return cases


def random_tags(draw: random.Random, length: int) -> list[str]:
    return [draw.choice(["O", "O", "B-", "I-", "I-"]) for _ in range(length)]


def tagging(draw: random.Random) -> tuple[list[str], list[str]]:
    """Gold and predicted tags. `I-` may follow anything."""
    length = draw.randint(1, 20)
    gold = [tag if tag == "O" else tag + draw.choice(TYPES) for tag in random_tags(draw, length)]
    predicted = []
    for tag in gold:
        change = draw.random()
        if change < 0.6:
            predicted.append(tag)
        elif change < 0.8 or tag == "O":
            predicted.append(draw.choice(["O", "B-" + draw.choice(TYPES), "I-" + draw.choice(TYPES)]))
        else:
            predicted.append(tag[:2] + draw.choice(TYPES))
    return gold, predicted


def spans(tags: list[str]) -> list[dict]:
    return [{"label": kind, "start": start, "end": end} for kind, start, end in get_entities(tags)]


def schemes(gold: list[str], predicted: list[str]) -> dict:
    """Counts of each scheme: over all types, and the first two of them by type."""
    result = Evaluator([spans(gold)], [spans(predicted)], tags=TYPES, loader="dict").evaluate()

    def counts(of: dict) -> dict:
        return {
            name: {count: getattr(of[name], count) for count in COUNTS} | {"scores": [of[name].precision, of[name].recall, of[name].f1]}
            for name in SCHEMES
        }

    by_type = {kind: counts(of) for kind, of in result["entities"].items() if kind in TYPES[:2]}
    return {"all": counts(result["overall"]), "types": by_type}


def taggings(draw: random.Random, count: int) -> dict:
    cases = [tagging(draw) for _ in range(count)]
    gold, predicted = [case[0] for case in cases], [case[1] for case in cases]

    def seqeval(gold: list, predicted: list, **how) -> list[float]:
        return [float(score(gold, predicted, **how)) for score in (seqeval_precision, seqeval_recall, seqeval_f1)]

    return {
        "cases": [{"gold": g, "predicted": p, "nervaluate": schemes(g, p), "seqeval": seqeval([g], [p])} for g, p in cases],
        "seqeval": seqeval(gold, predicted),
        "seqeval_macro_f1": float(seqeval_f1(gold, predicted, average="macro")),
    }


def classifications(draw: random.Random, count: int) -> list[dict]:
    cases = []
    for _ in range(count):
        n, labels = draw.randint(2, 40), draw.randint(2, 4)
        gold = [draw.randrange(labels) for _ in range(n)]
        given = [label if draw.random() < 0.6 else draw.randrange(labels) for label in gold]
        if len(set(gold) | set(given)) < 2:
            gold[0], given[-1] = 0, 1
        weights = [[draw.randint(1, 99) for _ in range(3)] for _ in range(n)]
        probabilities = [[w / 400 for w in row] + [1 - sum(row) / 400] for row in weights]
        cases.append({
            "gold": gold,
            "given": given,
            "probabilities": probabilities,
            "accuracy": accuracy_score(gold, given),
            "macro_f1": f1_score(gold, given, average="macro"),
            "three": f1_score(gold, given, average="macro", labels=[label for label in (0, 1, 2) if label in gold + given], zero_division=0),
            "kappa": cohen_kappa_score(gold, given),
            "brier": brier_score_loss(gold, probabilities, labels=[0, 1, 2, 3], scale_by_half=False),
        })  # fmt: skip
    return cases


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    draw = random.Random(20220217)
    root = pathlib.Path(__file__).parents[2]
    words = sorted(set((root / "LICENSE").read_text(encoding="utf-8").split()))
    stemmed = sorted({random_word(draw).lower() for _ in range(1500)} | {re.sub("[^a-z]", "", w.lower()) for w in words} - {""})
    fixtures = {
        "stems": {word: PorterStemmer().stem(word) for word in stemmed + ["skies", "dying", "news", "innings", "yyyy", "say", "ee"]},
        "rouge": rouge_pairs(draw, words, 520),
        "rouge_multi": multiple(draw, words, 60),
        "taggings": taggings(draw, 600),
        "classification": classifications(draw, 100),
    }
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "metrics.json").write_text(json.dumps(fixtures, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
