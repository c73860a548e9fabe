"""What the officer reads of rounds: phases, counts, time at the measured speed; in plain words, in both languages."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from poverty_desktop.gui.presenters.sync_runner import SyncRunner
from poverty_desktop.gui.presenters.sync_words import length, round_words, time_words, traffic_words
from poverty_desktop.protocol.laptop import RoundReport
from poverty_desktop.protocol.tally import Phase, Progress
from poverty_desktop.services.sync_reports import bytes_a_second
from poverty_desktop.storage import sync_rounds
from poverty_desktop.system.resources import load_texts
from tests.gui.fakes import ImmediateTasks, RecordingFrame

TECHNICAL = (
    "hỏi đáp",
    "byte",
    "epoch",
    "lane",
    "hash",
    "rotation",
    "snapshot",
    "salvage",
    "digest",
    "bucket",
    "incarnation",
    "token",
    "server",
)


def line(**known: Any) -> RoundReport:
    return RoundReport(**{"id": 1, "started": "2026-11-24T02:00:00Z", "ended": "2026-11-24T02:00:03Z", "outcome": "done"} | known)


@pytest.mark.parametrize("phase", get_args(Phase))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_phase_of_a_round_has_words_that_are_not_technical(phase: str, language: Any) -> None:
    words = load_texts(language)(f"sync.phase.{phase}", done="1", total="2").lower()
    if language == "vi":
        assert not [word for word in TECHNICAL if word in words]


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"rotations": 1}, "lượt mới, không mất gì"),
        ({"salvaged": 1234}, "trao lại cho tỉnh 1.234 thay đổi"),
        ({"repaired": 2}, "2 bản ghi trên máy khác bản của tỉnh"),
        ({}, "hai bên đã giống nhau"),
    ],
)
def test_the_log_tells_what_a_round_had_to_mend(known: dict[str, int], told: str) -> None:
    words = round_words(load_texts("vi"), line(**known))
    assert told in words
    assert ("hai bên đã giống nhau" in words) is (not known)
    assert not [word for word in TECHNICAL if word in words.lower()]


def test_the_time_is_told_at_the_speed_that_past_rounds_measured() -> None:
    """20 KB in 5 s and 40 KB in 7 s; the empty round of 1 s says nothing of the line."""
    rounds = [line(up=200, down=300, millis=1000), line(up=15_000, down=5_000, millis=5000), line(up=40_000, millis=7000)]
    measured = bytes_a_second(rounds)
    assert measured == 5000
    assert time_words(load_texts("vi"), 60_000, measured) == (
        "Phải gửi khoảng 60,0 KB, mất khoảng 12 giây với tốc độ mạng những lần trước (5,0 KB mỗi giây)"
    )


def test_without_a_measured_round_the_time_is_not_made_up() -> None:
    assert bytes_a_second([line(up=90, down=100, millis=300), line(up=9000)]) is None
    assert "chưa đo được tốc độ" in time_words(load_texts("vi"), 60_000, None)


def test_what_a_round_cost_is_told_without_the_words_of_the_trade() -> None:
    told = traffic_words(load_texts("vi"), line(up=33_000, down=40, millis=4200, round_trips=5))
    assert told == "Mất 4 giây; dung lượng mạng: gửi 33,0 KB, nhận 0,1 KB"
    assert not [word for word in TECHNICAL if word in told.lower()]


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "1 giây"), (119.4, "119 giây"), (120, "2 phút"), (100_000, "1.667 phút")])
def test_a_length_of_time_is_whole_seconds_and_then_whole_minutes(seconds: float, words: str) -> None:
    assert length(load_texts("vi"), seconds) == words


def test_what_a_round_mended_outlives_a_restart(workspace_file) -> None:
    number = sync_rounds.begin(workspace_file, "2026-11-24T02:00:00Z")
    done = line(id=number, rotations=1, salvaged=3, repaired=2, millis=3210)
    sync_rounds.end(workspace_file, done)
    assert sync_rounds.newest(workspace_file, 1) == [done]


def test_progress_tells_the_bytes_of_this_round_only() -> None:
    seen: list[tuple[int, int]] = []

    class Twice:
        """A round over a line that carried 5,000 and 9,000 bytes before."""

        def round(self, progress, stop, *, allow_deletes) -> RoundReport:
            for up, down in ((5000, 9000), (5600, 9100)):
                progress(Progress("push", 1, 2, up, down))
            return line()

        def state(self) -> None:
            return None

    runner = SyncRunner(ImmediateTasks(), RecordingFrame(), Twice())  # type: ignore[arg-type]
    runner.listeners.append(lambda: runner.progress and seen.append((runner.progress.up, runner.progress.down)))
    runner.start()
    assert seen == [(0, 0), (600, 100)]
