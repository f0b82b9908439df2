"""Training text: entity sentences and stance mentions, and the augmentations that bring them closer to real articles.

Every example ends as plain text with character spans, so that training, evaluation and the reader in
Rust see text in one and the same way. Spacing does not matter: BERT's pre-tokenizer splits at
punctuation whatever stands around it.
"""

import json
import pathlib
import random
from dataclasses import dataclass

ENTITY_TYPES = ["PER", "ORG", "LOC", "MISC"]
STANCES = ["against", "neutral", "favor"]
POLARITY = {-1: 0, 0: 1, 1: 2}
TYPE_OF = {
    "person": "PER", "politician": "PER", "organisation": "ORG", "politicalparty": "ORG",
    "location": "LOC", "country": "LOC", "misc": "MISC", "event": "MISC", "election": "MISC",
}  # fmt: skip


@dataclass
class Tagged:
    """A sentence of words with one BIO tag (`O`, `B-PER`, …) per word."""

    words: list[str]
    tags: list[str]

    def spans(self) -> list[tuple[int, int, str]]:
        """Entities as (first word, word after the last, type)."""
        found = []
        for i, tag in enumerate(self.tags):
            if tag.startswith("B-"):
                found.append((i, i + 1, tag[2:]))
            elif tag.startswith("I-"):
                first, _, kind = found.pop()
                found.append((first, i + 1, kind))
        return found

    def text(self) -> tuple[str, list[tuple[int, int, str]]]:
        """The words joined by blanks, and the entities as (start, end, type) in characters."""
        starts, at = [], 0
        for word in self.words:
            starts.append(at)
            at += len(word) + 1
        spans = [(starts[a], starts[b - 1] + len(self.words[b - 1]), kind) for a, b, kind in self.spans()]
        return " ".join(self.words), spans


@dataclass
class Judged:
    """A sentence with the mentions in it that annotators judged: (start, end, stance index)."""

    text: str
    mentions: list[tuple[int, int, int]]


def read_entities(path: pathlib.Path) -> list[Tagged]:
    sentences, words, tags = [], [], []
    for line in path.read_text(encoding="utf-8").splitlines() + [""]:
        if line.strip():
            word, tag = line.split("\t")
            words.append(word)
            tags.append(tag if tag == "O" else tag[:2] + TYPE_OF[tag[2:]])
        elif words:
            sentences.append(Tagged(words, tags))
            words, tags = [], []
    return sentences


def read_stance(path: pathlib.Path) -> list[Judged]:
    by_sentence: dict[str, list] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        mention = (row["from"], row["to"], POLARITY[int(row["polarity"])])
        by_sentence.setdefault(row["sentence"], []).append(mention)
    return [Judged(text, mentions) for text, mentions in by_sentence.items()]


class Augmenter:
    """Rewrites training sentences towards what articles contain and CoNLL-2003 lacks; seeded, one draw per sentence.

    Curly quotation marks, headlines in capitals or title case, text without capitals, datelines of
    news agencies, hyphenated first names, acronyms written like words (Minusma), and names exchanged
    for others of the same type, so that the model reads the context and not only the name.
    """

    MONTHS = "January February March April May June July August September October November December".split()

    def __init__(self, sentences: list[Tagged], seed: int):
        self.random = random.Random(seed)
        self.names: dict[str, list[list[str]]] = {kind: [] for kind in ENTITY_TYPES}
        for sentence in sentences:
            for a, b, kind in sentence.spans():
                self.names[kind].append(sentence.words[a:b])
        self.first_names = [name[0] for name in self.names["PER"] if len(name) > 1 and name[0][1:].islower()]

    def __call__(self, sentence: Tagged) -> Tagged:
        words, tags = list(sentence.words), list(sentence.tags)
        pick = self.random.random
        if pick() < 0.30:
            words, tags = self.exchange(Tagged(words, tags))
        if pick() < 0.04:
            words, tags = self.dateline(words, tags)
        if pick() < 0.30:
            words = [self.curly(word, i, words) for i, word in enumerate(words)]
        for i, word in enumerate(words):
            if tags[i].endswith("ORG") and word.isalpha() and word.isupper() and 3 < len(word) < 9 and pick() < 0.15:
                words[i] = word.capitalize()
            if tags[i] == "B-PER" and "-" not in word and i + 1 < len(tags) and tags[i + 1] == "I-PER" and pick() < 0.05:
                words[i] = word + "-" + self.random.choice(self.first_names)
        draw = pick()
        if draw < 0.05:
            words = [word.upper() for word in words]
        elif draw < 0.08:
            words = [word[:1].upper() + word[1:] for word in words]
        elif draw < 0.11:
            words = [word.lower() for word in words]
        return Tagged(words, tags)

    def exchange(self, sentence: Tagged) -> tuple[list[str], list[str]]:
        words, tags, at = [], [], 0
        for a, b, kind in sentence.spans():
            words += sentence.words[at:a]
            tags += sentence.tags[at:a]
            name = sentence.words[a:b]
            if self.random.random() < 0.5:
                name = self.random.choice(self.names[kind])
            words += name
            tags += ["B-" + kind] + ["I-" + kind] * (len(name) - 1)
            at = b
        return words + sentence.words[at:], tags + sentence.tags[at:]

    def dateline(self, words: list[str], tags: list[str]) -> tuple[list[str], list[str]]:
        place, agency = self.random.choice(self.names["LOC"]), self.random.choice(self.names["ORG"])
        if self.random.random() < 0.5:
            place = [word.upper() for word in place]
        place_tags = ["B-LOC"] + ["I-LOC"] * (len(place) - 1)
        agency_tags = ["B-ORG"] + ["I-ORG"] * (len(agency) - 1)
        month, day = self.random.choice(self.MONTHS), str(self.random.randint(1, 31))
        before = self.random.choice([
            (place + ["(", *agency, ")", "-"], place_tags + ["O", *agency_tags, "O", "O"]),
            (place + [",", month, day, ".", "/", *agency, "/", "."], place_tags + ["O"] * 5 + agency_tags + ["O", "O"]),
            (place + ["—"], place_tags + ["O"]),
            (place + [":"], place_tags + ["O"]),
        ])
        return before[0] + words, before[1] + tags

    @staticmethod
    def curly(word: str, i: int, words: list[str]) -> str:
        if word == '"':
            return "“" if words[:i].count('"') % 2 == 0 else "”"
        return word.replace("'", "’")
