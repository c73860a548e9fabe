"""Reads the reference data from `resources/`."""

from __future__ import annotations

from poverty_desktop.domain.reference import Reference
from poverty_desktop.domain.reference_parsing import parse_reference
from poverty_desktop.system.resources import load_json, resource

_FILES = ("units", "ethnic_groups", "people", "classes", "causes", "support")


def load_reference() -> Reference:
    """All reference data. About 200 KB of JSON; call it once, in the composition root."""
    standards = sorted(path.name for path in resource("standards").glob("*.json"))
    return parse_reference(
        {name: load_json("reference", f"{name}.json") for name in _FILES},
        [load_json("standards", name) for name in standards],
    )
