"""Keyword arguments of `analyze` as options of `wirelens batch`."""

import json
import os
import pathlib
import tempfile
from typing import Iterable, List, Mapping, Optional, Union

# One name, several names, names with the words that articles use for them, or the path of a TOML file with [targets].
Targets = Union[str, "os.PathLike[str]", Iterable[str], Mapping[str, Union[str, Iterable[str]]]]
Path = Union[str, "os.PathLike[str]"]


def options(
    tasks: Union[str, Iterable[str], None],
    pack: Optional[Path],
    device: Optional[str],
    precision: Optional[str],
    threads: Optional[int],
    sentences: Optional[int],
    words: Optional[int],
    html: str,
    with_text: bool,
) -> List[str]:
    """The words of the command line; values are checked by the program."""
    values = {
        "--tasks": tasks if tasks is None or isinstance(tasks, str) else ",".join(tasks),
        "--pack": None if pack is None else os.fspath(pack),
        "--device": device,
        "--precision": precision,
        "--threads": threads,
        "--sentences": sentences,
        "--words": words,
        "--html-fields": html,
    }
    # NAME=VALUE in one word, so that no value can be taken for an option.
    found = [f"{name}={value}" for name, value in values.items() if value is not None]
    return found + ["--with-text"] * with_text


def targets_as_toml(targets: Union[str, Iterable[str], Mapping[str, Union[str, Iterable[str]]]]) -> str:
    """The text of a file for `--targets`: names and aliases may then have any sign in them.

    Raises:
        TypeError: a name or an alias is no string.
    """
    if isinstance(targets, str):
        targets = [targets]
    if not isinstance(targets, Mapping):
        targets = {name: name for name in targets}
    lines = ["[targets]"]
    for name, aliases in targets.items():
        words = [aliases] if isinstance(aliases, str) else list(aliases)
        lines.append(f"{_toml_string(name)} = [{', '.join(map(_toml_string, words))}]")
    return "\n".join(lines) + "\n"


def write_targets(text: str) -> pathlib.Path:
    """Writes the text of a file of targets to a temporary file, which the caller has to delete."""
    descriptor, path = tempfile.mkstemp(prefix="wirelens-targets-", suffix=".toml")
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return pathlib.Path(path)


def _toml_string(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"the names and aliases of targets are strings, and {text!r} is none")
    # A string of JSON is one of TOML, but for the sign DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
