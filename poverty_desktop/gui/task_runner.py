"""The one door to the background (`services.ports.Tasks`): nobody else starts a thread.

Two lanes, each one worker in order. The *storage* lane owns the connection of the encrypted file: whatever touches the
file runs there. The *network* lane may wait for a link, and asks the storage lane for data by `storage_call`. Results
come back to the GUI thread through one private queued signal.

Failures: a `KnownProblem` goes to the `failed` given, else to `on_problem` (the shell shows its sentence in the page).
Anything else is a bug: it goes to `on_bug`, and `failed`, if given, gets `KnownProblem("bug")` so that a screen can
leave its busy state.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.gui.collecting import Collector

T = TypeVar("T")
Job = Callable[[], None]


class _Lane:
    """One worker thread and its queue. The thread starts with its first job: none is asked for before the first paint."""

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._starting = threading.Lock()
        self._started = self.closed = False

    def put(self, job: Job) -> None:
        self._jobs.put(job)
        with self._starting:
            if not self._started:
                self._started = True
                self._thread.start()

    def is_current(self) -> bool:
        return threading.current_thread() is self._thread

    def call(self, work: Callable[[], T]) -> T:
        """Run `work` here and wait for it."""
        if self.closed:
            raise RuntimeError("the program is closing")  # nobody would ever answer
        from concurrent.futures import Future  # brings logging along, which the first paint need not wait for

        future: Future[T] = Future()

        def job() -> None:
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 - carried to the caller whole
                future.set_exception(error)

        self.put(job)
        return future.result()

    def close(self) -> None:
        """Finish what is queued, then end the thread."""
        if not self.closed:
            self.closed = True
            if self._started:
                self._jobs.put(None)
                self._thread.join()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            del job  # what the closure holds is freed now, not at the next job


class TaskRunner(QObject):
    """Implements `ports.Tasks` and `presenters.frame.Backstage`. Built on the GUI thread; closed last but the file."""

    _wake = Signal()

    def __init__(
        self,
        on_problem: Callable[[KnownProblem], None],
        on_bug: Callable[[BaseException], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.on_problem = on_problem
        self.on_bug = on_bug
        self._storage = _Lane("storage")
        self._network = _Lane("network")
        self._results: deque[Job] = deque()
        self._stopping = threading.Event()
        self._running = 0  # touched on the GUI thread only
        self._file = 0  # which opening of the file work is asked of
        self._wake.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._collector = Collector(self)

    # --- Tasks ---------------------------------------------------------------------------------------------------

    def storage(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        self._submit(self._storage, work, done, failed)

    def network(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        self._submit(self._network, work, done, failed)

    # --- Backstage -----------------------------------------------------------------------------------------------

    def storage_call(self, work: Callable[[], T]) -> T:
        """Run `work` on the storage lane and wait. From the network lane, or from the storage lane itself; never from the
        GUI thread, which must not wait (RuntimeError)."""
        if self._storage.is_current():
            return work()
        if not self._network.is_current():
            raise RuntimeError("only the network lane may wait for the storage lane")
        return self._storage.call(work)

    def post(self, call: Callable[[], None]) -> None:
        self._results.append(call)
        self._wake.emit()

    def stopping(self) -> bool:
        return self._stopping.is_set()

    def turn_away(self) -> None:
        """The file is about to be closed: what was asked of it is still done, but nobody waits for the answers any more, and so
        nobody asks it for more. What goes wrong is told as ever."""
        self._file += 1

    # --- life ----------------------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether anything submitted has not come back yet (GUI thread)."""
        return self._running > 0 or bool(self._results)

    def settle(self) -> None:
        """Wait on the GUI thread until both lanes are quiet and every result was delivered. For closing and for tests."""
        while True:
            self._network.call(_nothing)
            self._storage.call(_nothing)
            if not self.busy:
                return
            self._deliver()

    def close(self, last: Callable[[], None] | None = None) -> None:
        """Let everything submitted finish and be delivered, then end the network lane, then run `last` on the storage
        lane (closing the file) and end it. Safe to call twice."""
        if self._storage.closed:
            return
        self._stopping.set()
        self.settle()
        self._network.close()
        if last is not None:
            self.storage(last)
            self.settle_storage()
        self._storage.close()
        self._collector.end()

    @property
    def closed(self) -> bool:
        return self._storage.closed

    def settle_storage(self) -> None:
        """Wait on the GUI thread until the storage lane is quiet; short, for no storage work is long."""
        self._storage.call(_nothing)
        self._deliver()

    # --- inside --------------------------------------------------------------------------------------------------

    def _submit(
        self,
        lane: _Lane,
        work: Callable[[], T],
        done: Callable[[T], None] | None,
        failed: Callable[[Exception], None] | None,
    ) -> None:
        if lane.closed:
            raise RuntimeError("the program is closing")
        self._running += 1

        heard = self._while_open(done) if done and lane is self._storage else done

        def job() -> None:
            self.post(self._outcome(work, heard, failed))

        lane.put(job)

    def _while_open(self, done: Callable[[T], None]) -> Callable[[T], None]:
        asked_of = self._file
        return lambda result: done(result) if asked_of == self._file else None

    def _outcome(
        self, work: Callable[[], Any], done: Callable[[Any], None] | None, failed: Callable[[Exception], None] | None
    ) -> Job:
        """Run `work` (on a lane) and say what the GUI thread has to do about it."""
        try:
            result = work()
        except KnownProblem as problem:
            known = problem
            return lambda: self._returned(lambda: (failed or self.on_problem)(known))
        except BaseException as error:  # noqa: BLE001 - the edge of the background: everything else is a bug
            bug = error
            return lambda: self._returned(lambda: self._bug(bug, failed))
        return lambda: self._returned((lambda: done(result)) if done else _nothing)

    def _returned(self, act: Job) -> None:
        self._running -= 1
        act()

    def _bug(self, error: BaseException, failed: Callable[[Exception], None] | None) -> None:
        self.on_bug(error)
        if failed is not None:
            failed(KnownProblem("bug"))

    def _deliver(self) -> None:
        while self._results:
            act = self._results.popleft()
            try:
                act()
            except BaseException as error:  # noqa: BLE001 - a failing slot must not stop the results behind it
                self.on_bug(error)


def _nothing() -> None:
    return None
