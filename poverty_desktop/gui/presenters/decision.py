"""Two values of one field and what a person decided about them, until it is settled. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Choice = Literal["", "first", "second", "third"]


@dataclass(frozen=True)
class SideView:
    """One value in words: whose or what it is, and where known who wrote it and what that person had seen before."""

    heading: str = ""
    value: str = ""
    by: str = ""
    saw: str = ""


@dataclass(frozen=True)
class Decision:
    """The choice, a third value as typed, the reason, and what is still wrong with them."""

    choice: Choice = ""
    third: str = ""
    reason: str = ""
    choice_problem: str = ""
    reason_problem: str = ""

    def choosing(self, choice: Choice) -> Decision:
        return replace(self, choice=choice, choice_problem="")

    def writing(self, third: str) -> Decision:
        """A third value chooses itself as soon as it is begun."""
        return replace(self, third=third, choice="third" if third else self.choice, choice_problem="")

    def giving(self, reason: str) -> Decision:
        return replace(self, reason=reason, reason_problem="")

    def checked(self, choice_problem: str, reason_missing: str) -> Decision:
        """With what is wrong beside its field: `choice_problem` ("": nothing), `reason_missing` where there is no reason."""
        return replace(self, choice_problem=choice_problem, reason_problem="" if self.reason.strip() else reason_missing)

    @property
    def is_refused(self) -> bool:
        return bool(self.choice_problem or self.reason_problem)
