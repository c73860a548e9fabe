"""From the parsed JSON of `resources/reference` and `resources/standards` to the views of `domain/reference.py`. Pure.

An item without a mark of its own bears the mark of its list; a mark is the first word of the `confidence` text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from poverty_desktop.domain.poverty_standard import parse_standard
from poverty_desktop.domain.reference import CodedItem, EthnicGroup, Norm, Programme, Project, Reference, SupportKind, Unit

Json = Mapping[str, Any]


def parse_reference(files: Mapping[str, Json], standards: Iterable[Json]) -> Reference:
    """`files` maps the names units, ethnic_groups, people, classes, causes, support to their parsed JSON."""
    units, people, classes, support = files["units"], files["people"], files["classes"], files["support"]
    norms = tuple(_norm(item) for item in support["norms"])
    return Reference(
        province_code=units["province"]["code"],
        province_name=units["province"]["name"],
        units=tuple(_unit(item, units["confidence"]) for item in units["units"]),
        village_types=tuple(units["village_types"]["items"]),
        ethnic_groups=tuple(
            _ethnic_group(item, files["ethnic_groups"]["confidence"]) for item in files["ethnic_groups"]["ethnic_groups"]
        ),
        sexes=_items(people["sexes"]),
        relations=_items(people["relations_to_head"]),
        activity_statuses=_items(people["member_activity_status"]),
        employment_details=_items(people["employment_detail"]),
        school_levels=_items(people["school_levels_attending"]),
        qualifications=_items(people["highest_qualification"]),
        household_classes=_items(classes["household_classes"]),
        derived_statuses=_items(classes["household_classes"], "derived_statuses"),
        household_groups=_items(classes["household_groups"]),
        causes=_items(files["causes"]["causes_of_poverty"]),
        support_kinds=_kinds(support),
        funding_sources=_items(support["funding_sources"]),
        programmes=tuple(_programme(item) for item in support["programmes"]),
        norms=norms,
        newly_escaped_months=next(item["value"] for item in support["norms"] if item["key"] == "newly_escaped_months"),
        standards=tuple(sorted((parse_standard(file) for file in standards), key=lambda one: one.valid_from)),
        confidence_words={**units["confidence_levels"], **support["confidence_levels"]},
    )


def mark(text: str) -> str:
    """The mark of a `confidence` text: "text_seen (Form 01 …)" -> "text_seen"."""
    return text.replace(",", " ").replace(";", " ").split()[0]


def _items(block: Json, name: str = "items") -> tuple[CodedItem, ...]:
    return tuple(CodedItem(**_coded(item, block["confidence"])) for item in block[name])


def _coded(item: Json, of_list: str) -> dict[str, Any]:
    official = item.get("official", True)
    own = item.get("confidence") or ("project_defined" if not official else of_list)
    optional = {name: item[name] for name in ("code", "abbr", "requires_text") if name in item}
    return {"key": item["key"], "vi": item["vi"], "en": item["en"], "confidence": mark(own), "official": official, **optional}


def _unit(item: Json, of_list: str) -> Unit:
    return Unit(
        code=item["code"],
        name=item["name"],
        unit_type=item["unit_type"],
        area_class=None if item["area_class"] == "to_confirm" else item["area_class"],
        former_province=item["former_province"],
        former_district=item["former_district"],
        b1_region=item["b1_region_default"],
        upland=item["upland_former_district"],
        slug_is_ambiguous=item["slug_is_ambiguous"],
        confidence=mark(of_list),
    )


def _ethnic_group(item: Json, of_list: str) -> EthnicGroup:
    own = mark(item.get("confidence", of_list))
    return EthnicGroup(
        item["code"], item["name"], tuple(item["aliases"]), item["is_minority"], item["expected_in_quang_ngai"], own
    )


def _kinds(support: Json) -> tuple[SupportKind, ...]:
    groups = {key: group for group, keys in support["report_groups"]["map"].items() for key in keys}
    block = support["support_kinds"]
    return tuple(
        SupportKind(
            **_coded(item, block["confidence"]),
            unit_default=item["unit_default"],
            group=groups[item["key"]],
            examples=tuple(item.get("examples", ())),
        )
        for item in block["items"]
    )


def _programme(item: Json) -> Programme:
    return Programme(
        **_coded(item, item["confidence"]),
        basis=item.get("basis"),
        note=item.get("note"),
        projects=tuple(_projects(item.get("projects", ()))),
        components_known=item.get("component_projects") != "not_found",
    )


def _projects(items: Iterable[Json]) -> Iterable[Project]:
    """Projects and sub-projects in order; a sub-project reaches households where its project does."""
    for item in items:
        for one in (item, *item.get("sub", ())):
            yield Project(one["no"], one["vi"], item["household_delivery"], mark(one["confidence"]))


def _norm(item: Json) -> Norm:
    return Norm(item["key"], item.get("vi"), item.get("value_vnd"), item.get("basis"), mark(item["confidence"]))
