"""`python -m wirelens …` runs the program that this package uses."""

import os
import subprocess
import sys

from .errors import ProgramNotFound
from .program import find_program


def main() -> int:
    try:
        program = find_program()
    except ProgramNotFound as error:
        print(f"wirelens: {error}", file=sys.stderr)
        return 2
    command = [program, *sys.argv[1:]]
    if os.name == "posix":
        os.execv(program, command)
    return subprocess.run(command).returncode


if __name__ == "__main__":
    sys.exit(main())
