#!/usr/bin/env python3
"""Puts the real output of every `$ wirelens …` example into the README files. Run after `make build`, in the checkout.

`tests/readme.rs` checks that the outputs stay true.
"""

import pathlib
import re
import shlex
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent


def answer(block: re.Match) -> str:
    command = block.group(1)
    arguments = shlex.split(command)
    program = ROOT / "target" / "release" / arguments[0]
    # In single precision, so that every machine prints the same; a later flag wins where one is given.
    fixed = "--precision" in arguments or arguments[1:3] == ["eval", "check"]
    precision = [] if fixed else ["--precision", "f32"]
    run = subprocess.run([program, *arguments[1:], *precision], cwd=ROOT, capture_output=True, text=True, check=True)
    output = run.stdout.replace(str(ROOT) + "/", "").rstrip()
    return f"```console\n$ {command}\n{output}\n```"


def main() -> None:
    for readme in (ROOT / "README.md", ROOT / "eval" / "README.md"):
        text = readme.read_text(encoding="utf-8")
        readme.write_text(re.sub(r"```console\n\$ (.*)\n(?:[^`]*\n)?```", answer, text), encoding="utf-8")


if __name__ == "__main__":
    main()
