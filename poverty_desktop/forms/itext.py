"""The words of an XForm: its `<itext>` and the labels and hints that point into it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from poverty_desktop.forms.definition import Words

XF = "{http://www.w3.org/2002/xforms}"
_CODE = re.compile(r"\(([A-Za-z-]+)\)\s*$")
_ITEXT = re.compile(r"\s*jr:itext\(\s*'([^']*)'\s*\)\s*")


def language_code(lang: str) -> str:
    """The code of a translation: "Tiếng Việt (vi)" is "vi"; a name without a code is its own code."""
    found = _CODE.search(lang)
    return found[1] if found else lang


def parts_of(element: Element) -> tuple[str, ...]:
    """The text of an element in turns with the expressions of its `<output>` children."""
    parts = [element.text or ""]
    for output in element:
        parts += [(output.get("value") or output.get("ref") or "").strip(), output.tail or ""]
    if len(parts) > 1:  # pyxform pads such texts with blanks
        parts[0], parts[-1] = parts[0].lstrip(), parts[-1].rstrip()
    return tuple(parts) if any(parts) else ()


@dataclass(frozen=True)
class Itext:
    """All words by id, and by form ("" or "guidance")."""

    languages: tuple[str, ...]
    words: Mapping[tuple[str, str], Words]

    def words_of(self, element: Element | None, form: str = "") -> Words:
        """The words of a label or hint: by reference into itext, or its own text in every language."""
        if element is None:
            return Words()
        reference = _ITEXT.fullmatch(element.get("ref") or "")
        if reference:
            return self.words.get((reference[1], form), Words())
        return Words() if form else self._same(parts_of(element))

    def message(self, text: str | None) -> Words:
        """The words of a bind's message: literal text or jr:itext('id')."""
        reference = _ITEXT.fullmatch(text or "")
        return self.words.get((reference[1], ""), Words()) if reference else self._same((text,) if text else ())

    def _same(self, parts: tuple[str, ...]) -> Words:
        return Words(dict.fromkeys(self.languages or ("",), parts)) if parts else Words()


def read_itext(model: Element) -> Itext:
    """The itext of a model; the default language comes first, so that it stands in for missing words."""
    translations = sorted(model.findall(f"{XF}itext/{XF}translation"), key=lambda one: one.get("default") != "true()")
    collected: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    for translation in translations:
        language = language_code(translation.get("lang", ""))
        for text in translation.iter(f"{XF}text"):
            for value in text.iter(f"{XF}value"):
                form = value.get("form", "")
                if form in ("", "guidance"):
                    collected.setdefault((text.get("id", ""), form), {})[language] = parts_of(value)
    languages = tuple(language_code(translation.get("lang", "")) for translation in translations)
    return Itext(languages, {key: Words(words) for key, words in collected.items()})
