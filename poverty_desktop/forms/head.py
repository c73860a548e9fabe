"""Which form an XForm is, without reading all of it; and which of two versions is the later."""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree.ElementTree import ParseError, iterparse

from poverty_desktop.domain.problems import KnownProblem

VersionKey = tuple[tuple[int, int, str], ...]


def head(xml: bytes) -> tuple[str, str]:
    """(form id, version) from the primary instance. Raises KnownProblem "forms.not_an_xform" (reason)."""
    inside = False
    try:
        for _, element in iterparse(BytesIO(xml), events=("start",)):
            if inside:
                return element.get("id", ""), element.get("version", "")
            inside = element.tag.rpartition("}")[2] == "instance"
    except ParseError as error:
        raise KnownProblem("forms.not_an_xform", reason=str(error)) from error
    raise KnownProblem("forms.not_an_xform", reason="instance")


def version_key(version: str) -> VersionKey:
    """Versions in order: runs of digits as numbers, the rest as text ("2026112302", "1.10" after "1.9")."""
    parts = re.findall(r"[0-9]+|[^0-9]+", version)
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts)
