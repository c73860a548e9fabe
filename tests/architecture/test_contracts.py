"""The house's import rules hold, and each of them can fail (design.md section 2)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = Path(__file__).with_name("contracts.toml")
LINT = Path(sys.executable).with_name("lint-imports")

PLANTED = [
    ("1 Layers", "domain/planted.py", "import poverty_desktop.services.ports"),
    ("1 Layers", "storage/planted.py", "import poverty_desktop.sync"),
    ("1 Layers", "services/planted.py", "import poverty_desktop.storage"),
    ("2a Qt", "services/planted.py", "import PySide6.QtCore"),
    ("2a Qt", "gui/presenters/planted.py", "import PySide6.QtWidgets"),
    ("2b Presenters", "gui/presenters/planted.py", "import poverty_desktop.gui.screens"),
    ("3 Tables", "services/planted.py", "import sqlalchemy"),
    ("3 Tables", "gui/planted.py", "import sqlalchemy"),
    ("4a HTTP", "storage/planted.py", "import requests"),
    ("4b The laptop", "sync/planted.py", "import fastapi"),
    ("4c Spreadsheets", "services/planted.py", "import openpyxl"),
    ("5 Nobody", "sync/planted.py", "import poverty_desktop.server"),
]


def lint(folder: Path) -> str:
    """What import-linter says of the package in `folder`."""
    run = subprocess.run(
        [LINT, "--config", CONTRACTS, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(folder), "PATH": "", "COLUMNS": "200"},
    )
    return run.stdout + run.stderr


def broken(output: str) -> set[str]:
    return {line.rsplit("BROKEN", 1)[0].strip() for line in output.splitlines() if line.rstrip().endswith("BROKEN")}


def test_every_rule_of_the_house_holds() -> None:
    output = lint(ROOT)
    assert "0 broken" in output, output


@pytest.mark.parametrize(("rule", "where", "line"), PLANTED)
def test_a_planted_violation_is_seen(tmp_path: Path, rule: str, where: str, line: str) -> None:
    shutil.copytree(ROOT / "poverty_desktop", tmp_path / "poverty_desktop", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "poverty_desktop" / where).write_text(line + "\n")
    names = broken(lint(tmp_path))
    assert any(name.startswith(rule) for name in names), names
