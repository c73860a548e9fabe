"""What was done to a survey since it was opened, step by step, to be taken back and done again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from poverty_desktop.forms import Snapshot

What = Literal["answers", "reason", "note"]


@dataclass(frozen=True)
class Step:
    """One act of the officer. `before` and `after` are the answers it changed (the one typed, and what the form set because of
    it), or the words of one reason or note. Where instances of a repeat came or went, `moments` hold the whole form."""

    key: str
    what: What
    before: Mapping[str, str]
    after: Mapping[str, str]
    moments: tuple[Snapshot, Snapshot] | None = None


@dataclass
class History:
    """`done` newest last; `undone` is emptied by a new step."""

    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)

    def add(self, step: Step) -> None:
        self.done.append(step)
        self.undone.clear()

    def back(self) -> Step | None:
        if not self.done:
            return None
        self.undone.append(self.done.pop())
        return self.undone[-1]

    def again(self) -> Step | None:
        if not self.undone:
            return None
        self.done.append(self.undone.pop())
        return self.done[-1]
