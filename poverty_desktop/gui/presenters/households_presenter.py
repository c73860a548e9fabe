"""The household list: what is searched, what is shown, which line is chosen. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from poverty_desktop.domain.records import Village
from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.services.ports import HouseholdLine, Page, Tasks
from poverty_desktop.services.registering import Registering


@dataclass(frozen=True)
class HouseholdsState:
    """Everything the list shows. `people` is known for the whole register and for lists that are loaded to the end."""

    text: str = ""
    village_id: str | None = None
    survey_state: str | None = None
    villages: tuple[tuple[str, str], ...] = ()  # (id, name)
    lines: tuple[HouseholdLine, ...] = ()
    total: int = 0
    counting: bool = False  # more match than `total`; their number is on its way
    people: int | None = None
    selected_id: str | None = None
    loaded: bool = False

    @property
    def filters(self) -> dict[str, str | None]:
        return {"village_id": self.village_id, "survey_state": self.survey_state}

    @property
    def is_filtered(self) -> bool:
        return bool(self.text or self.village_id or self.survey_state)

    @property
    def is_complete(self) -> bool:
        return len(self.lines) >= self.total


class HouseholdsView(Protocol):
    def render(self, state: HouseholdsState) -> None: ...


class HouseholdsPresenter:
    """Keeps the list's state between visits: text, filters and the chosen line are there when one comes back."""

    def __init__(self, registering: Registering, tasks: Tasks, frame: Frame) -> None:
        self._registering, self._tasks, self._frame = registering, tasks, frame
        self._query = self._answered = 0  # answers of an older search are dropped
        self._open_when_found = False
        self._loading_more = False
        self.view: HouseholdsView | None = None
        self.state = HouseholdsState()

    def opened(self, village_id: str | None = None, survey_state: str | None = None) -> None:
        """The list was gone to; a village or state given (from the first screen) becomes the filter."""
        if village_id or survey_state:
            self.state = replace(self.state, text="", village_id=village_id, survey_state=survey_state)
        self._tasks.storage(self._registering.villages, self._villages_came)
        self._load()

    def search(self, text: str) -> None:
        if text != self.state.text:
            self.state = replace(self.state, text=text, selected_id=None)
            self._load()

    def choose_village(self, village_id: str | None) -> None:
        if village_id != self.state.village_id:
            self.state = replace(self.state, village_id=village_id)
            self._load()

    def choose_survey_state(self, survey_state: str | None) -> None:
        if survey_state != self.state.survey_state:
            self.state = replace(self.state, survey_state=survey_state)
            self._load()

    def more(self) -> None:
        """The end of what is loaded came into sight."""
        if self.state.is_complete or self._loading_more:
            return
        self._loading_more = True
        self._ask(offset=len(self.state.lines))

    def select(self, household_id: str | None) -> None:
        self.state = replace(self.state, selected_id=household_id)

    def open_chosen(self, household_id: str | None) -> None:
        """Enter on a line. While the lines of what was typed are still on their way, their first is opened when they come: an
        officer who types on must never land in the household of the search before."""
        self._open_when_found = self._query != self._answered
        if household_id is not None and not self._open_when_found:
            self.open(household_id)

    def open(self, household_id: str) -> None:
        self.select(household_id)
        self._frame.go("household", household_id=household_id)

    def new(self) -> None:
        self._frame.go("household", household_id=None)

    def review(self) -> None:
        """Go to the survey of the chosen household."""
        if self.state.selected_id:
            self._frame.go("survey", household_id=self.state.selected_id)

    # --- inside ------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        self._loading_more = False
        self._ask(offset=0)

    def _ask(self, offset: int) -> None:
        self._query += 1
        query, wanted = self._query, self.state

        def read() -> tuple[Page, int | None]:
            page = self._registering.find(wanted.text, **wanted.filters, offset=offset)
            return page, None if wanted.is_filtered else self._registering.people()

        self._tasks.storage(read, lambda answer: self._page_came(query, offset, *answer))

    def _page_came(self, query: int, offset: int, page: Page, people: int | None) -> None:
        if query != self._query:
            return
        self._answered = query
        self._loading_more = False
        lines = (*self.state.lines[:offset], *page.lines)
        if people is None and len(lines) >= page.total:
            people = sum(line.member_count for line in lines)
        chosen, counting = self._still_there(lines), page.at_least
        self.state = replace(
            self.state, lines=lines, total=page.total, counting=counting, people=people, loaded=True, selected_id=chosen
        )
        self._show()
        if counting:
            self._count(query)
        if self._open_when_found:
            self._open_when_found = False
            self.open_chosen(self.state.selected_id)

    def _count(self, query: int) -> None:
        """How many match is found out when the first lines are shown, so that no key waits for it."""
        wanted = self.state

        def came(total: int) -> None:
            if query == self._query:
                self.state = replace(self.state, total=total, counting=False)
                self._show()

        self._tasks.storage(lambda: self._registering.count(wanted.text, **wanted.filters), came)

    def _still_there(self, lines: tuple[HouseholdLine, ...]) -> str | None:
        """The chosen line when it is among these, else the first."""
        ids = [line.id for line in lines]
        if self.state.selected_id in ids:
            return self.state.selected_id
        return ids[0] if ids else None

    def _villages_came(self, villages: list[Village]) -> None:
        named = tuple((village.id, village.name) for village in villages)
        if named != self.state.villages:
            self.state = replace(self.state, villages=named)
            self._show()

    def _show(self) -> None:
        if self.view is not None:
            self.view.render(self.state)
