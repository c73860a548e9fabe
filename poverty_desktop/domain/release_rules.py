"""What must hold of a released questionnaire, wherever it comes from: laptop and province ask the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any


def is_sound(release: Mapping[str, Any]) -> bool:
    """Whether the form is what its hash says, and, once released, another account than its maker's checked it."""
    if hashlib.sha256(str(release.get("xform", "")).encode()).hexdigest() != release.get("form_hash"):
        return False
    checked_by = release.get("checked_by")
    return release.get("state", "proposed") != "released" or (bool(checked_by) and checked_by != release.get("made_by"))
