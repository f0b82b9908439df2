"""Puts the program, its libraries and the pack into the wheel, where scripts/wheel.py asks for it.

Without that the wheel is pure Python, and the program is looked for elsewhere.
"""

import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Bundle(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        folder = os.environ.get("WIRELENS_BUNDLE")
        if folder:
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{os.environ['WIRELENS_BUNDLE_PLATFORM']}"
            build_data["force_include"][folder] = "wirelens"
