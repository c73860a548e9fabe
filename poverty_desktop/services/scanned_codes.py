"""What the code of a scanned paper leads to on this laptop."""

from __future__ import annotations

from collections.abc import Callable

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household, ReviewRound
from poverty_desktop.domain.survey_code import read_code, review_number
from poverty_desktop.services.ports import Records, Settings


class ScannedCodes:
    """Synchronous; runs on the storage lane."""

    def __init__(self, records: Records, settings: Settings, current: Callable[[], ReviewRound]) -> None:
        """`current` gives the round that is being typed."""
        self._records, self._settings, self._current = records, settings, current

    def household(self, text: str) -> str:
        """The id of the household whose survey the paper is for.

        Raises KnownProblem "scan.misread", "scan.other_commune" (commune), "scan.other_round" (year), "scan.unknown_round",
        "scan.unknown_household".
        """
        code = read_code(text)
        if code is None:
            raise KnownProblem("scan.misread")
        if code.commune_code != str(self._settings.get("commune_code", "")):
            raise KnownProblem("scan.other_commune", commune=code.commune_code)
        self._refuse_other_round(code.review)
        if self._records.get(Household, code.household_id) is None:
            raise KnownProblem("scan.unknown_household")
        return code.household_id

    def _refuse_other_round(self, review: str) -> None:
        if review_number(self._current()) == review:
            return
        known = next((one for one in self._records.select(ReviewRound) if review_number(one) == review), None)
        if known is None:
            raise KnownProblem("scan.unknown_round")
        raise KnownProblem("scan.other_round", year=known.year)
