"""Labels of *positions*: what sentences say for or against targets, whoever is told to say so (eval/GUIDE.md, section 4).

An angry sentence about those who hinder a plan is in favor of the plan: that is its position. The head `stance` learns something
else from NewsMTSC, the tone towards a person or an organisation.

The labels are in `positions.json`: for each article, by set and id, targets with the words that mention them, the places and
labels of the sentences that do, and the overall label; labels are indices of `data.STANCES`. No texts. Language models read the
articles and labelled them one by one under section 4 of the guide. Only the first 28 sentences of an article were read, and none
mentions Mali. One article in five, by a hash of its name, is held out.

`contrasts.jsonl` has *contrast sets* (Gardner et al. 2020): groups of three sentences that are alike, of which one is against, one
neutral and one in favor of the same target. Language models wrote them, about invented events, because natural sentences teach
too little of denials ("rejected criticism of the dam" is in favor of it) and of actions against actions ("voted down a ban"). One
group in five is held out.
"""

import json
import pathlib
import re
from dataclasses import dataclass

import data

LABELS = pathlib.Path(__file__).with_name("positions.json")
CONTRASTS = pathlib.Path(__file__).with_name("contrasts.jsonl")
READ = 28  # sentences of an article that were read


@dataclass
class Target:
    """A target in an article, and the sentences that mention it."""

    article: str
    kind: str  # person, body or matter
    aliases: tuple[str, ...]
    overall: int
    length: int  # sentences of the article that were read
    # (number of the sentence, the sentence with its mentions in `position`)
    sentences: list[tuple[int, data.Example]]


def pattern_of(aliases: list[str]) -> re.Pattern:
    """Whole words; an alias with a capital is found as it is written, another one in any case."""
    ordered = sorted(aliases, key=len, reverse=True)
    each = [re.escape(alias) if alias.lower() != alias else f"(?i:{re.escape(alias)})" for alias in ordered]
    return data.whole_words(each)


def read(folder: pathlib.Path, held_out: bool) -> list[Target]:
    """The targets of the articles that are held out, or of the others."""
    texts, found = data.texts_of(folder), []
    for name, targets in json.loads(LABELS.read_text(encoding="utf-8")).items():
        # A trial reads the first rows of most sets only.
        if data.is_held_out(name, one_in=data.HELD_OUT) != held_out or name not in texts:
            continue
        spans = data.sentences(texts[name])[:READ]
        number = {start: n for n, (start, _) in enumerate(spans)}
        for target in targets:
            pattern = pattern_of(target["aliases"])
            sentences = []
            for start, end, label in target["sentences"]:
                sentence = texts[name][start:end]
                mentions = [(*match.span(), label) for match in pattern.finditer(sentence)]
                if mentions:
                    example = data.Example("positions", sentence, position=mentions, weight=1 / len(mentions), article=name)
                    sentences.append((number[start], example))
            if sentences:
                found.append(Target(name, target["kind"], tuple(target["aliases"]), target["overall"], len(spans), sentences))
    return found


def but_persons(targets: list[Target]) -> list[Target]:
    """Those of which `src/analyzer/stances.rs` asks positions; of persons it asks the tone."""
    return [target for target in targets if target.kind != "person"]


def matters(folder: pathlib.Path) -> re.Pattern:
    """Finds what people are for or against, and what is neither a person nor a body: "the carbon tax"."""
    aliases = {target.aliases for target in read(folder, held_out=False) if target.kind == "matter"}
    return pattern_of([alias for each in aliases for alias in each])


def read_examples(folder: pathlib.Path, held_out: bool) -> list[data.Example]:
    """The sentences, each once, with its mentions of all targets; one target counts as much as another."""
    found: dict[str, data.Example] = {}
    targets: dict[str, int] = {}
    for target in read(folder, held_out):
        for _, each in target.sentences:
            example = found.setdefault(each.text, data.Example("positions", each.text, article=each.article))
            example.position += each.position
            targets[each.text] = targets.get(each.text, 0) + 1
    for sentence, example in found.items():
        example.weight = targets[sentence] / len(example.position)
    return list(found.values())


def read_contrasts(held_out: bool) -> list[data.Example]:
    """The sentences of the groups that are held out, or of the others."""
    found = []
    for row in data.rows(CONTRASTS):
        if data.is_held_out(f"contrasts {row['group']}", one_in=data.HELD_OUT) == held_out:
            start = row["sentence"].index(row["target"])
            mention = (start, start + len(row["target"]), data.STANCES.index(row["label"]))
            found.append(data.Example("contrasts", row["sentence"], position=[mention]))
    return found
