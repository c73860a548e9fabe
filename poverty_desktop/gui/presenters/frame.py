"""What a presenter may ask of the window around it. No Qt here: presenters see these protocols, the shell keeps them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeVar

T = TypeVar("T")
Tone = Literal["red", "amber", "grey"]


class Navigator(Protocol):
    """The way between places. A place is a word of the table of screens in `app` ("work", "household", "review" …)."""

    def go(self, place: str, **facts: object) -> None:
        """Leave the present screen (it commits what is typed, and may keep the person with a sentence) and open `place`;
        `facts` reach `Screen.opened` (ids, never records)."""
        ...

    def back(self) -> None:
        """Where one came from; from the first place nowhere."""
        ...


@dataclass(frozen=True)
class SyncSign:
    """What the status bar says of the exchange. `waiting` operations the province has not acknowledged; `needs_you` open
    conflicts and refused saves; `last_success` an aware instant."""

    waiting: int = 0
    needs_you: int = 0
    last_success: datetime | None = None
    running: bool = False


class Frame(Navigator, Protocol):
    """The window around a screen."""

    def saved(self, at: datetime) -> None:
        """Say quietly "Đã lưu 10:42". Call it only after the commit; `at` is what storage returned."""
        ...

    def tell(self, tone: Tone, sentence: str, action: str = "", do: Callable[[], None] | None = None) -> None:
        """A message in the page, above the present screen."""
        ...

    def problem(self, problem: Exception) -> None:
        """The sentence of a known problem, as a red message in the page."""
        ...

    def synced(self, sign: SyncSign) -> None: ...

    def lock(self) -> None:
        """Back to the password; nothing typed is lost."""
        ...


class Backstage(Protocol):
    """`services.ports.Tasks`, and more for long work that talks while it runs. Written out: `ports` would bring the record
    classes along before the first paint."""

    def storage(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None: ...

    def network(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None: ...

    def post(self, call: Callable[[], None]) -> None:
        """From a lane: run `call` on the GUI thread, soon and in order (counted progress)."""
        ...

    def storage_call(self, work: Callable[[], T]) -> T:
        """From the network lane: run `work` on the storage lane and wait for its result."""
        ...

    def stopping(self) -> bool:
        """Whether the program is being closed: a round should end after the step it is in."""
        ...
