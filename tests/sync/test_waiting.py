"""How long a laptop waits before it asks again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.backoff import (
    SPREAD_SECONDS,
    Retry,
    after_failure,
    after_portal,
    after_request_to_wait,
    after_start,
)
from poverty_desktop.protocol.messages import Problem, signed
from tests.sync.laptops import Laptop, RunningProvince
from tests.sync.middle import Middle, Question, Reply

NewLaptop = Callable[..., Laptop]


@given(failures=st.integers(0, 40), chance=st.floats(0, 1, exclude_max=True), now=st.floats(0, 1e9))
def test_backoff_has_full_jitter_and_never_waits_longer_than_a_quarter_of_an_hour(
    failures: int, chance: float, now: float
) -> None:
    retry = after_failure(Retry(failures), now, lambda: chance)
    assert retry.attempt == failures + 1
    assert 0 <= retry.remaining(now) <= min(900.0, 2.0 * 2**failures) + 1e-6


@given(seconds=st.floats(0, 1e6), chance=st.floats(0, 1, exclude_max=True))
def test_what_the_province_asks_is_waited_up_to_an_hour_and_spread(seconds: float, chance: float) -> None:
    wait = after_request_to_wait(Retry(3), 1000.0, seconds, lambda: chance).remaining(1000.0)
    assert 0.79 * min(seconds, 3600) <= wait + 1e-6
    assert wait <= 1.21 * min(seconds, 3600) + 1e-6


def test_a_portal_is_looked_at_again_in_a_minute_without_counting_as_a_failure() -> None:
    assert after_portal(Retry(2), 10.0) == Retry(2, 70.0)


def test_a_wait_of_before_a_restart_of_the_machine_is_over() -> None:
    assert Retry(1, not_before=1e9).remaining(5.0) == 0


def test_the_wait_outlives_a_restart_of_the_program_and_sync_now_does_not_wait_for_it(
    province: RunningProvince, new_laptop: NewLaptop
) -> None:
    laptop = new_laptop()
    laptop.enrol(province)
    laptop.add_household()
    laptop.store.keep_retry(Retry(5, laptop.clock.monotonic() + 600))
    laptop.close()
    again = Laptop.at(laptop.folder)
    assert not again.syncing.due()
    assert again.synced().sent == 2
    again.store.keep_retry(Retry(0, again.clock.monotonic() + 600, asked=True))
    with pytest.raises(KnownProblem, match=r"sync\.busy"):
        again.round()
    again.close()


@given(chance=st.floats(0, 1, exclude_max=True), now=st.floats(0, 1e9), waits=st.floats(0, 4000))
def test_the_first_try_after_a_start_is_spread_over_two_minutes_and_cuts_no_wait_short(
    chance: float, now: float, waits: float
) -> None:
    left = after_start(Retry(3, now + waits, asked=True), now, lambda: chance).remaining(now)
    assert left >= min(waits, 3600) - 1e-3
    assert left <= max(waits, SPREAD_SECONDS) + 1e-3


def test_a_laptop_that_is_opened_does_not_ask_at_once(province: RunningProvince, new_laptop: NewLaptop) -> None:
    """A start is spread once; an officer's click waits for nothing."""
    laptop = new_laptop()
    laptop.enrol(province)
    laptop.syncing._chance = lambda: 0.5
    assert not laptop.syncing.due()
    assert 59 < laptop.store.retry().remaining(laptop.clock.monotonic()) <= 60
    laptop.add_household()
    assert laptop.synced().sent == 2
    laptop.store.keep_retry(Retry())
    assert laptop.syncing.due()


def test_what_the_province_asks_is_kept_over_a_restart_and_holds_for_clicks_too(
    province: RunningProvince, new_laptop: NewLaptop
) -> None:
    """A signed 503 with Retry-After at the push: the work stays, the wait is the province's, spread by a fifth."""
    laptop, middle = new_laptop(), Middle(province.port)
    laptop.enrol(province)
    laptop.syncing.moved(middle.url)
    laptop.add_household()

    def busy(question: Question, reply: Reply) -> Reply:
        if question.path != "/v1/packets":
            return reply
        body = signed(Problem(nonce=question.nonce, title="busy", status=503, code="busy"), province.province.signer.sign)
        headers = {"content-type": "application/problem+json", "content-length": str(len(body)), "retry-after": "600"}
        return Reply(503, headers, body)

    middle.alter = busy
    report = laptop.round()
    assert (report.outcome, report.problem) == ("refused", "sync.busy")
    assert laptop.store.retry().attempt == 0
    laptop.close()
    again = Laptop.at(laptop.folder)
    assert 0.79 * 600 <= again.store.retry().remaining(again.clock.monotonic()) <= 1.21 * 600
    with pytest.raises(KnownProblem, match=r"sync\.busy"):
        again.round()
    again.store.keep_retry(Retry())
    middle.alter = lambda question, reply: reply
    again.synced()
    again.close()
    middle.close()
