"""The words of an XForm: its `<itext>` and the labels and hints that point into it.

A word has several forms (ODK XForms specification, "Languages" and "Media"): its text, which may be given as "long" or "short"
instead, "guidance" for more help, and the names of pictures and sounds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from poverty_desktop.forms.definition import Words

XF = "{http://www.w3.org/2002/xforms}"
MEDIA_FORMS = ("short", "long", "image", "big-image", "audio", "video")
_TEXT_FORMS = ("", "long", "short")
_MISSING = ("-",)  # what pyxform writes where a translation is missing
_CODE = re.compile(r"\(([A-Za-z-]+)\)\s*$")
_ITEXT = re.compile(r"\s*jr:itext\(\s*(?:'([^']*)'|\"([^\"]*)\")\s*\)\s*")


def language_code(lang: str) -> str:
    """The code of a translation: "Tiếng Việt (vi)" is "vi"; a name without a code is its own code."""
    found = _CODE.search(lang)
    return found[1] if found else lang


def language_codes(names: Sequence[str]) -> dict[str, str]:
    """A code for each name; where two would have the same one, the second keeps its whole name."""
    codes: dict[str, str] = {}
    for name in names:
        code = language_code(name)
        codes[name] = name if code in codes.values() else code
    return codes


def parts_of(element: Element) -> tuple[str, ...]:
    """The text of an element in turns with the expressions of its `<output>` children."""
    parts = [element.text or ""]
    for child in element:
        if child.tag.rpartition("}")[2] == "output":
            parts += [(child.get("value") or child.get("ref") or "").strip(), child.tail or ""]
        else:
            parts[-1] += "".join(child.itertext()) + (child.tail or "")
    if len(parts) > 1:  # pyxform pads such texts with blanks
        parts[0], parts[-1] = parts[0].lstrip(), parts[-1].rstrip()
    return tuple(parts) if any(parts) else ()


@dataclass(frozen=True)
class Itext:
    """All words by id, and by form ("" for the text). `names` are the full names of the languages by code."""

    languages: tuple[str, ...]
    names: Mapping[str, str]
    words: Mapping[tuple[str, str], Words]

    def words_of(self, element: Element | None, form: str = "") -> Words:
        """The words of a label or hint: by reference into itext, by the path of an answer, or its own text in every language."""
        if element is None:
            return Words()
        reference = element.get("ref") or ""
        if _ITEXT.fullmatch(reference):
            return self.by_id(_identity(reference), form)
        if form:
            return Words()
        return self.same(("", reference.strip(), "") if reference.strip() else parts_of(element))

    def media_of(self, element: Element | None) -> dict[str, Words]:
        """The other forms of a label."""
        reference = "" if element is None else element.get("ref") or ""
        if not _ITEXT.fullmatch(reference):
            return {}
        return self.media_by_id(_identity(reference))

    def media_by_id(self, identity: str) -> dict[str, Words]:
        return {form: self.words[identity, form] for form in MEDIA_FORMS if (identity, form) in self.words}

    def by_id(self, identity: str, form: str = "") -> Words:
        forms = (form,) if form else _TEXT_FORMS
        return next((self.words[identity, one] for one in forms if (identity, one) in self.words), Words())

    def message(self, text: str | None) -> Words:
        """The words of a bind's message: literal text or jr:itext('id')."""
        if text and _ITEXT.fullmatch(text):
            return self.by_id(_identity(text))
        return self.same((text,) if text else ())

    def same(self, parts: tuple[str, ...]) -> Words:
        return Words(dict.fromkeys(self.languages or ("",), parts)) if parts else Words()


def _identity(reference: str) -> str:
    found = _ITEXT.fullmatch(reference)
    assert found is not None
    return found[1] or found[2] or ""


def read_itext(model: Element) -> Itext:
    """The itext of a model; the default language comes first, so that it stands in for missing words."""
    translations = sorted(model.findall(f"{XF}itext/{XF}translation"), key=lambda one: one.get("default", "false()") == "false()")
    codes = language_codes([translation.get("lang", "") for translation in translations])
    collected: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    for translation in translations:
        language = codes[translation.get("lang", "")]
        for text in translation.iter(f"{XF}text"):
            for value in text.iter(f"{XF}value"):
                collected.setdefault((text.get("id", ""), value.get("form", "")), {})[language] = parts_of(value)
    words = {key: Words(_without_missing(by_language)) for key, by_language in collected.items()}
    names = {code: name for name, code in codes.items()}
    return Itext(tuple(names), names, words)


def _without_missing(words: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    real = {language: parts for language, parts in words.items() if parts != _MISSING}
    return real or words
