"""Where the program's own data files are: in the source tree, in a wheel, or beside the frozen program."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from poverty_desktop.domain.texts import Language, Texts


def resources_root() -> Path:
    """The folder `resources`. Three cases: frozen (PyInstaller), wheel (mapped into the package), source tree."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parent.parent
    inside_wheel = package / "resources"
    return inside_wheel if inside_wheel.is_dir() else package.parent / "resources"


def resource(*parts: str) -> Path:
    return resources_root().joinpath(*parts)


def load_json(*parts: str) -> Any:
    return json.loads(resource(*parts).read_text(encoding="utf-8"))


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    for file in sorted(resource("texts").glob("*.json")):
        merged.update(json.loads(file.read_text(encoding="utf-8")))
    return merged


def load_texts(language: Language = "vi") -> Texts:
    """The whole catalogue of words in one language. The files are read once; they never change while the program runs."""
    return Texts(language, _catalogue())
