"""The crates that are part of the program, as cargo knows them."""

import json
import pathlib
import subprocess
import tomllib
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent

LICENCES = ("LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE")


@dataclass(frozen=True)
class Crate:
    name: str
    version: str
    licence: str | None
    repository: str | None
    folder: pathlib.Path
    sha256: str | None
    # Indices of the crates that it uses.
    uses: tuple[int, ...]


def output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def crates() -> list[Crate]:
    """The program's own crate, and after it all that are compiled into it on this system (without those that only build it)."""
    host = next(line.split()[1] for line in output("rustc", "-vV").splitlines() if line.startswith("host:"))
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", host]
    metadata = json.loads(output(*command))
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    order = {metadata["resolve"]["root"]: 0}
    uses: list[tuple[int, ...]] = []
    for package in (queue := list(order)):
        used = [use["pkg"] for use in nodes[package]["deps"] if any(kind["kind"] is None for kind in use["dep_kinds"])]
        for name in used:
            if name not in order:
                order[name] = len(order)
                queue.append(name)
        uses.append(tuple(order[name] for name in used))
    packages = {package["id"]: package for package in metadata["packages"]}
    locked = tomllib.loads((ROOT / "Cargo.lock").read_text(encoding="utf-8"))["package"]
    sums = {(package["name"], package["version"]): package.get("checksum") for package in locked}
    return [crate(packages[package], uses[i], sums) for package, i in order.items()]


def crate(package: dict, uses: tuple[int, ...], sums: dict) -> Crate:
    # `MIT/Apache-2.0` is how "or" was written before SPDX expressions.
    licence = package["license"] and package["license"].replace("/", " OR ")
    name, version, folder = package["name"], package["version"], pathlib.Path(package["manifest_path"]).parent
    return Crate(name, version, licence, package["repository"], folder, sums.get((name, version)), uses)


def licence_texts(found: list[Crate]) -> str:
    """The licences of crates, each different text once, with the crates that have it."""
    holders: dict[str, list[str]] = {}
    without = []
    for each in found:
        files = [path for path in sorted(each.folder.iterdir()) if path.is_file() and path.name.upper().startswith(LICENCES)]
        for file in files:
            text = file.read_text(encoding="utf-8", errors="replace").strip()
            holders.setdefault(text, []).append(f"{each.name} {each.version} ({file.name})")
        if not files:
            without.append(f"{each.name} {each.version}: {each.licence}")
    parts = [f"{', '.join(names)}\n\n{text}" for text, names in holders.items()]
    if without:
        parts.append("These crates have no file with a licence; their manifests name one:\n\n" + "\n".join(without))
    return f"\n\n{'=' * 80}\n\n".join(parts) + "\n"
