"""Stand-ins for what lies around presenters and screens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.gui.presenters.frame import SyncSign, Tone

T = TypeVar("T")


class ImmediateTasks:
    """`Tasks` and `Backstage` that do everything at once, on the caller's thread. Bugs are raised, not hidden."""

    def __init__(self) -> None:
        self.problems: list[KnownProblem] = []

    def storage(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        try:
            result = work()
        except KnownProblem as problem:
            (failed or self.problems.append)(problem)
            return
        if done is not None:
            done(result)

    network = storage

    def post(self, call: Callable[[], None]) -> None:
        call()

    def storage_call(self, work: Callable[[], T]) -> T:
        return work()

    def stopping(self) -> bool:
        return False


class LateTasks(ImmediateTasks):
    """Work that comes back only when told: the storage lane of a slow disk."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Callable[[], None]] = []

    def storage(self, work: Any, done: Any = None, failed: Any = None) -> None:
        self.waiting.append(lambda: super(LateTasks, self).storage(work, done, failed))

    def run(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


class RecordingFrame:
    """`Frame` that writes down what it was told."""

    def __init__(self) -> None:
        self.went: list[tuple[str, dict[str, object]]] = []
        self.saves: list[datetime] = []
        self.told: list[tuple[str, str]] = []
        self.problems: list[Exception] = []
        self.signs: list[SyncSign] = []
        self.locked = 0

    def go(self, place: str, **facts: object) -> None:
        self.went.append((place, facts))

    def back(self) -> None:
        self.went.append(("back", {}))

    def saved(self, at: datetime) -> None:
        self.saves.append(at)

    def tell(self, tone: Tone, sentence: str, action: str = "", do: Callable[[], None] | None = None) -> None:
        self.told.append((tone, sentence))

    def problem(self, problem: Exception) -> None:
        self.problems.append(problem)

    def synced(self, sign: SyncSign) -> None:
        self.signs.append(sign)

    def lock(self) -> None:
        self.locked += 1


class DictMemory(dict[str, Any]):
    """`Settings` and the window's memory, in a dict."""

    def put(self, key: str, value: Any) -> None:
        self[key] = value
