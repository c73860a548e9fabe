"""`self-test`: what the installed program checks of itself, for users, CI and the installer alike."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from poverty_desktop.system.resources import load_json, load_texts, resource

Check = Callable[[], str]


def add_arguments(subparsers: Any) -> None:
    parser = subparsers.add_parser("self-test", help="what the program checks of itself")
    parser.add_argument("--json", action="store_true", help="JSON")


def run(args: argparse.Namespace) -> int:
    """Prints one line a check; 0 only if all of them held."""
    results = [_tried(name, check) for name, check in CHECKS.items()]
    if args.json:
        checks = [{"name": name, "ok": ok, "found": found} for name, ok, found in results]
        print(json.dumps({"ok": all(ok for _, ok, _ in results), "checks": checks}))
    else:
        for name, ok, found in results:
            print(f"{'ok  ' if ok else 'FAIL'} {name}: {found}")
    return 0 if all(ok for _, ok, _ in results) else 1


def _tried(name: str, check: Check) -> tuple[str, bool, str]:
    try:
        return name, True, check()
    except Exception as error:  # noqa: BLE001 - whatever a broken installation raises is the finding
        return name, False, f"{type(error).__name__}: {error}"


def _resources() -> str:
    units = load_json("reference", "units.json")
    forms = sorted(file.name for file in resource("forms").glob("*.x*"))
    standards = sorted(file.name for file in resource("standards").glob("*.json"))
    if not (units and forms and standards):
        raise FileNotFoundError(str(resource()))
    return f"{len(forms)} forms, {len(standards)} standards"


def _texts() -> str:
    catalogue = load_texts().catalogue
    halves = [key for key, words in catalogue.items() if not (words.get("vi") and words.get("en"))]
    if halves:
        raise ValueError(f"half translated: {', '.join(halves[:5])}")
    return f"{len(catalogue)} sentences in two languages"


def _encryption() -> str:
    """A database of an own folder is written with a key, is not readable as text, and does not open with another key."""
    from sqlcipher3 import dbapi2

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "probe.db"
        _write_probe(dbapi2, file)
        if b"Quang Ngai" in file.read_bytes() or file.read_bytes().startswith(b"SQLite format"):
            raise ValueError("the file is not encrypted")
        version = dbapi2.connect(":memory:").execute("PRAGMA cipher_version").fetchone()
    return f"SQLCipher {version[0]}"


def _write_probe(driver: Any, file: Path) -> None:
    connection = driver.connect(str(file))
    connection.execute(f"PRAGMA key = \"x'{os.urandom(32).hex()}'\"")
    connection.execute("CREATE TABLE probe (words TEXT)")
    connection.execute("INSERT INTO probe VALUES ('Quang Ngai')")
    connection.commit()
    connection.close()


def _window() -> str:
    if not _has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from poverty_desktop.app import qt_application

    return f"Qt platform {qt_application().platformName()}"


def _has_display() -> bool:
    return os.name == "nt" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _fonts() -> str:
    from poverty_desktop.app import qt_application
    from poverty_desktop.gui.theme import is_installed, print_font_family, ui_font_family

    qt_application()
    missing = [family for family in (ui_font_family(), print_font_family()) if not is_installed(family)]
    if missing:
        raise FileNotFoundError(f"fonts missing: {', '.join(missing)}")
    return f"{ui_font_family()}, {print_font_family()}"


CHECKS: dict[str, Check] = {
    "resources": _resources,
    "texts": _texts,
    "encryption": _encryption,
    "window": _window,
    "fonts": _fonts,
}
