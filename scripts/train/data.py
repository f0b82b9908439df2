"""Training text: the sets of `shared/data` as labelled sentences, and the augmentations of those with names.

Every set ends as `Example`s, plain text with character spans, so that training, evaluation and the reader in
Rust see text in one and the same way. Spacing does not matter: BERT's pre-tokenizer splits at
punctuation whatever stands around it. Articles are cut into sentences, which is how they are read.
"""

import csv
import functools
import hashlib
import itertools
import json
import os
import pathlib
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import sentencex

ENTITY_TYPES = ["PER", "ORG", "LOC", "MISC"]
NAMES = pathlib.Path(__file__).with_name("names.json")
HELD_OUT = 5  # one article or group in so many, of labels of our own
# Rows or sentences of each file to read, for a trial; 0 for all. Scores of so few say nothing.
FIRST = int(os.environ.get("TRIAL_ROWS") or 0)
STANCES = ["against", "neutral", "favor"]
QUOTE_PARTS = ["source", "cue", "content"]
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
class Example:
    """A sentence, and what one set of data knows about it. Spans are characters of `text`.

    What a set does not label is `None` or empty: no head learns from it, and none is told that there is nothing.
    """

    source: str
    text: str
    # (start, end, type) of every name
    names: list[tuple[int, int, str]] | None = None
    # (start, end, stance): the tone of the sentence towards a mention. A stance is an index in STANCES, or three
    # probabilities where a larger net said it.
    stance: list[tuple] = field(default_factory=list)
    # (holder start, holder end, target start, target end, stance): what a mention holds of another
    directed: list[tuple] = field(default_factory=list)
    # As `stance`: what the sentence says for or against what is mentioned, whoever is told to say so (`positions.py`).
    position: list[tuple] = field(default_factory=list)
    # As `stance`, with the label of the paragraph in which the sentence stands.
    paragraph: list[tuple] = field(default_factory=list)
    # kind in QUOTE_PARTS → (start, end) of every span of that kind
    quotes: dict[str, list[tuple[int, int]]] | None = None
    # What a larger net said of every word: "names" or "quotes" or both, each (words, 9) of probabilities.
    taught: dict = field(default_factory=dict)
    # The sentence vector of the base encoder, for the one of the pack to stay like it.
    vector: object = None
    # how much its stances count
    weight: float = 1.0
    article: str = ""


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
    return sentences[: FIRST or None]


def tagged_example(source: str, sentence: Tagged) -> Example:
    text, names = sentence.text()
    return Example(source, text, names=names)


def read_names(folder: pathlib.Path, held_out: bool) -> list[Example]:
    """Sentences of Inshorts, AllSides, FNC-1, CNN/DailyMail and PolNeAR with the names in them.

    Language models marked the names by reading, under section 1 of eval/GUIDE.md; the sentences of Inshorts are some of which an
    earlier pack was not sure. `names.json` has the places, and no texts. One article in five is held out.
    """
    texts, found = texts_of(folder), []
    for row in json.loads(NAMES.read_text(encoding="utf-8")):
        if row["id"] in texts and is_held_out(row["id"], one_in=HELD_OUT) == held_out:
            sentence = texts[row["id"]][row["start"] : row["end"]]
            found.append(Example("names", sentence, names=[tuple(name) for name in row["names"]], article=row["id"]))
    return found


@functools.cache
def texts_of(folder: pathlib.Path) -> dict[str, str]:
    """ "set id" → text, of the sets that labels of our own are of. An article of an event of AllSides is called by its number."""
    found: dict[str, str] = {}
    for event in rows(folder / "allsides_full/train.jsonl"):
        found |= {f"allsides_full {event['id']}/{n}": one["text"] for n, one in enumerate(event["articles"])}
    for name in ("cnndm_extra", "polnear", "inshorts"):
        found |= {f"{name} {row['id']}": row["text"] for row in rows(folder / name / "train.jsonl")}
    csv.field_size_limit(1 << 30)
    with open(folder / "fnc1/train_bodies.csv", encoding="utf-8", newline="") as file:
        found |= {f"fnc1 {row['Body ID']}": row["articleBody"] for row in csv.DictReader(file)}
    return found


def rows(path: pathlib.Path, wanted=None) -> list[dict]:
    """The rows of a file, or those of them for which `wanted` is true."""
    found = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return list(itertools.islice(filter(wanted, found), FIRST or None))


def read_stance(path: pathlib.Path) -> list[Example]:
    """NewsMTSC: the tone of a sentence towards mentions in it, those of one sentence together."""
    found: dict[str, Example] = {}
    for row in rows(path):
        example = found.setdefault(row["sentence"], Example("newsmtsc", row["sentence"]))
        example.stance.append((row["from"], row["to"], POLARITY[int(row["polarity"])]))
    return list(found.values())


def read_directed(path: pathlib.Path) -> list[Example]:
    """Directed sentiment: what a holder in the sentence thinks of a target in it."""
    found: dict[str, Example] = {}
    for row in rows(path):
        example = found.setdefault(row["sentence"], Example("dse", row["sentence"]))
        pair = (row["source_from"], row["source_to"], row["from"], row["to"])
        example.directed.append((*pair, POLARITY[row["polarity"]]))
    return list(found.values())


def sentences(text: str) -> list[tuple[int, int]]:
    """Sentences as (start, end): lines are paragraphs, and in them `sentencex` decides, as in `src/article/sentences.rs`."""
    found: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        inside = at
        for piece in sentencex.segment("en", line):
            bare = piece.strip()
            start = text.find(bare, inside, at + len(line)) if bare else -1
            if start < 0:
                continue
            inside = start + len(bare)
            if found and start > at and not any(c.isalnum() for c in bare):
                found[-1] = (found[-1][0], inside)
            else:
                found.append((start, inside))
        at += len(line) + 1
    return found


def is_held_out(name: str, one_in: int = 4) -> bool:
    """Whether an article or event is kept for measuring: one in so many, by a hash of its name."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % one_in == 0


def persons(folder: pathlib.Path, held_out: bool) -> list[dict]:
    """PerSenT's articles: those that are held out, or the others."""
    files = [folder / "persent" / name for name in ("dev.jsonl", "random_test.jsonl")]
    return [row for file in files for row in rows(file, lambda row: is_held_out(row["id"]) == held_out)]


def target_pattern(target: str) -> re.Pattern:
    """Finds a person by the whole name or by its last word, as whole words."""
    words = [word for word in re.findall(r"[^\W_][\w.'’-]*", target) if len(word) > 1]
    return whole_words(map(re.escape, [target] + ([words[-1]] if words else [])))


def whole_words(patterns: Iterable[str]) -> re.Pattern:
    """Finds any of the patterns where no word goes on before or behind it."""
    return re.compile(r"(?<!\w)(?:" + "|".join(patterns) + r")(?!\w)")


def read_persons(folder: pathlib.Path, held_out: bool) -> list[Example]:
    """PerSenT: sentences that name the article's main person, each with the label of its paragraph.

    That label is for the whole paragraph and often about what is told and not how it is told, so it has a head of
    its own: learned by the head of `stance`, it made that head worse on NewsMTSC.
    """
    found = []
    for row in persons(folder, held_out):
        pattern = target_pattern(row["target"])
        for paragraph in row["paragraphs"]:
            text, stance = row["text"][paragraph["from"] : paragraph["to"]], POLARITY[paragraph["polarity"]]
            for start, end in sentences(text):
                sentence = text[start:end]
                mentions = [(*match.span(), stance) for match in pattern.finditer(sentence)]
                if mentions:
                    share = 1 / len(mentions)
                    found.append(Example("persent", sentence, paragraph=mentions, weight=share, article=row["id"]))
    return found


def read_quotes(path: pathlib.Path) -> list[Example]:
    """PolNeAR, sentence by sentence: where the source, the cue and the content of attributions stand.

    A content that goes on over several sentences is cut at their ends.
    """
    found = []
    for row in rows(path):
        whole: dict[str, list[tuple[int, int]]] = {part: [] for part in QUOTE_PARTS}
        for quote in row["quotes"]:
            if "speaker_from" in quote:
                whole["source"].append((quote["speaker_from"], quote["speaker_to"]))
            if "cue_from" in quote:
                whole["cue"].append((quote["cue_from"], quote["cue_to"]))
            whole["content"] += [tuple(span) for span in quote["content_spans"]]
        for start, end in sentences(row["text"]):
            parts = {
                part: sorted({(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start})
                for part, spans in whole.items()
            }
            quotes = {part: outermost(spans) for part, spans in parts.items()}
            found.append(Example("polnear", row["text"][start:end], quotes=quotes, article=row["id"]))
    return found


def outermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest of spans that overlap, in order."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
        if all(end <= a or start >= b for a, b in kept):
            kept.append((start, end))
    return sorted(kept)


class MentionExchange:
    """Puts other names in place of judged ones, so that a stance is read from the words around a name.

    In three of ten sentences, one mention that begins with a capital becomes another such mention of the set; seeded.
    """

    SHARE = 0.3

    def __init__(self, examples: list[Example], seed: int):
        self.random = random.Random(seed)
        self.names = [name for e in examples for a, b, _ in e.stance if self.is_name(name := e.text[a:b])]

    @staticmethod
    def is_name(mention: str) -> bool:
        return mention[:1].isupper() and len(mention) > 3

    def __call__(self, example: Example) -> Example:
        if self.random.random() >= self.SHARE:
            return example
        start, end, stance = self.random.choice(example.stance)
        others = [span for span in example.stance if span[:2] != (start, end)]
        if not self.is_name(example.text[start:end]) or any(a < end and b > start for a, b, _ in others):
            return example
        name = self.random.choice(self.names)
        longer = len(name) - (end - start)
        moved = [(a + longer, b + longer, s) if a >= end else (a, b, s) for a, b, s in others]
        text = example.text[:start] + name + example.text[end:]
        return Example(example.source, text, stance=[*moved, (start, start + len(name), stance)])


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
        before = self.random.choice(
            [
                (place + ["(", *agency, ")", "-"], place_tags + ["O", *agency_tags, "O", "O"]),
                (place + [",", month, day, ".", "/", *agency, "/", "."], place_tags + ["O"] * 5 + agency_tags + ["O", "O"]),
                (place + ["—"], place_tags + ["O"]),
                (place + [":"], place_tags + ["O"]),
            ]
        )
        return before[0] + words, before[1] + tags

    @staticmethod
    def curly(word: str, i: int, words: list[str]) -> str:
        if word == '"':
            return "“" if words[:i].count('"') % 2 == 0 else "”"
        return word.replace("'", "’")
