"""A form on the screen, whatever keeps its answers: typing, moving, looking for a question, and its picture. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormSession, SectionState
from poverty_desktop.gui.presenters import survey_picture as drawing
from poverty_desktop.gui.presenters.survey_answering import Answering, Store
from poverty_desktop.gui.presenters.survey_fields import Fields
from poverty_desktop.gui.presenters.survey_history import History
from poverty_desktop.gui.presenters.survey_picture import FormPicture
from poverty_desktop.gui.presenters.survey_repeats import Repeats, repeats_in
from poverty_desktop.gui.presenters.survey_search import Place, places
from poverty_desktop.gui.presenters.survey_state import MissingState, RowState, SurveyState

Show = Callable[[SurveyState], None]


class FormPresenter:
    """`show` is the view's `render`; it gets every new state. Subclasses open forms (`_begin`) and say what stands around."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self.show: Show = lambda state: None
        self.state = SurveyState()
        self._filling: Answering | None = None
        self._asked = 0
        self._goes_on = True

    def _begin(
        self,
        session: FormSession,
        store: Store,
        *,
        locked: bool = False,
        register: frozenset[str] = frozenset(),
        kept_elsewhere: frozenset[str] = frozenset(),
        history: History | None = None,
    ) -> None:
        """Fill in this session from now on. `register` as in `Fields`, `kept_elsewhere` as in `Repeats`."""
        fields = Fields(session, self._texts, locked=locked, register=register)
        picture = FormPicture(fields, Repeats(fields, kept_elsewhere))
        self._filling = Answering(picture, store, history or History())

    # --- what a subclass may add -------------------------------------------------------------------------------------

    def open(self, household_id: str) -> None:
        """Show the form of a household."""

    def repeat(self, key: str) -> None:
        """Ctrl+D: the answer of the household before to this question."""

    def save(self) -> None:
        """Ctrl+S: store the form as it is, complete or not."""

    def finish(self) -> None:
        """Ctrl+Enter: store the form as finished, or show what is missing."""
        self.check()

    def try_answers(self) -> None:
        """F7: try answers on a copy of the form, and see what they would change."""

    def end_trial(self) -> bool:
        """Esc: back to the form as it was. False when nothing is being tried."""
        return False

    def compare_standards(self) -> None:
        """Ctrl+F7: the survey under another standard."""

    def as_last_year(self) -> None:
        """F5: start from the household's last survey, or from an empty paper after all."""

    def change_version(self) -> None:
        """Ctrl+F5: over to the newer version of the form, or back to the one the survey came from."""

    def confirm_section(self, key: str = "") -> None:
        """F9: what was taken over from the last survey in the section of `key`, or of the cursor, still holds."""

    def hindrances(self) -> tuple[MissingState, ...]:
        """What stands in the way of finishing, and the notes."""
        return drawing.to_mend(self._drawn, self._texts)

    def choose_to_go_on(self, *, wanted: bool) -> None:
        """The officer's choice: a digit that leaves no doubt goes on by itself."""
        self._goes_on = wanted
        if self._filling is not None:
            self._draw()

    @property
    def _writable(self) -> Answering | None:
        """The form while it may be typed into."""
        return None if self._filling is None or self._filling.fields.locked else self._filling

    @property
    def _drawn(self) -> FormPicture:
        if self._filling is None:
            raise RuntimeError("no form is open")
        return self._filling.picture

    # --- typing ----------------------------------------------------------------------------------------------------

    def answer(self, key: str, typed: str) -> None:
        """An answer was left. The same text again is no edit; text that cannot be understood is kept and spoken about."""
        if self._writable is not None and self._writable.answer(key, typed):
            self._draw()

    def accept(self, key: str, reason: str) -> None:
        """The officer's reason for a doubtful answer."""
        if self._writable is not None and self._writable.accept(key, reason):
            self._draw()

    def note(self, key: str, words: str) -> None:
        """Ctrl+N: the officer's note on a question; "" takes it away."""
        if self._writable is not None and self._writable.note(key, words):
            self._draw()

    def to_note(self, key: str) -> tuple[str, str]:
        """(the question in words, the note on it) for the line in which a note is typed."""
        return drawing.full_label(self._drawn, key), self._drawn.fields.notes.get(key, "")

    def entered(self, key: str) -> None:
        """The cursor stands on a question now."""
        if self._filling is not None and self._filling.enter(key):
            self._draw()

    def left(self) -> None:
        """The question under the cursor was left by a key; where to go is seen afterwards."""
        if self._filling is not None and self._filling.leave():
            self._draw()

    def as_it_was(self) -> bool:
        """Esc: the present field as it was when the cursor came to it. False when nothing was typed there since."""
        if self._writable is None or not self._writable.as_it_was():
            return False
        self._draw()
        return True

    def undo(self) -> bool:
        """Take back the last step, and go there. False when there is none."""
        return self._stepped(self._writable.undo() if self._writable else None)

    def redo(self) -> bool:
        return self._stepped(self._writable.redo() if self._writable else None)

    def _stepped(self, key: str | None) -> bool:
        if key is None:
            return False
        section = self._drawn.section_of(key) or self._section_with(f"{key}/")
        self._draw(section.path if section else self.state.current, focus=self._first_below(section, key))
        return True

    def _first_below(self, section: SectionState | None, key: str) -> str:
        """`key` itself, or the first question of the instance of this key."""
        if section is None or key in section.keys:
            return key
        return next((one for one in self._drawn.writable(section) if one.startswith(f"{key}/")), "")

    # --- instances of repeats ----------------------------------------------------------------------------------------

    def add_instance(self, key: str = "", repeat: str = "") -> bool:
        """Ctrl+Insert: one more line or block of `repeat`, or of the repeat around the question `key`. False: none may be."""
        wanted = repeat or self._repeat_around(key)
        if self._writable is None or not wanted:
            return False
        made = self._writable.add(wanted)
        section = self._section_with(f"{made}/")
        self._draw(section.path if section else self.state.current, focus=self._first_below(section, made))
        return True

    def remove_instance(self, key: str) -> bool:
        """Ctrl+Delete: the line or block in which the question stands goes, with its answers (undo brings it back)."""
        repeat = self._repeat_around(key)
        if self._writable is None or not repeat or not key.startswith(f"{repeat}/"):
            return False
        instance = key.removeprefix(f"{repeat}/").partition("/")[0]
        keys = self._drawn.session.instances(repeat)
        place = keys.index(instance)
        self._writable.remove(repeat, instance)
        others = [one for one in keys if one != instance]
        near = f"{repeat}/{others[min(place, len(others) - 1)]}" if others else ""
        section = self._section_with(f"{near}/") if near else None
        self._draw(focus=self._first_below(section, near) if section else "")
        return True

    def _repeat_around(self, key: str) -> str:
        """The innermost repeat around a question that takes more instances; without one the first of the section."""
        section = self._drawn.section(self.state.current)
        open_ones = [one for one in repeats_in(section.items if section else ()) if self._drawn.repeats.may_add(one)]
        around = [one.key for one in open_ones if key.startswith(f"{one.key}/")]
        return max(around, key=len) if around else open_ones[0].key if open_ones else ""

    # --- moving ------------------------------------------------------------------------------------------------------

    def go_to_section(self, path: str) -> None:
        section = self._drawn.section(path)
        if section is not None:
            self._draw(path, focus=self._first_open(section))

    def go_on(self, step: int) -> None:
        """Enter past the last question of a section: to the next section that asks anything, or to the end of the paper."""
        target = self._asking(self._beyond(step))
        if target is not None:
            self._draw(target.path, focus=self._end(target, step))
        elif step > 0:
            self.check()

    def _asking(self, sections: Sequence[SectionState]) -> SectionState | None:
        """The first one that asks anything."""
        return next((section for section in sections if self._drawn.writable(section)), None)

    def turn_page(self, step: int) -> None:
        """The next (1) or last (-1) section that applies; at the end of the paper the list of what is missing."""
        target = next(iter(self._beyond(step)), None)
        if target is not None:
            self._draw(target.path, focus=self._end(target, step))
        elif step > 0:
            self.check()

    def _beyond(self, step: int) -> list[SectionState]:
        sections = list(self._drawn.sections)
        here = next((place for place, one in enumerate(sections) if one.path == self.state.current), 0)
        return sections[here + 1 :] if step > 0 else sections[:here][::-1]

    def _end(self, section: SectionState, step: int) -> str:
        """Where the cursor comes in: the first question, from behind the last."""
        keys = self._drawn.writable(section) or [""]
        return keys[0] if step > 0 else keys[-1]

    def go_to(self, key: str) -> None:
        """Put the cursor on a question, whatever section it is in."""
        section = self._drawn.section_of(key)
        if section is not None:
            self._draw(section.path, focus=key)

    def _first_open(self, section: SectionState) -> str:
        """The first question without an answer, or the first of all."""
        keys = self._drawn.writable(section)
        return next((key for key in keys if not self._drawn.session.value(key)), keys[0] if keys else "")

    def _section_with(self, beginning: str) -> SectionState | None:
        return next((one for one in self._drawn.sections if any(key.startswith(beginning) for key in one.keys)), None)

    def questions(self) -> list[Place]:
        """Everything that can be gone to with F6."""
        return places(self._drawn)

    # --- the end of the paper ------------------------------------------------------------------------------------------

    def check(self) -> bool:
        """List what stands in the way of finishing, and the notes; True when nothing does."""
        missing = self.hindrances()
        self._show(replace(self.state, missing=missing))
        return all(one.tone == "grey" for one in missing)

    def close_list(self) -> None:
        self._show(replace(self.state, missing=None))

    # --- the picture ---------------------------------------------------------------------------------------------------

    def _draw(self, path: str | None = None, *, focus: str | None = None) -> None:
        drawn = self._drawn
        section = drawn.section(self.state.current if path is None else path) or next(iter(drawn.sections), None)
        total = drawn.total
        if focus is not None:
            self._asked += 1
        current, ahead = section.path if section else "", self.state.ahead
        if current != self.state.current or not self.state.ready:
            ahead = self._ahead(current)
        state = replace(
            self._around(self.state),
            ready=True,
            sections=drawn.marks(),
            current=current,
            ahead=ahead,
            section_label=(section.label if section else "") or drawn.session.definition.title,
            section_hint=section.hint if section else "",
            rows=drawn.rows(section.items) if section else (),
            answered=total.given,
            required=total.required,
            goes_on=self._goes_on,
            opened=self._filling.opened if self._filling else "",
            missing=self.state.missing and self.hindrances(),
            focus=(focus, self._asked) if focus is not None else self.state.focus,
        )
        self._show(state)

    def _ahead(self, current: str) -> tuple[str, tuple[RowState, ...]]:
        """The section that Enter comes to next, so that the screen can make it ready while nobody types."""
        sections = self._drawn.sections
        here = next((place for place, one in enumerate(sections) if one.path == current), len(sections))
        section = self._asking(sections[here + 1 :])
        return (section.path, self._drawn.rows(section.items)) if section else ("", ())

    def _around(self, state: SurveyState) -> SurveyState:
        """`state` with what stands around the paper: title, notices, explanation."""
        return state

    def _show(self, state: SurveyState) -> None:
        self.state = state
        self.show(state)
