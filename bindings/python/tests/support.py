"""What the tests share: the program of the checkout, and stand-ins for it that misbehave."""

import os
import pathlib
import sys
import tempfile
import textwrap
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = pathlib.Path(os.environ.get("WIRELENS_TEST_PROGRAM", ROOT / "target/release/wirelens"))
ARTICLES = sorted((ROOT / "eval/articles").glob("*.txt"))


def texts() -> "list[str]":
    return [path.read_text(encoding="utf-8") for path in ARTICLES]


class WithProgram(unittest.TestCase):
    """Tests that run the real program. Without it they fail, and are not passed over."""

    @classmethod
    def setUpClass(cls) -> None:
        if not PROGRAM.is_file():
            raise AssertionError(f"{PROGRAM} is not there: run `make build` first, or set WIRELENS_TEST_PROGRAM")
        os.environ["WIRELENS"] = str(PROGRAM)


class WithStandIn(unittest.TestCase):
    """Tests with a small program in place of the real one."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def stand_in(self, body: str) -> str:
        """A program of Python; `answer(line)` makes an answer to an article."""
        path = self.folder / "wirelens"
        path.write_text(f"#!{sys.executable}\n{STAND_IN}\n{textwrap.dedent(body)}", encoding="utf-8")
        path.chmod(0o755)
        return str(path)


STAND_IN = """
import json, os, signal, sys, time
def answer(line, **changes):
    record = json.loads(line)
    found = dict(schema_version=1, id=record["id"], title=None, source=None, url=None, published=None, language="en",
                 characters=len(record["text"]), tokens=1, warnings=[])
    print(json.dumps({**found, **changes}), flush=True)
"""


def ends(pid: int, seconds: float = 10.0) -> bool:
    """Whether a process ends within this time. (A child that nobody waited for counts as ended, too.)"""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False
