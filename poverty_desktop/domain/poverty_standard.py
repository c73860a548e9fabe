"""A poverty standard as data: legal basis, dates, cut-offs, indicators, and how sure we are of each (standards.md).

What was not found stays None: the 2027-2030 standard has no scoring circular yet, so it can be shown but cannot classify.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Indicator:
    """One of the twelve deprivation indicators; `no` is the official order of templates 7.4, 7.5 and the certificate."""

    no: int
    key: str
    vi: str
    en: str
    dimension: str
    points: int | None
    threshold_vi: str | None
    threshold_en: str | None
    confidence: str
    note: str | None = None

    def name(self, language: str) -> str:
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True)
class PovertyStandard:
    """`income_thresholds` in dong a person and month by area class; `b1_cutoffs` in points (None: no scoring method found).

    `b1_table_status` is "not_found" while the official B1 points are not loaded; `scoring_confidence` marks the cut-offs.
    """

    id: str
    name_vi: str
    name_en: str
    legal_basis: tuple[str, ...]
    valid_from: str
    valid_to: str
    confidence: str
    income_thresholds: Mapping[str, int]
    deprivations_min: int
    indicators: tuple[Indicator, ...]
    b1_cutoffs: Mapping[str, int] | None
    b2_poor_min: int | None
    b2_points: int | None
    scoring_method: str | None
    scoring_confidence: str
    b1_table_status: str

    def name(self, language: str) -> str:
        return self.name_vi if language == "vi" else self.name_en

    @property
    def period(self) -> str:
        """The years in its name, "2022-2025": so it is called, also where it was prolonged."""
        named = re.search(r"[0-9]{4}-[0-9]{4}", self.name_vi)
        return named.group() if named else f"{self.valid_from[:4]}-{self.valid_to[:4]}"

    def covers(self, day: str) -> bool:
        """Whether an ISO day lies in the time the standard is in force."""
        return self.valid_from <= day <= self.valid_to

    def indicator(self, no: int) -> Indicator:
        return next(one for one in self.indicators if one.no == no)

    def lacks(self, area_class: str | None = None) -> tuple[str, ...]:
        """What is missing to give a class in this area: "b1_cutoffs", "b2_rule". Without an area: in any."""
        cutoffs = self.b1_cutoffs
        no_cutoff = not cutoffs or (bool(area_class) and area_class not in cutoffs)
        no_rule = self.b2_poor_min is None or self.b2_points is None
        return tuple(code for code, missing in (("b1_cutoffs", no_cutoff), ("b2_rule", no_rule)) if missing)

    @property
    def can_classify(self) -> bool:
        """Whether cut-offs and the least B2 are known."""
        return self.b1_cutoffs is not None and self.b2_poor_min is not None and self.b2_points is not None

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not known of this standard: "b1_cutoffs", "b1_table", "threshold.<no>"."""
        gaps = [] if self.can_classify else ["b1_cutoffs"]
        if self.b1_table_status == "not_found":
            gaps.append("b1_table")
        return tuple(gaps + [f"threshold.{one.no}" for one in self.indicators if one.threshold_vi is None])


def parse_standard(file: Mapping[str, Any]) -> PovertyStandard:
    """A standard from the parsed JSON of `resources/standards/<id>.json`."""
    raw = file["standard"]
    scoring = raw["scoring"]
    known = scoring.get("status") != "not_found"
    return PovertyStandard(
        id=raw["id"],
        name_vi=raw["name_vi"],
        name_en=raw["name_en"],
        legal_basis=tuple(raw["legal_basis"]),
        valid_from=raw["valid_from"],
        valid_to=raw["valid_to"],
        confidence=raw["confidence"],
        income_thresholds=dict(raw["income_threshold_vnd_person_month"]),
        deprivations_min=raw["classes"]["poor"]["deprivations_min"],
        indicators=tuple(_indicator(item) for item in raw["indicators"]),
        b1_cutoffs=dict(scoring["b1"]["cutoff_max"]) if known else None,
        b2_poor_min=scoring["b2"]["poor_cutoff_min"] if known else None,
        b2_points=scoring["b2"]["points_per_indicator"] if known else None,
        scoring_method=scoring["method"] if known else None,
        scoring_confidence=scoring.get("confidence", "not_found"),
        b1_table_status=scoring["b1_score_table"]["status"] if known else "not_found",
    )


def _indicator(item: Mapping[str, Any]) -> Indicator:
    """An indicator. Of the 2027-2030 file only English notes of the draft were seen, so `threshold_vi` stays None there."""
    return Indicator(
        no=item["no"],
        key=item["key"],
        vi=item["vi"],
        en=item["en"],
        dimension=item["dimension"],
        points=item.get("b2_points"),
        threshold_vi=item.get("threshold_vi"),
        threshold_en=item.get("threshold_en") or item.get("threshold"),
        confidence=item["confidence"],
        note=item.get("note"),
    )
