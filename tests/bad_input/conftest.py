"""The command line as it is called, and the real window on a real file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from poverty_desktop.__main__ import main
from poverty_desktop.app.application import PASSWORD_VARIABLE
from poverty_desktop.storage.workspace import NewWorkspace, create
from poverty_desktop.system.clock import SystemClock
from tests.attacks.conftest import desk as desk
from tests.attacks.conftest import qapp as qapp
from tests.attacks.conftest import untouched as untouched
from tests.sync.conftest import province as province
from tests.sync.laptops import CHEAP, COMMUNE, PASSWORD, Laptop

Said = tuple[int, str, str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """`poverty-desktop …`: exit code, what it printed, and its complaint."""
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)

    def call(*words: object) -> Said:
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def kept_laptop(tmp_path: Path) -> Path:
    """A closed laptop with one household that was never sent; its folder."""
    folder = tmp_path / "laptop"
    new = NewWorkspace(officer_name="Lan", commune_code=COMMUNE, practice=True)
    laptop = Laptop(create(folder, PASSWORD, new, clock=SystemClock(), costs=CHEAP), folder)
    laptop.add_household()
    laptop.close()
    return folder
