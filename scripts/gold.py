"""Turns an annotator's sheets into a gold file: `gold.py TEXT SENTENCES MARKED SHEET QUOTES > gold.json`.

Annotators write three sheets for an article; nobody types an offset.

MARKED is the article's text with every named entity in double brackets, `[[surface|TYPE]]`, or `[[surface|TYPE|name]]`
where the mention belongs to an entity of another name: `[[Macron|PER|Emmanuel Macron]]`. Without the brackets it must
be the article, character for character.

SHEET is JSON, with sentences given by their numbers in SENTENCES (one numbered sentence a line):

    {"facts": [{"id": "f1", "weight": 3, "fact": "France leaves Mali.", "support": [1, 3]}],
     "summaries": {"sentence": {"text": "…", "facts": ["f1"]}, "short": {…}, "long": {…}},
     "stance": {"withdrawal": {"label": "neutral", "sentences": {"3": {"label": "against", "speaker": "Emmanuel Macron"}}}}}

QUOTES is JSON, too: a list of attributions. A place is its very words and which of their occurrences is meant, from 1:

    [{"content": [["“We cannot remain”", 1]], "cue": ["said", 3], "speaker": ["The president", 2],
      "name": "Emmanuel Macron", "direct": true}]

`cue`, `speaker` and `name` may be null. A target that no sentence mentions has the label `absent` and no sentences. What is
wrong is told on standard error, and nothing is written; `wirelens eval check` then checks the gold file itself.
"""

import json
import pathlib
import re
import sys

TARGETS = ["withdrawal", "junta", "france", "mission", "wagner"]
MARK = re.compile(r"\[\[([^\[\]|]+)\|(PER|ORG|LOC|MISC)(?:\|([^\[\]|]+))?\]\]")


def read_marks(marked: str, text: str) -> list[dict]:
    plain, mentions, at = "", [], 0
    for mark in MARK.finditer(marked):
        plain += marked[at : mark.start()]
        surface, kind, name = mark.groups()
        mentions.append((len(plain), len(plain) + len(surface), surface, kind, name or surface))
        plain += surface
        at = mark.end()
    plain += marked[at:]
    if plain != text:
        differs = next((i for i, (a, b) in enumerate(zip(plain, text)) if a != b), min(len(plain), len(text)))
        sys.exit(f"the marked text departs from the article at character {differs}: "
                 f"{plain[differs - 20:differs + 20]!r} where the article has {text[differs - 20:differs + 20]!r}")  # fmt: skip
    entities: dict[str, dict] = {}
    for start, end, surface, kind, name in mentions:
        entity = entities.setdefault(name, {"name": name, "type": kind, "mentions": []})
        if entity["type"] != kind:
            sys.exit(f"'{name}' is {entity['type']} and, at character {start}, {kind}")
        entity["mentions"].append({"start": start, "end": end, "text": surface})
    for name in entities:
        if name not in text:
            sys.exit(f"the entity's name '{name}' is not in the text")
    return list(entities.values())


def read_quotes(quotes: list[dict], text: str) -> list[dict]:
    """Attributions with their places as offsets, in the order of their contents."""

    def place(words: str, occurrence: int) -> dict:
        start = -1
        for _ in range(occurrence):
            start = text.find(words, start + 1)
            if start < 0:
                sys.exit(f"the article does not have {words!r} {occurrence} times")
        return {"start": start, "end": start + len(words), "text": words}

    found = []
    for quote in quotes:
        if quote["name"] is not None and quote["name"] not in text:
            sys.exit(f"the speaker's name {quote['name']!r} is not in the text")
        content = sorted((place(*part) for part in quote["content"]), key=lambda part: part["start"])
        places = {part: quote[part] and place(*quote[part]) for part in ("cue", "speaker")}
        found.append({"content": content} | places | {"name": quote["name"], "direct": quote["direct"]})
    return sorted(found, key=lambda quote: (quote["content"][0]["start"], -quote["content"][-1]["end"]))


def read_sentences(numbered: str, text: str) -> dict[int, dict]:
    sentences, at = {}, 0
    for line in filter(str.strip, numbered.splitlines()):
        found = re.fullmatch(r"\s*(\d+)\s+(.*)", line)
        if found is None:
            sys.exit(f"'{line}' is not a number and a sentence")
        number, sentence = found.groups()
        start = text.index(sentence, at)
        at = start + len(sentence)
        sentences[int(number)] = {"start": start, "end": at, "text": sentence}
    return sentences


def main() -> None:
    paths = [pathlib.Path(argument) for argument in sys.argv[1:]]
    text, numbered, marked, sheet, quotes = (path.read_bytes().decode("utf-8") for path in paths)
    sentences = read_sentences(numbered, text)
    sheet = json.loads(sheet)

    def sentence(number) -> dict:
        if int(number) not in sentences:
            sys.exit(f"there is no sentence {number}")
        return sentences[int(number)]

    facts = [fact | {"support": [sentence(n) for n in fact["support"]]} for fact in sheet["facts"]]
    if set(sheet["stance"]) != set(TARGETS) or set(sheet["summaries"]) != {"sentence", "short", "long"}:
        sys.exit(f"stance needs {TARGETS}; summaries need sentence, short and long")
    stance = []
    for target in TARGETS:
        judged = sheet["stance"][target]
        found = [
            sentence(n) | {"label": judgement["label"], "speaker": judgement["speaker"]}
            for n, judgement in sorted(judged["sentences"].items(), key=lambda item: int(item[0]))
        ]
        if (judged["label"] == "absent") != (not found):
            sys.exit(f"{target} is {judged['label']} with {len(found)} sentences")
        stance.append({"target": target, "label": judged["label"], "sentences": found})
    known = {fact["id"] for fact in facts}
    summaries = []
    for length, words in [("sentence", (1, 35)), ("short", (50, 70)), ("long", (105, 135))]:
        summary = {"length": length} | sheet["summaries"][length]
        count = len(summary["text"].split())
        if not words[0] <= count <= words[1]:
            sys.exit(f"the summary '{length}' has {count} words; it should have {words[0]} to {words[1]}")
        if unknown := set(summary["facts"]) - known:
            sys.exit(f"the summary '{length}' lists unknown facts {sorted(unknown)}")
        summaries.append(summary)
    gold = {"schema_version": 1, "id": paths[0].stem, "characters": len(text), "entities": read_marks(marked, text),
            "facts": facts, "summaries": summaries, "stance": stance, "quotes": read_quotes(json.loads(quotes), text)}  # fmt: skip
    json.dump(gold, sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
