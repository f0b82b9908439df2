#!/usr/bin/env python3
"""Builds a wheel of the Python package with the program, libtorch and the compact pack in it.

    make wheel                      builds out/wirelens-VERSION-py3-none-PLATFORM.whl
    python3 scripts/wheel.py --program PATH

PLATFORM is the oldest Linux that has what the program and its libraries take from glibc, as `manylinux_2_N`. auditwheel
has the last word: the wheel is deleted if it finds that another tag is right. For older systems, build on an older system.
"""

import argparse
import os
import pathlib
import platform
import re
import sys

import bundle
from crates import crates

PACKAGE = bundle.ROOT / "bindings/python"


def build(tree: pathlib.Path, version: str, platform_tag: str, out: pathlib.Path) -> pathlib.Path:
    """The wheel of the package with `tree` in it."""
    environment = os.environ | {"WIRELENS_BUNDLE": str(tree.resolve()), "WIRELENS_BUNDLE_PLATFORM": platform_tag}
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", out.resolve()]
    bundle.run(*command, cwd=PACKAGE, env=environment)
    wheel = out / f"wirelens-{version}-py3-none-{platform_tag}.whl"
    if not wheel.exists():
        bundle.stop(f"{wheel.name} was not built: has the package in {PACKAGE} the version of the program, {version}?")
    return wheel


def audited_tag(wheel: pathlib.Path) -> str:
    """The platform tag that auditwheel thinks right."""
    said = bundle.run(sys.executable, "-m", "auditwheel", "show", wheel)
    found = re.search(r'consistent with\s+the following platform tag:\s+"([^"]+)"', said)
    if found is None:
        bundle.stop(f"auditwheel does not say which platform {wheel.name} is for:\n{said}")
        raise AssertionError
    return found.group(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=bundle.PROGRAM)
    parser.add_argument("--pack", type=pathlib.Path, default=bundle.ROOT / "models/compact")
    parser.add_argument("--out", type=pathlib.Path, default=bundle.ROOT / "out")
    args = parser.parse_args()
    tree = args.out / "wheel-tree"
    bundle.check_program(args.program)
    binaries = bundle.stage(args.program, args.pack, crates(), tree)
    major, minor = bundle.glibc(binaries)
    wheel = build(tree, bundle.version(args.program), f"manylinux_{major}_{minor}_{platform.machine()}", args.out)
    wanted = audited_tag(wheel)
    if wanted not in wheel.name:
        wheel.unlink()
        bundle.stop(f"{wheel.name} was deleted: auditwheel finds that its platform is {wanted}")
    print(f"{wheel}: {wheel.stat().st_size / 1e6:.0f} MB, for {wanted}")


if __name__ == "__main__":
    main()
