"""The examples of the documents print what those say. `python test_examples.py --write` brings them up to date."""

import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import unittest
from typing import Dict, Iterator, Tuple

import wirelens
from support import PROGRAM, ROOT, WithProgram

DOCUMENTS = [ROOT / "bindings/python/README.md", ROOT / "docs/python.md"]
# An example and its output.
BLOCKS = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


def output(code: str) -> str:
    """What an example prints in the checkout. In single precision, so that every machine prints the same."""
    source = pathlib.Path(wirelens.__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": str(source), "WIRELENS": str(PROGRAM), "WIRELENS_PRECISION": "f32"}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


def examples(document: pathlib.Path) -> Iterator[Tuple[str, str]]:
    for code, printed in BLOCKS.findall(document.read_text(encoding="utf-8")):
        if "to_pandas" in code and importlib.util.find_spec("pandas") is None:
            print(f"pandas is not installed: an example of {document.name} is skipped", file=sys.stderr)
            continue
        yield code, printed


class Examples(WithProgram):
    def test_examples_print_what_the_documents_say(self) -> None:
        seen: Dict[str, str] = {}
        for document in DOCUMENTS:
            for code, printed in examples(document):
                with self.subTest(document=document.name):
                    seen[code] = seen[code] if code in seen else output(code)
                    self.assertEqual(printed, seen[code])
        self.assertTrue(seen)


def write() -> None:
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for code, printed in examples(document):
            text = text.replace(f"{code}```\n\n```text\n{printed}```", f"{code}```\n\n```text\n{output(code)}```")
        document.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        unittest.main()
