#!/usr/bin/env python3
"""Runs the tests of the HTML pages in headless Chromium, and installs first what they need.

    python3 tests/browser/run.py [options of pytest]

The Python packages go into `.venv-browser`; Chromium is the system's, installed by apt-get where it is missing and the
user may. Where that cannot be done, the tests are skipped and the message says why; with `CI` or `WIRELENS_REQUIRE_BROWSER`
in the environment they fail instead. The program must have been built (`make build`). Standard library only.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
VENV = ROOT / ".venv-browser"
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


def packages() -> None:
    """Installs the packages of requirements.txt, unless this very list is installed already."""
    wanted, installed = HERE / "requirements.txt", VENV / "installed.txt"
    if installed.exists() and installed.read_bytes() == wanted.read_bytes():
        return
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    subprocess.run([VENV / "bin/python", "-m", "pip", "install", "--quiet", "--requirement", str(wanted)], check=True)
    shutil.copy(wanted, installed)


def browser() -> str:
    """The path of Chromium."""
    def found() -> "str | None":
        return next(filter(None, map(shutil.which, [os.environ.get("CHROMIUM", ""), *BROWSERS])), None)

    if not found() and shutil.which("apt-get") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"]):
            subprocess.run(["apt-get", *arguments], check=True, stdout=subprocess.DEVNULL, env=environment)
    path = found()
    if not path:
        raise OSError("no Chromium found; install it (Debian: apt-get install chromium), or set CHROMIUM to its path")
    return path


def main() -> int:
    try:
        packages()
        chromium = browser()
    except (OSError, subprocess.CalledProcessError) as error:
        if os.environ.get("CI") or os.environ.get("WIRELENS_REQUIRE_BROWSER"):
            print(f"the tests of the pages could not be set up: {error}", file=sys.stderr)
            return 1
        print(f"SKIPPED: the tests of the pages in a browser: {error}", file=sys.stderr)
        return 0
    command = [VENV / "bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", str(HERE), *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "CHROMIUM": chromium}).returncode


if __name__ == "__main__":
    sys.exit(main())
