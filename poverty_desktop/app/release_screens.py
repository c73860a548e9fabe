"""The place where forms are proposed and released."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from poverty_desktop.app.binding import bound
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.system.form_folder import files_beside

if TYPE_CHECKING:
    from poverty_desktop.app.application import Application
    from poverty_desktop.gui.screen import Screen


def releases(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.releases_presenter import ReleasesPresenter
    from poverty_desktop.gui.screens.releases_screen import ReleasesScreen

    standards = tuple((one.id, one.period) for one in app.reference.standards)
    presenter = ReleasesPresenter(app.open_office.releasing, app.tasks, app.shell, app.texts, _read, standards)
    return bound(ReleasesScreen(presenter, app.texts), presenter)


def _read(file: str) -> tuple[bytes, dict[str, Path]]:
    try:
        return Path(file).read_bytes(), files_beside(Path(file))
    except OSError as error:
        raise KnownProblem("forms.unreadable_file", file=file) from error
