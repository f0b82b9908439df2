#!/usr/bin/env python3
"""Packs the program, libtorch and the compact pack into one archive that runs on another machine of the same system.

    make dist                       builds out/wirelens-VERSION-SYSTEM-MACHINE.tar.gz, and its SHA-256 beside it
    python3 scripts/dist.py --program PATH

In the archive: bin/, lib/, share/ with the model, manual pages and completions, licences/ (bundle.py), README.txt,
sbom.cdx.json (CycloneDX) and SHA256SUMS. From the same program and commit the archive is the same, byte for byte.
"""

import argparse
import datetime
import gzip
import os
import pathlib
import platform
import tarfile

import bundle
import sbom
import setup
from crates import crates

SHELLS = {"bash": "share/bash-completion/completions/wirelens", "zsh": "share/zsh/site-functions/_wirelens",
          "fish": "share/fish/vendor_completions.d/wirelens.fish"}  # fmt: skip
README = """Wirelens {version} for {system}, with libtorch and the model compact.

It needs glibc {glibc} or later and libstdc++ (Debian: libstdc++6), and nothing else:

    bin/wirelens analyze article.txt
    bin/wirelens --help

The folder can be anywhere, and linked to from a folder of PATH. `sha256sum --check SHA256SUMS` checks it.
sbom.cdx.json lists all that it is made of; licences/ has the licences.
"""


def moment() -> datetime.datetime:
    """When the commit was made; `SOURCE_DATE_EPOCH` overrides it."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or bundle.run("git", "log", "-1", "--format=%ct", cwd=bundle.ROOT)
    return datetime.datetime.fromtimestamp(int(seconds), datetime.UTC)


def add_generated(program: pathlib.Path, folder: pathlib.Path) -> None:
    """The manual pages and the completions, from the program itself."""
    bundle.run(program, "man", "--output", folder / "share/man/man1")
    for shell, place in SHELLS.items():
        (folder / place).parent.mkdir(parents=True)
        (folder / place).write_text(bundle.run(program, "completions", shell), encoding="utf-8")


def write_sums(folder: pathlib.Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{setup.sha256(path)}  {path.relative_to(folder)}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def pack(folder: pathlib.Path, archive: pathlib.Path, when: datetime.datetime) -> None:
    """The folder as a .tar.gz, in which nothing tells who made it and when."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mtime = int(when.timestamp())
        member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
        return member

    with (
        open(archive, "wb") as file,
        gzip.GzipFile("", "wb", 6, file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        tar.add(folder, folder.name, filter=plain)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=bundle.PROGRAM)
    parser.add_argument("--pack", type=pathlib.Path, default=bundle.ROOT / "models/compact")
    parser.add_argument("--out", type=pathlib.Path, default=bundle.ROOT / "out")
    args = parser.parse_args()
    bundle.check_program(args.program)
    version, system = bundle.version(args.program), f"{platform.system().lower()}-{platform.machine()}"
    folder = args.out / f"wirelens-{version}-{system}"
    found = crates()
    binaries = bundle.stage(args.program, args.pack, found, folder)
    add_generated(args.program, folder)
    glibc = ".".join(map(str, bundle.glibc(binaries)))
    (folder / "README.txt").write_text(README.format(version=version, system=system, glibc=glibc), encoding="utf-8")
    (folder / "sbom.cdx.json").write_text(sbom.bill(found, args.pack, moment()), encoding="utf-8")
    write_sums(folder)
    archive = folder.with_name(f"{folder.name}.tar.gz")
    pack(folder, archive, moment())
    archive.with_name(f"{archive.name}.sha256").write_text(f"{setup.sha256(archive)}  {archive.name}\n", encoding="utf-8")
    print(f"{archive}: {archive.stat().st_size / 1e6:.0f} MB; needs glibc {glibc} or later")


if __name__ == "__main__":
    main()
