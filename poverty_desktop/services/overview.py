"""The first screen's facts: the open round, its progress by village, what waits, and the next date of the law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from poverty_desktop.domain.records import ReviewRound
from poverty_desktop.services.ports import Clock, Lists, Records, WorkState

LEGAL_BASIS = "24/2021/QĐ-TTg"


@dataclass(frozen=True)
class LegalDate:
    """`key` is a word of the catalogue (`work.date_<key>`); `basis` the decision it stands in. The autumn dates of the
    province's own plan are not known to the program (procedure.md section 3) and therefore never shown as if they were."""

    key: str  # periodic_starts | periodic_ends | monthly_report | monthly_review
    day: date
    basis: str = LEGAL_BASIS

    def days_left(self, today: date) -> int:
        return (self.day - today).days


@dataclass(frozen=True)
class WorkOverview:
    work: WorkState
    round: ReviewRound | None
    next_date: LegalDate
    today: date


class Overview:
    """Reads only."""

    def __init__(self, records: Records, lists: Lists, clock: Clock) -> None:
        self._records, self._lists, self._clock = records, lists, clock

    def work(self) -> WorkOverview:
        """Everything the first screen shows, in a few queries."""
        rounds = self._records.select(ReviewRound, state="open")
        newest = max(rounds, key=lambda one: one.year, default=None)
        today = self._clock.today()
        return WorkOverview(self._lists.work(newest.id if newest else None), newest, next_legal_date(today), today)


def next_legal_date(today: date) -> LegalDate:
    """The nearest date on or after `today` of Decision 24/2021/QĐ-TTg: the periodic review runs 1 September to 14 December
    (Art. 4), the regular one begins on the 15th of a month (Art. 5), the commune reports it on the 5th, February to September
    (Art. 7). While the periodic review runs, its end is the date that counts."""
    start, end = date(today.year, 9, 1), date(today.year, 12, 14)
    if start <= today <= end:
        return LegalDate("periodic_ends", end)
    dates = [LegalDate("monthly_report", day) for day in _days(today, 5, range(2, 10))]
    dates += [LegalDate("monthly_review", day) for day in _days(today, 15, range(1, 13))]
    dates += [LegalDate("periodic_starts", start if today < start else start.replace(year=today.year + 1))]
    return min(dates, key=lambda one: one.day)


def _days(today: date, number: int, months: range) -> list[date]:
    days = [date(year, month, number) for year in (today.year, today.year + 1) for month in months]
    return [day for day in days if day >= today]
