"""The small commune of the review tests, with a finished survey of the year before."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.records import ReviewRound, Survey
from poverty_desktop.system.released_forms import OFFICIAL, ShippedForms
from tests.review.answers import GOOD_HOUSE, rural_five
from tests.review.conftest import COMMUNE, MO_S, Commune, an_id, commune, qapp, texts

__all__ = ["commune", "qapp", "texts"]

LAST_ROUND, LAST_SURVEY = an_id(500), an_id(501)


def last_year(commune: Commune, answers: dict[str, str] | None = None, **fields: object) -> Survey:
    """A finished survey of Hồ Thị Mơ's household in 2025, on the form the laptop begins rounds with now."""
    begun = commune.reviewing.current_round()
    made_with = {"form_id": begun.form_id, "form_version": begun.form_version, "form_hash": begun.form_hash}
    earlier = ReviewRound(
        id=LAST_ROUND, commune_code=COMMUNE, year=2025, standard_id=begun.standard_id, starts_on="2025-09-01",
        ends_on="2025-12-14", state="recognised", **made_with,
    )  # fmt: skip
    survey = Survey(
        id=LAST_SURVEY, round_id=LAST_ROUND, household_id=MO_S, state="finished", surveyed_on="2025-10-01",
        standard_id=begun.standard_id, area_class="rural", household_class="near_poor", b1_score=138,
        answers=rural_five(GOOD_HOUSE, 138) | {"identification/surveyed_on": "2025-10-01"} | (answers or {}), **made_with,
    )  # fmt: skip
    commune.records.put(earlier, survey.model_copy(update=fields))
    return survey


@pytest.fixture
def forms() -> ShippedForms:
    return ShippedForms(OFFICIAL)
