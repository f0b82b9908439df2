#!/usr/bin/env python3
"""Writes the output of every `$ wirelens …` example into the documents that have examples.

Run it in the checkout after `make build`. An example is a block that begins with "```console" and has one command in its
first line; the rest of the block is replaced. `tests/integration/readme.rs` checks that the outputs are still right.
"""

import pathlib
import re
import shlex
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLE = re.compile(r"^```console\n\$ (.*)\n(?:.*\n)*?```$", re.MULTILINE)


def documents() -> list[pathlib.Path]:
    """The documents that may have examples; `tests/integration/readme.rs` has the same list."""
    return [ROOT / "README.md", ROOT / "eval" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def run(example: re.Match[str]) -> str:
    """The example with the output of its command."""
    command = example.group(1)
    program, *arguments = shlex.split(command)
    # Single precision gives the same output on every machine. `eval check` uses no model and has no such option.
    if "--precision" not in arguments and arguments[:2] != ["eval", "check"]:
        arguments += ["--precision", "f32"]
    path = ROOT / "target" / "release" / program
    ended = subprocess.run([path, *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    output = ended.stdout.replace(f"{ROOT}/", "").rstrip()
    return f"```console\n$ {command}\n{output}\n```"


def main() -> None:
    for document in documents():
        text = document.read_text(encoding="utf-8")
        document.write_text(EXAMPLE.sub(run, text), encoding="utf-8")


if __name__ == "__main__":
    main()
