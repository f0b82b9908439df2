"""Sees to it that there is a Java 17 or later, which Spark 4 runs on.

Java is no Python package. Where it is missing and this is root with apt-get, as in a container, it is installed; else
this says what to install, and stops.
"""

import os
import re
import shutil
import subprocess
import sys

PACKAGE = "default-jre-headless"
ADVICE = f"install a Java of version 17 or 21 (Debian, Ubuntu: apt-get install {PACKAGE})"


def version() -> int:
    """0 where there is none."""
    home = os.environ.get("JAVA_HOME")
    java = os.path.join(home, "bin", "java") if home else shutil.which("java")
    if not java or not os.path.exists(java):
        return 0
    printed = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
    found = re.search(r'version "(\d+)', printed)
    return int(found.group(1)) if found else 0


def main() -> None:
    if version() == 0 and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"spark: there is no Java; installing {PACKAGE} with apt-get", file=sys.stderr, flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", PACKAGE], env=quiet)
    found = version()
    if found < 17:
        what = f"Java {found} is too old" if found else "'java' was not found"
        sys.exit(f"spark: {what}: {ADVICE}, then run this again")


if __name__ == "__main__":
    main()
