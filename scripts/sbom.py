"""A software bill of materials of the program, as CycloneDX: its crates, libtorch and the pack."""

import datetime
import pathlib
import platform
import tomllib
import uuid
from collections.abc import Iterable

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

import bundle
import setup
from crates import Crate

LIBTORCH_LICENCES = {"torch": "BSD-3-Clause"}
NVIDIA = "NVIDIA CUDA Toolkit EULA"


def component(kind: ComponentType, name: str, version: str, licence: str | None, purl: PackageURL | None, sha256: str | None) -> Component:
    return Component(
        type=kind,
        name=name,
        version=version,
        purl=purl,
        bom_ref=str(purl) if purl else f"{name}@{version}",
        licenses=[LicenseFactory().make_from_string(licence)] if licence else (),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256)] if sha256 else (),
    )


def of_crate(crate: Crate, kind: ComponentType) -> Component:
    purl = PackageURL("cargo", name=crate.name, version=crate.version)
    found = component(kind, crate.name, crate.version, crate.licence, purl, crate.sha256)
    if crate.repository:
        found.external_references.add(ExternalReference(type=ExternalReferenceType.VCS, url=XsUri(crate.repository)))
    return found


def of_libtorch() -> Iterable[Component]:
    """The wheels that libtorch was taken from."""
    wheels = [setup.TORCH[(platform.system(), platform.machine())]]
    if platform.machine() == "x86_64":
        wheels += setup.CUDA_STUBS
    for wheel in wheels:
        purl = PackageURL("pypi", name=wheel.package, version=wheel.version)
        licence = LIBTORCH_LICENCES.get(wheel.package, NVIDIA)
        yield component(ComponentType.LIBRARY, wheel.package, wheel.version, licence, purl, wheel.sha256)


def of_pack(pack: pathlib.Path) -> Component:
    manifest = tomllib.loads((pack / "pack.toml").read_text(encoding="utf-8"))
    weights = manifest["files"][manifest["encoder"]["weights"]]["sha256"]
    return component(ComponentType.MACHINE_LEARNING_MODEL, manifest["name"], manifest["version"], manifest["licence"], None, weights)


def bill(found: list[Crate], pack: pathlib.Path, moment: datetime.datetime) -> str:
    """The bill as JSON.

    Args:
        found: the crates, the program's own first.
        pack: the folder of the pack.
        moment: when the bill was made.
    """
    parts = [of_crate(each, ComponentType.APPLICATION if i == 0 else ComponentType.LIBRARY) for i, each in enumerate(found)]
    others = [*of_libtorch(), of_pack(pack)]
    bom = Bom(components=[*parts[1:], *others])
    bom.metadata.component = parts[0]
    bom.metadata.timestamp = moment
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, f"wirelens {found[0].version} {moment.isoformat()}")
    for part, each in zip(parts, found):
        bom.register_dependency(part, [parts[i] for i in each.uses] + (others if part is parts[0] else []))
    text: str = JsonV1Dot6(bom).output_as_string(indent=2)
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if error is not None:
        bundle.stop(f"the bill of materials is not valid: {error}")
    return text + "\n"
