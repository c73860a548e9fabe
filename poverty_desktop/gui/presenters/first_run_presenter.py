"""The first run: at most five steps from an empty laptop to the first screen. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from poverty_desktop.domain.names import nfc
from poverty_desktop.gui.presenters.door import Door, NewLaptop
from poverty_desktop.gui.presenters.frame import Backstage, Frame
from poverty_desktop.gui.presenters.password_strength import strength

REAL_STEPS = ("language", "mode", "commune", "officer", "server")
PRACTICE_STEPS = ("language", "mode", "officer", "server")


@dataclass(frozen=True)
class Commune:
    """One unit of the province. `former_district` is shown where the name alone may be mistaken."""

    code: str
    name: str
    unit_type: str
    former_district: str
    ambiguous: bool


@dataclass(frozen=True)
class FirstRunState:
    """`problems`: field -> key of the sentence. `strength` is "" while no password is typed."""

    step: str = "language"
    language: str = "vi"
    practice: bool = True
    communes: tuple[Commune, ...] = ()
    commune_code: str = ""
    officer_name: str = ""
    strength: str = ""
    problems: tuple[tuple[str, str], ...] = ()
    problem: Exception | None = None
    busy: bool = False
    done: int = 0
    whole: int = 0

    @property
    def steps(self) -> tuple[str, ...]:
        return PRACTICE_STEPS if self.practice else REAL_STEPS

    @property
    def number(self) -> int:
        return self.steps.index(self.step) + 1

    @property
    def is_last(self) -> bool:
        return self.step == self.steps[-1]


class FirstRunView(Protocol):
    def render(self, state: FirstRunState) -> None: ...


class FirstRunPresenter:
    """Keeps what was chosen; the passwords are kept only until the file is made and never in the state."""

    def __init__(
        self,
        door: Door,
        tasks: Backstage,
        frame: Frame,
        communes: Callable[[], tuple[Commune, ...]],
        choose_language: Callable[[str], None],
        practice_commune: tuple[str, str],
        language: str = "vi",
    ) -> None:
        """`practice_commune` is (code, name) of the synthetic commune; `choose_language` changes the words of the window,
        which shows this presenter again in them."""
        self._door, self._tasks, self._frame = door, tasks, frame
        self._communes, self._choose_language, self._practice_commune = communes, choose_language, practice_commune
        self._password = self._again = self._url = self._code = ""
        self.view: FirstRunView | None = None
        self.state = FirstRunState(language=language)

    def opened(self) -> None:
        if not self.state.communes:
            self._set(communes=self._communes())
        self._show()

    # --- what the officer does ----------------------------------------------------------------------------------------

    def language(self, language: str) -> None:
        if language != self.state.language:
            self._set(language=language)
            self._choose_language(language)

    def mode(self, practice: bool) -> None:
        self._set(practice=practice, problems=())
        self._show()

    def commune(self, code: str) -> None:
        self._set(commune_code=code, problems=())
        self._show()

    def officer(self, name: str) -> None:
        self._set(officer_name=nfc(name))

    def passwords(self, password: str, again: str) -> None:
        self._password, self._again = password, again
        self._set(strength=strength(password) if password else "", problems=())
        self._show()

    def server(self, url: str, code: str) -> None:
        self._url, self._code = url.strip(), code.strip()

    def back(self) -> None:
        if self.state.number > 1 and not self.state.busy:
            self._set(step=self.state.steps[self.state.number - 2], problems=(), problem=None)
            self._show()

    def onward(self) -> None:
        """The next step, or the end; what is missing in this one is said beside its field."""
        if self.state.busy:
            return
        self._set(problems=tuple(self._missing()), problem=None)
        if not self.state.problems:
            if self.state.is_last:
                self._create()
                return
            self._set(step=self.state.steps[self.state.number])
        self._show()

    # --- inside -------------------------------------------------------------------------------------------------------

    def _missing(self) -> list[tuple[str, str]]:
        if self.state.step == "commune" and not self.state.commune_code:
            return [("commune", "first_run.commune_missing")]
        if self.state.step == "officer":
            return self._officer_missing()
        if self.state.step == "server" and bool(self._url) != bool(self._code):
            return [("code" if self._url else "url", "first_run.server_half")]
        return []

    def _officer_missing(self) -> list[tuple[str, str]]:
        found = [] if self.state.officer_name else [("officer", "first_run.officer_missing")]
        weak = strength(self._password)
        if weak in ("short", "common"):
            found.append(("password", f"first_run.password_{weak}"))
        elif self._password != self._again:
            found.append(("again", "first_run.password_differs"))
        return found

    def _create(self) -> None:
        code, name = self._chosen()
        joins = bool(self._url and self._code)
        wanted = NewLaptop(self.state.language, self.state.practice, code, name, self.state.officer_name, self._password, joins)
        self._set(busy=True)
        self._show()
        self._tasks.storage(lambda: self._door.create(wanted, self._counted), self._made, self._failed)

    def _chosen(self) -> tuple[str, str]:
        if self.state.practice:
            return self._practice_commune
        return next((one.code, one.name) for one in self.state.communes if one.code == self.state.commune_code)

    def _counted(self, done: int, whole: int) -> None:
        """Called on the storage lane."""
        if done % 10 == 0 or done == whole:
            self._tasks.post(lambda: self._count(done, whole))

    def _count(self, done: int, whole: int) -> None:
        if self.state.busy:
            self._set(done=done, whole=whole)
            self._show()

    def _made(self, _: None) -> None:
        self._password = self._again = ""
        self._set(busy=False)
        self._door.entered()
        if self._url and self._code:
            self._frame.go("sync", url=self._url, code=self._code)
        else:
            self._frame.go("work")

    def _failed(self, problem: Exception) -> None:
        self._set(busy=False, problem=problem)
        self._show()

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]

    def _show(self) -> None:
        if self.view is not None:
            self.view.render(self.state)
