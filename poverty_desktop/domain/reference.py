"""The reference data as typed, frozen views. Every item carries how sure we are of it (`confidence`).

The words of `confidence`: verified_dataset, text_seen, secondary, derived, project_defined, uncertain,
researcher_knowledge_unverified, not_found. Whatever is not text_seen or verified_dataset is shown with a mark (`is_certain`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from poverty_desktop.domain.names import fold
from poverty_desktop.domain.poverty_standard import PovertyStandard
from poverty_desktop.domain.problems import KnownProblem

_CERTAIN = ("verified_dataset", "text_seen")


def is_certain(confidence: str) -> bool:
    """Whether an item needs no mark on screen and print."""
    return confidence in _CERTAIN


@dataclass(frozen=True)
class Unit:
    """One of the 96 communes, wards and the special zone. `area_class` is None where it must be confirmed (Lý Sơn)."""

    code: str
    name: str
    unit_type: str  # commune | ward | special_zone
    area_class: str | None
    former_province: str
    former_district: str
    b1_region: str
    upland: bool
    slug_is_ambiguous: bool
    confidence: str


@dataclass(frozen=True)
class EthnicGroup:
    code: str
    name: str
    aliases: tuple[str, ...]
    is_minority: bool | None
    expected_here: bool
    confidence: str


@dataclass(frozen=True)
class CodedItem:
    """An entry of a code list: sex, relation, activity, schooling, class, cause, funding source … `code` as on paper."""

    key: str
    vi: str
    en: str
    confidence: str
    code: int | None = None
    abbr: str | None = None
    official: bool = True
    requires_text: bool = False

    def name(self, language: str) -> str:
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True)
class SupportKind(CodedItem):
    unit_default: str = ""
    group: str = "other"  # policy group of the detailed list: health, education, production, credit, housing, other
    examples: tuple[str, ...] = ()

    @property
    def is_house(self) -> bool:
        """Houses are given once in a life, whatever the programme (support.md section 6)."""
        return self.group == "housing"


@dataclass(frozen=True)
class Project:
    no: str
    vi: str
    household_delivery: bool
    confidence: str


@dataclass(frozen=True)
class Programme(CodedItem):
    basis: str | None = None
    note: str | None = None
    projects: tuple[Project, ...] = ()
    components_known: bool = True


@dataclass(frozen=True)
class Norm:
    """An advisory cap or figure; `amount` in whole dong or None where none was found. Never a block (support.md section 3)."""

    key: str
    vi: str | None
    amount: int | None
    basis: str | None
    confidence: str


@dataclass(frozen=True)
class Reference:
    """All reference data. Look-ups by code or key; an unknown code gives None, since old and foreign data may hold one."""

    province_code: str
    province_name: str
    units: tuple[Unit, ...]
    village_types: tuple[str, ...]
    ethnic_groups: tuple[EthnicGroup, ...]
    sexes: tuple[CodedItem, ...]
    relations: tuple[CodedItem, ...]
    activity_statuses: tuple[CodedItem, ...]
    employment_details: tuple[CodedItem, ...]
    school_levels: tuple[CodedItem, ...]
    qualifications: tuple[CodedItem, ...]
    household_classes: tuple[CodedItem, ...]
    derived_statuses: tuple[CodedItem, ...]
    household_groups: tuple[CodedItem, ...]
    causes: tuple[CodedItem, ...]
    support_kinds: tuple[SupportKind, ...]
    funding_sources: tuple[CodedItem, ...]
    programmes: tuple[Programme, ...]
    norms: tuple[Norm, ...]
    newly_escaped_months: int
    standards: tuple[PovertyStandard, ...]
    confidence_words: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def _groups_by_name(self) -> dict[str, EthnicGroup]:
        names = {fold(alias): group for group in self.ethnic_groups for alias in group.aliases}
        return names | {fold(group.name): group for group in self.ethnic_groups}

    def unit(self, code: str | None) -> Unit | None:
        return self._units.get(code or "")

    def ethnic_group(self, code: str | None) -> EthnicGroup | None:
        return next((group for group in self.ethnic_groups if group.code == code), None)

    def find_ethnic_group(self, text: str) -> EthnicGroup | None:
        """By code, name or alias, blind to case, marks, blanks and hyphens: "ca dong" is Xơ-Đăng, "h're" is Hrê."""
        wanted = fold(text)
        return self.ethnic_group(wanted) or self._groups_by_name.get(wanted) or self._loose_groups.get(_letters(wanted))

    @cached_property
    def _loose_groups(self) -> dict[str, EthnicGroup]:
        return {_letters(name): group for name, group in self._groups_by_name.items()}

    def sex(self, code: int | None) -> CodedItem | None:
        return _by_code(self.sexes, code)

    def relation(self, code: int | None) -> CodedItem | None:
        return _by_code(self.relations, code)

    def activity_status(self, code: int | None) -> CodedItem | None:
        return _by_code(self.activity_statuses, code)

    def household_class(self, key: str | None) -> CodedItem | None:
        """One of the four classes, or the derived "newly_escaped_poverty"."""
        return next((item for item in (*self.household_classes, *self.derived_statuses) if item.key == key), None)

    def cause(self, key: str | None) -> CodedItem | None:
        return next((item for item in self.causes if item.key == key), None)

    def kind(self, key: str | None) -> SupportKind | None:
        return next((kind for kind in self.support_kinds if kind.key == key), None)

    def source(self, key: str | None) -> CodedItem | None:
        return next((source for source in self.funding_sources if source.key == key), None)

    def programme(self, key: str | None) -> Programme | None:
        return next((programme for programme in self.programmes if programme.key == key), None)

    def standard(self, standard_id: str) -> PovertyStandard:
        """Raises `KnownProblem("standard.unknown")`: a record of a newer program may name one we do not have."""
        found = next((one for one in self.standards if one.id == standard_id), None)
        if found is None:
            raise KnownProblem("standard.unknown", standard=standard_id)
        return found

    def standard_on(self, day: str) -> PovertyStandard:
        """The national standard in force on an ISO day; `KnownProblem("standard.none_on_day")` outside 2022-2030."""
        found = next((one for one in self.standards if one.covers(day)), None)
        if found is None:
            raise KnownProblem("standard.none_on_day", day=day)
        return found


def _by_code(items: tuple[CodedItem, ...], code: int | None) -> CodedItem | None:
    return next((item for item in items if item.code == code), None) if code is not None else None


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
