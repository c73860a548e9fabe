"""What a phone (ODK Collect, KoboToolbox) would not show as the laptop does, and what the laptop shows plainer. Warnings all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from poverty_desktop.forms.checks.book import Book, Row
from poverty_desktop.forms.sheets import FormFault, column_letters

# Appearances the laptop has an own look for; those with brackets are matched by their name.
_SHOWN = {"autocomplete", "bearing", "columns", "columns-pack", "compact", "field-list", "hidden-answer", "horizontal"}
_SHOWN |= {"horizontal-compact", "label", "likert", "list", "list-nolabel", "masked", "minimal", "month-year", "multiline"}
_SHOWN |= {"no-buttons", "no-calendar", "numbers", "picker", "quick", "quickcompact", "search", "table-list", "thousands-sep"}
_SHOWN |= {"year"}
_SIZED = re.compile(r"w\d+|columns-\d+")
_FAR = {"annotate", "coptic", "counter", "distress", "draw", "ethiopian", "image-map", "islamic", "map", "maps", "new"}
_FAR |= {"new-front", "no-ticks", "placement-map", "printer", "rating", "selfie", "signature", "streaming", "url", "vertical"}
_RECORDED = {"background-audio", "background-geopoint", "start-geopoint", "audit"}
_TYPED = {"geopoint", "geotrace", "geoshape", "gps", "location", "q geopoint", "q geotrace", "q geoshape", "q location"}
_ATTACHED = {"image", "photo", "audio", "video", "file"}
_BARCODE = {"barcode", "q barcode"}
_FOREIGN = re.compile(
    r"(?:bind|body|control|instance)::(?!(?:jr|orx|odk|entities|kb):)[\w.-]+:"
)  # an attribute of somebody's namespace
_OWN_PREFIXES = ("bind::pd:", "attribute::")
_NAME = re.compile(r"[a-zA-Z][\w-]*")


def check_devices(book: Book) -> Iterator[FormFault]:
    for table in (book.survey, book.settings):
        for column in table.columns:
            own, foreign = column.name.startswith(_OWN_PREFIXES), _FOREIGN.match(column.name)
            if own or foreign:
                key = "forms_check.phone_ignores" if own else "forms_check.attribute_ignored"
                facts = {"title": column.title}
                yield FormFault(table.sheet.name, 1, column_letters(column.index), key, facts, "warning")
    for row in book.survey.rows:
        yield from _type(row)
        yield from _appearance(row)
    yield from _pages(book)


def _type(row: Row) -> Iterator[FormFault]:
    kind = row.type
    if kind in _RECORDED:
        yield row.fault("type", "forms_check.laptop_does_not_record", "warning", type=kind)
    elif kind in _TYPED:
        yield row.fault("type", "forms_check.laptop_types_place", "warning", type=kind)
    elif kind in _ATTACHED or kind.startswith("osm"):
        yield row.fault("type", "forms_check.laptop_attaches", "warning", type=kind)
    elif kind in _BARCODE:
        yield row.fault("type", "forms_check.laptop_types_code", "warning")


def _appearance(row: Row) -> Iterator[FormFault]:
    for word in re.sub(r"\([^)]*\)", "", row.text("appearance")).split():
        if word.startswith("ex:") or word in _FAR:
            yield row.fault("appearance", "forms_check.laptop_shows_plain", "warning", appearance=word)
        elif word not in _SHOWN and _NAME.match(word) and not _SIZED.fullmatch(word) and not row.edge:
            yield row.fault("appearance", "forms_check.unknown_appearance", "warning", appearance=word)


def _pages(book: Book) -> Iterator[FormFault]:
    """ODK Collect shows a field-list as one page and cannot put a repeat on it."""
    trail: list[Row] = []
    for row in book.survey.rows:
        if row.edge == "begin":
            page = next((one for one in trail if "field-list" in one.text("appearance").split()), None)
            if row.block == "repeat" and page is not None:
                yield row.fault("type", "forms_check.repeat_on_page", "warning", name=page.text("name"), row=str(page.number))
            trail.append(row)
        elif row.edge == "end" and trail:
            trail.pop()
