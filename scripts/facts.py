"""Turns an annotator's sheet of facts across articles into gold: `facts.py SENTENCES SHEET ARTICLES > facts.json`.

SENTENCES has a line `=== A id` before each article and then one numbered sentence a line (`A3 …`), white space as single
blanks. SHEET is JSON: {"facts": [{"fact": "…", "sentences": ["A3", "B1"]}], "differences": [{"question": "…",
"sides": [{"value": "…", "sentences": ["A3"]}]}]}. ARTICLES is the folder of the texts. Nobody types an offset.
"""

import json
import pathlib
import re
import sys


def read_sentences(numbered: str, folder: pathlib.Path) -> dict[str, dict]:
    found, text, article, at = {}, "", "", 0
    for line in filter(str.strip, numbered.splitlines()):
        if head := re.fullmatch(r"=== \w+ (\S+).*", line):
            article, at = head[1], 0
            text = (folder / f"{article}.txt").read_bytes().decode("utf-8")
            continue
        number, sentence = line.split(" ", 1)
        match = re.compile(r"\s+".join(map(re.escape, sentence.split()))).search(text, at)
        if not match:
            sys.exit(f"{number} is not in {article} behind the sentence before it")
        at = match.end()
        found[number] = {"article": article, "start": match.start(), "end": match.end(), "text": match[0]}
    return found


def main() -> None:
    sentences_file, sheet_file, folder = map(pathlib.Path, sys.argv[1:])
    sentences = read_sentences(sentences_file.read_text(encoding="utf-8"), folder)
    sheet = json.loads(sheet_file.read_text(encoding="utf-8"))

    def places(numbers: list[str]) -> list[dict]:
        if unknown := [number for number in numbers if number not in sentences]:
            sys.exit(f"there are no sentences {unknown}")
        return [sentences[number] for number in numbers]

    facts = [{"fact": fact["fact"], "sentences": places(fact["sentences"])} for fact in sheet["facts"]]
    for fact in facts:
        if len({sentence["article"] for sentence in fact["sentences"]}) < 2:
            sys.exit(f"only one article carries '{fact['fact']}'")
    differences = [
        {"question": difference["question"],
         "sides": [{"value": side["value"], "sentences": places(side["sentences"])} for side in difference["sides"]]}
        for difference in sheet["differences"]
    ]  # fmt: skip
    json.dump({"schema_version": 1, "facts": facts, "differences": differences}, sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
