"""The one door to the background."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QAbstractTableModel

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.gui.task_runner import TaskRunner


class Heard:
    def __init__(self) -> None:
        self.problems: list[KnownProblem] = []
        self.bugs: list[BaseException] = []


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def runner(qapp, heard):
    made = TaskRunner(heard.problems.append, heard.bugs.append)
    yield made
    made.close()


def test_results_come_back_to_the_gui_thread_in_order(runner, qtbot):
    seen = []
    for number in range(50):
        runner.storage(lambda number=number: number, lambda got: seen.append((got, threading.current_thread())))
    qtbot.waitUntil(lambda: len(seen) == 50)
    assert seen == [(number, threading.main_thread()) for number in range(50)]


def test_storage_work_runs_on_one_thread_that_is_not_the_gui_thread(runner):
    threads = []
    for _ in range(5):
        runner.storage(threading.current_thread, threads.append)
    runner.settle()
    assert len(set(threads)) == 1
    assert threads[0] is not threading.main_thread()


def test_a_known_problem_goes_to_the_one_who_asked(runner, heard):
    asked = []

    def work() -> None:
        raise KnownProblem("save.disk_full")

    runner.storage(work, failed=asked.append)
    runner.storage(work)
    runner.settle()
    assert [problem.code for problem in asked] == ["save.disk_full"]
    assert [problem.code for problem in heard.problems] == ["save.disk_full"]
    assert heard.bugs == []


def test_a_bug_goes_to_the_hook_and_lets_the_screen_leave_its_busy_state(runner, heard):
    asked = []
    runner.network(lambda: 1 // 0, failed=asked.append)
    runner.settle()
    assert [type(bug) for bug in heard.bugs] == [ZeroDivisionError]
    assert [problem.code for problem in asked] == ["bug"]


def test_a_failing_slot_does_not_stop_the_results_behind_it(runner, heard):
    seen = []
    runner.storage(lambda: 1, lambda got: seen.append(got / 0))
    runner.storage(lambda: 2, seen.append)
    runner.settle()
    assert seen == [2]
    assert [type(bug) for bug in heard.bugs] == [ZeroDivisionError]


def test_the_network_lane_asks_the_storage_lane_and_the_gui_thread_may_not_wait(runner):
    seen = []

    def lane() -> str:
        return threading.current_thread().name

    runner.network(lambda: (lane(), runner.storage_call(lane)), seen.append)
    runner.settle()
    assert seen == [("network", "storage")]
    with pytest.raises(RuntimeError):
        runner.storage_call(lambda: None)


def test_progress_is_posted_in_order(runner):
    counted = []

    def work() -> None:
        for number in range(10):
            runner.post(lambda number=number: counted.append(number))

    runner.network(work)
    runner.settle()
    assert counted == list(range(10))


def test_closing_finishes_what_was_asked_for_and_closes_the_file_last(qapp):
    order = []
    runner = TaskRunner(order.append, order.append)
    for number in range(20):
        runner.storage(lambda number=number: order.append(number))
    runner.storage(lambda: None, lambda _: runner.storage(lambda: order.append("followed")))
    runner.close(last=lambda: order.append("file closed"))
    assert order == [*range(20), "followed", "file closed"]
    assert not [thread for thread in threading.enumerate() if thread.name in ("storage", "network")]
    runner.close()


def test_five_thousand_results_leave_the_process_alive():
    """PySide6 6.12 loses references at each emit and dies after some hundreds (style.md section 3)."""
    code = (
        "from PySide6.QtCore import QCoreApplication\n"
        "from poverty_desktop.gui.task_runner import TaskRunner\n"
        "app = QCoreApplication([])\n"
        "seen = []\n"
        "runner = TaskRunner(print, print)\n"
        "runner.storage(lambda: [runner.post(lambda: seen.append(1)) for _ in range(5000)], lambda _: app.quit())\n"
        "app.exec()\n"
        "runner.close()\n"
        "assert len(seen) == 5000, len(seen)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_nobody_waits_for_a_lane_that_was_closed(runner):
    runner.storage(lambda: None)
    runner.close()
    assert runner.closed
    with pytest.raises(RuntimeError, match="closing"):
        runner.settle_storage()


class Dying(QAbstractTableModel):
    """Says on which thread it was taken down."""

    def __init__(self, taken_down_on: list[threading.Thread]) -> None:
        super().__init__()
        self._taken_down_on, self.itself = taken_down_on, self  # only the collector finds it

    def __del__(self) -> None:
        self._taken_down_on.append(threading.current_thread())

    def rowCount(self, parent=None) -> int:
        return 0

    columnCount = rowCount


def test_what_a_window_left_behind_is_never_taken_down_by_a_worker(runner, qtbot):
    """A table's model in a circle, and work in the background that makes objects enough for the collector to run."""
    taken_down_on: list[threading.Thread] = []
    Dying(taken_down_on)
    made: list[list[list[int]]] = []
    runner.storage(lambda: [[number] for number in range(50_000)], made.append)
    runner.settle()
    assert taken_down_on == []
    qtbot.waitUntil(lambda: bool(taken_down_on))
    assert taken_down_on == [threading.main_thread()]


def test_python_collects_by_itself_again_when_the_last_lanes_are_closed(runner, heard):
    other = TaskRunner(heard.problems.append, heard.bugs.append)
    runner.close()
    assert not gc.isenabled()
    other.close()
    assert gc.isenabled()
