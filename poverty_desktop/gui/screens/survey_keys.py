"""The keys of the survey for the F1 panel: (key, name of its words `survey.key_<name>`)."""

from __future__ import annotations

from typing import Final

SURVEY_KEYS: Final = (
    ("Enter", "next"),
    ("Shift+Enter", "back"),
    ("1 2 3 …", "choose"),
    ("PgUp PgDn", "sections"),
    ("F6", "go_to"),
    ("Ctrl+D", "repeat"),
    ("F2", "edit"),
    ("Esc", "as_it_was"),
    ("Ctrl+Z", "undo"),
    ("Ctrl+Y", "redo"),
    ("Ctrl+N", "note"),
    ("Ctrl+Ins Ctrl+Del", "lines"),
    ("F5", "as_last_year"),
    ("Ctrl+F5", "change_version"),
    ("F7", "try"),
    ("Shift+F7", "why"),
    ("Ctrl+F7", "other_standard"),
    ("F8", "goes_on"),
    ("F9", "confirm"),
    ("Ctrl+S", "save"),
    ("Ctrl+Enter", "finish"),
)
