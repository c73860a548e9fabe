"""One household and its members: what was typed goes to the draft field by field, one Save at the end. No Qt.

The presenter holds its own copy of the draft, so the screen answers at once; each field left is committed behind it, in
order, and "saved" is said only when the commit came back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.gui.presenters.household_state import HouseholdState, HouseholdView, Opened, StateMaker, village_choices
from poverty_desktop.gui.presenters.late_typing import Late, run_late
from poverty_desktop.gui.presenters.member_fields import Choice, MemberFields, choose, in_row, read_card
from poverty_desktop.gui.presenters.similar_people import SimilarPeople
from poverty_desktop.gui.presenters.unkept import Commit, Unkept
from poverty_desktop.services.household_sheet import (
    HistoryEntry,
    current,
    household_key,
    is_touched,
    member_ids,
    member_key,
    new_member,
    sheet_of,
    with_values,
)
from poverty_desktop.services.ports import Clock, Draft, Saved, Tasks
from poverty_desktop.services.registering import LeftReason, Registering


class HouseholdPresenter:
    """Between the household screen and `Registering`."""

    def __init__(
        self, registering: Registering, tasks: Tasks, frame: Frame, clock: Clock, texts: Texts, fields: MemberFields
    ) -> None:
        self._registering, self._tasks, self._frame, self._clock, self._texts = registering, tasks, frame, clock, texts
        self._fields, self._maker = fields, StateMaker(texts, fields)
        self._draft: Draft | None = None  # None while a household is being opened or saved: what is typed then waits in `_late`
        self._late: Late = []
        self._unkept = Unkept()
        self._undo: list[dict[str, Any]] = []
        self._begun: dict[str, str] = {}  # id of the empty row as the grid knew it -> id of the member begun there
        self._villages: tuple[Choice, ...] = ()
        self._history: list[HistoryEntry] = []
        self._similar = SimilarPeople(registering, tasks, self._found_more)
        self._ethnic_group: str | None = None
        self.view: HouseholdView | None = None
        self.state = HouseholdState()

    # --- opening -----------------------------------------------------------------------------------------------

    def opened(self, household_id: str | None = None) -> None:
        """Show this household, or a new one; a draft of it that was left behind is taken up again."""
        self._forget()
        late = self._late
        self._tasks.storage(lambda: self._read(household_id), lambda found: self._came(found, late), self._frame.problem)

    def _read(self, household_id: str | None) -> Opened:
        sheet = self._registering.open(household_id)
        history = self._registering.history(household_id) if household_id else []
        return Opened(sheet, self._registering.villages(), history, self._registering.last_ethnic_group())

    def _came(self, opened: Opened, late: Late) -> None:
        if not self._still_here(opened.sheet.draft, late):
            return
        self._draft = opened.sheet.draft
        self._villages = village_choices(opened.villages)
        self._history, self._ethnic_group = opened.history, opened.ethnic_group
        self._show()
        run_late(late)

    def _still_here(self, draft: Draft, late: Late) -> bool:
        """Whether the screen still shows this household; else what was typed into it meanwhile is committed, and it is left."""
        if self._late is late:
            return True
        if late:
            self._draft = draft
            run_late(late)
            self._draft = None
        return False

    def _forget(self) -> None:
        self._draft, self._late, self._undo, self._begun = None, [], [], {}
        self._similar.forget()

    # --- typing ------------------------------------------------------------------------------------------------

    def left(self, name: str, typed: str) -> None:
        """A field of the household was left with this text."""
        if self._waits(lambda: self.left(name, typed)):
            return
        value = (choose(typed, self._villages) if typed else None) if name == "village_id" else self._fields.read(name, typed)
        self._put({household_key(name): value})

    def left_cell(self, member_id: str, name: str, typed: str) -> None:
        """A cell of the grid was left; in the empty row at the end that begins the next member.

        The text of a citizen card's QR code fills the whole row, whatever cell it was read into.
        """
        if self._waits(lambda: self.left_cell(member_id, name, typed)):
            return
        assert self._draft is not None
        card = read_card(typed)
        values = card if card is not None else {name: self._fields.read(name, typed)}
        known = self._begun.get(member_id, member_id)
        if known in member_ids(self._draft):
            self._put(in_row(self._draft, known, values))
        elif typed.strip():
            self._begin_row(member_id, values)

    def _begin_row(self, row_id: str, values: Mapping[str, Any]) -> None:
        """`row_id` is what the grid called its empty row; it may be the promise of a draft that was saved meanwhile."""
        assert self._draft is not None
        before = self._draft
        member_id, grown = new_member(before, self._ethnic_group)
        self._begun[row_id] = member_id
        fresh = {key: value for key, value in grown.values.items() if key not in before.values}
        self._draft = grown
        self._put(fresh | in_row(self._draft, member_id, values), undo={member_key(member_id, "presence"): "removed"})

    def remove(self, member_id: str, reason: LeftReason) -> None:
        """Take a member off the list; the message offers the way back."""
        if self._draft is None:
            return
        name = current(self._draft, member_key(member_id, "full_name")) or self._texts("household.no_name")
        left_on = None if reason == "removed" else self._clock.today().isoformat()
        self._put({member_key(member_id, "presence"): reason, member_key(member_id, "left_on"): left_on})
        sentence = self._texts(f"household.member_{reason}", name=name)
        self._frame.tell("grey", sentence, self._texts("household.undo"), lambda: self._bring_back(member_id))

    def _bring_back(self, member_id: str) -> None:
        self._put({member_key(member_id, "presence"): "present", member_key(member_id, "left_on"): None})

    def undo(self) -> None:
        """Take back the last field that was changed."""
        if self._draft is not None and self._undo:
            self._put(self._undo.pop(), undo={})

    def _put(self, values: Mapping[str, Any], undo: dict[str, Any] | None = None) -> None:
        """Show the values now and commit them behind; nothing happens where nothing differs."""
        assert self._draft is not None
        before = self._draft
        after = with_values(before, values)
        if undo is None:
            undo = {key: current(before, key) for key in values if current(before, key) != current(after, key)}
            if not undo:
                return
        if undo:
            self._undo.append(undo)
        self._draft = after
        self._show()
        self._commit({key: after.values[key] for key in values})

    def _commit(self, values: dict[str, Any]) -> None:
        assert self._draft is not None
        draft_id, commit, unkept = self._draft.id, self._commit_of(self._draft), self._unkept
        self._tasks.storage(lambda: unkept.keep(draft_id, values, commit), self._frame.saved, self._frame.problem)
        self._similar.ask(self._draft, values)

    def _commit_of(self, draft: Draft) -> Commit:
        return lambda values: self._registering.keep(draft.id, values, draft.notes.get("numbers"))

    def _found_more(self, draft_id: str) -> None:
        if self._draft is not None and self._draft.id == draft_id:
            self._show()

    def _waits(self, act: Callable[[], None]) -> bool:
        """While no household is open, what was typed waits for it."""
        if self._draft is None:
            self._late.append(act)
        return self._draft is None

    # --- finishing ---------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Ctrl+S: all changes become one Save, and the household stays open."""
        draft = self._draft
        if draft is None or not is_touched(draft):
            return
        if count := self._stopped_by(draft):
            self._say_kept(count)
            return
        self._draft, late = None, self._late

        def work() -> tuple[Saved | None, Opened]:
            saved = self._save_now(draft)
            return saved, self._read(draft.subject_id)

        self._tasks.storage(work, lambda done: self._saved(*done, late), lambda problem: self._not_saved(draft, problem, late))

    def _save_now(self, draft: Draft) -> Saved | None:
        self._unkept.settle(draft.id, self._commit_of(draft))
        return self._registering.save(draft.id)

    def _saved(self, saved: Saved | None, opened: Opened, late: Late) -> None:
        if self._late is late:
            self._undo = []
            self._similar.forget()
        self._came(opened, late)
        self._say_saved(saved)

    def _say_saved(self, saved: Saved | None) -> None:
        if saved is not None:
            self._frame.saved(saved.at)

    def _stopped_by(self, draft: Draft) -> int:
        """How many red problems stop the Save."""
        return len(sheet_of(draft, self._clock.today()).blocking)

    def _say_kept(self, count: int) -> None:
        self._frame.tell("amber", self._texts("household.kept_as_draft", count=count))

    def _not_saved(self, draft: Draft, problem: Exception, late: Late) -> None:
        if not self._still_here(draft, late):
            self._frame.problem(problem)
            return
        self._draft = draft
        if isinstance(problem, KnownProblem) and problem.code == "save.changed_underneath":
            words = self._texts("household.changed_underneath"), self._texts("household.take_current")
            self._frame.tell("amber", *words, self.take_current)
        else:
            self._frame.problem(problem)
        run_late(late)

    def take_current(self) -> None:
        """After somebody else's change arrived: show it, with what was typed here on top."""
        draft = self._draft
        if draft is None:
            return
        self._draft, late = None, self._late
        self._tasks.storage(
            lambda: (self._registering.take_current(draft.id), self._read(draft.subject_id))[1],
            lambda opened: self._came(opened, late),
            lambda problem: self._not_saved(draft, problem, late),
        )

    def leave(self) -> None:
        """The screen is left: Save, unless a red problem stands; then the draft waits on the first screen."""
        draft, self._draft = self._draft, None
        if draft is None:
            if self._late:  # typed while a Save was under way: first that, then leave
                self._late.append(self.leave)
            return
        if is_touched(draft) and (count := self._stopped_by(draft)):
            self._tasks.storage(lambda: count, self._say_kept)  # said on the page that opens next
        else:
            self._tasks.storage(lambda: self._save_now(draft), self._say_saved, self._frame.problem)

    def discard(self) -> None:
        """Throw away what was typed since the last Save; the message offers it back."""
        draft = self._draft
        if draft is None or not is_touched(draft):
            return
        self._forget()
        late, is_new = self._late, draft.subject_id in draft.notes.get("numbers", {})

        def work() -> Opened | None:
            self._registering.discard(draft.id)
            return None if is_new else self._read(draft.subject_id)

        self._tasks.storage(
            work, lambda opened: self._discarded(draft, opened, late), lambda problem: self._not_saved(draft, problem, late)
        )

    def _discarded(self, draft: Draft, opened: Opened | None, late: Late) -> None:
        if opened is not None:
            self._came(opened, late)
        else:
            self._frame.back()
        self._frame.tell("grey", self._texts("household.discarded"), self._texts("household.undo"), lambda: self._restore(draft))

    def _restore(self, draft: Draft) -> None:
        subject, restore = draft.subject_id, self._registering.restore
        self._tasks.storage(lambda: restore(draft.id), lambda _: self.see(subject), self._frame.problem)

    # --- elsewhere ---------------------------------------------------------------------------------------------

    def review(self) -> None:
        """Save (by leaving) and go on to the survey of this household."""
        if self.state.household_id:
            self._frame.go("survey", household_id=self.state.household_id)

    def see(self, household_id: str | None) -> None:
        """Save (by leaving) and go on to another household, or to a new one."""
        self._frame.go("household", household_id=household_id)

    def _show(self) -> None:
        if self._draft is None:
            return
        sheet = sheet_of(self._draft, self._clock.today())
        similar = self._similar.of(member["id"] for member in sheet.members)
        self.state = self._maker.make(sheet, self._villages, similar, self._history, can_undo=bool(self._undo))
        if self.view is not None:
            self.view.render(self.state)
