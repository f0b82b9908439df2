"""Finds the program `wirelens`."""

import os
import pathlib
import shutil
from typing import Optional, Union

from .errors import ProgramNotFound

VARIABLE = "WIRELENS"
NAME = "wirelens.exe" if os.name == "nt" else "wirelens"
# Where a wheel that was built with the program keeps it.
BUNDLED = pathlib.Path(__file__).resolve().parent / "bin" / NAME


def find_program(program: Union[str, "os.PathLike[str]", None] = None) -> str:
    """The path of the program: `program` if given, else `$WIRELENS`, else the copy in this package, else from `PATH`.

    Raises:
        ProgramNotFound: there is none, or what was named cannot be run.
    """
    if program is not None:
        return _named(os.fspath(program), "program")
    if from_environment := os.environ.get(VARIABLE):
        return _named(from_environment, f"the environment variable {VARIABLE}")
    if BUNDLED.is_file():
        return str(BUNDLED)
    if on_path := shutil.which(NAME):
        return on_path
    raise ProgramNotFound(
        f"the program wirelens was not found: {VARIABLE} is not set, {BUNDLED} does not exist, and no folder of PATH "
        f"has it. Install a wheel that has the program, set {VARIABLE} to its path, or pass program=PATH"
    )


def _named(name: str, where: str) -> str:
    found: Optional[str] = shutil.which(name)
    if found is None:
        raise ProgramNotFound(f"{where} names {name!r}, and there is no such program that can be run")
    return found
