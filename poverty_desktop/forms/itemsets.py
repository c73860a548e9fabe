"""The choices of an XForm's questions: written into the control, of a list of the form, of a file, of answers.

ODK XForms specification, "Secondary Instances". A list of the form is read whole into `Question.choices`; the expression of the
itemset then says which of them apply, and in which order. Rows of files and of answers are only known while a form is filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from poverty_desktop.forms.controls import Control, local
from poverty_desktop.forms.definition import Choice
from poverty_desktop.forms.itext import XF, Itext

_PLAIN = re.compile(r"\s*instance\(\s*['\"]([^'\"]*)['\"]\s*\)/root/item\s*")
_LIST = re.compile(r"instance\(\s*['\"]([^'\"]*)['\"]\s*\)")
_BY_ITEXT = re.compile(r"\s*jr:itext\((.*)\)\s*")


class Lists:
    """The lists whose rows stand in the form, by the name of their instance. Each is read once for all questions."""

    def __init__(self, instances: Mapping[str, Element], itext: Itext) -> None:
        self._instances, self._itext = instances, itext
        self._read: dict[tuple[str, str, str], tuple[Choice, ...]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._instances

    def choices(self, name: str, value: str, label: str) -> tuple[Choice, ...]:
        wanted = (name, value, label)
        if wanted not in self._read:
            self._read[wanted] = tuple(_rows(self._instances[name], value, label, self._itext))
        return self._read[wanted]


def read_choices(control: Control, lists: Lists, itext: Itext) -> dict[str, object]:
    """The fields of a question that say its choices."""
    element = control.element
    query, itemset = element.get("query"), element.find(f"{XF}itemset")
    if query:  # select_one_external: rows of itemsets.csv
        return {"itemset": query.strip(), "itemset_value": "name", "itemset_label": "label"}
    if itemset is None:
        return {"choices": tuple(_inline(element, itext))}
    nodeset = itemset.get("nodeset", "").strip()
    value, label = _ref(itemset, "value", "name"), _ref(itemset, "label", "label")
    named = _LIST.search(nodeset)
    listed = named is not None and named[1] in lists
    choices = lists.choices(named[1], value, label) if named and listed else ()
    plain = listed and _PLAIN.fullmatch(nodeset)
    return {"choices": choices, "itemset": None if plain else nodeset, "itemset_value": value, "itemset_label": label}


def _ref(itemset: Element, name: str, default: str) -> str:
    found = itemset.find(f"{XF}{name}")
    return default if found is None else found.get("ref", default).strip()


def _inline(control: Element, itext: Itext) -> Iterator[Choice]:
    for item in control.findall(f"{XF}item"):
        label = item.find(f"{XF}label")
        yield Choice((item.findtext(f"{XF}value") or "").strip(), itext.words_of(label), media=itext.media_of(label))


def _rows(instance: Element, value: str, label: str, itext: Itext) -> Iterator[Choice]:
    by_itext = _BY_ITEXT.fullmatch(label)
    wanted = (by_itext[1] if by_itext else label).strip()
    for item in (row for top in instance for row in top):
        columns = {local(cell): (cell.text or "").strip() for cell in item}
        name, word = columns.pop(value, ""), columns.pop(wanted, "")
        if by_itext:
            yield Choice(name, itext.by_id(word), columns, itext.media_by_id(word))
        else:
            yield Choice(name, itext.same((word,) if word else ()), columns)
