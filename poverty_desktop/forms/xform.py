"""Reading an XForm (ODK XForms specification) into a `FormDefinition`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.controls import KINDS, Body, Control, read_body, read_choices
from poverty_desktop.forms.definition import FormDefinition, Group, Question, QuestionKind, Tone, Words
from poverty_desktop.forms.itext import XF, Itext, read_itext

XHTML = "{http://www.w3.org/1999/xhtml}"
JR = "{http://openrosa.org/javarosa}"
TONE_NAMESPACE = "https://poverty-desktop.example/xforms"  # of the bind attribute `tone`; an identifier, not an address to open
_INPUT_KINDS: dict[str, QuestionKind] = {"int": "integer", "integer": "integer", "decimal": "decimal", "date": "date"}
_TYPES = {"string", "int", "integer", "decimal", "date", "select", "select1", "odk:rank", None}


def read_xform(xml: bytes, digest: str) -> FormDefinition:
    """See FormDefinition.parse."""
    reader = _Reader(_parse(xml))
    definition = FormDefinition(
        form_id=reader.root.get("id", ""),
        version=reader.root.get("version", ""),
        hash=digest,
        title=reader.title,
        official=reader.root.get("official") != "no",
        languages=reader.itext.languages,
        sections=tuple(_sections(reader)),
        xml=xml,
        standard=reader.root.get("standard", ""),
    )
    definition.plan.check()
    return definition


def _parse(xml: bytes) -> Element:
    try:
        html = ElementTree.fromstring(xml)
    except ElementTree.ParseError as error:
        raise KnownProblem("forms.not_an_xform", reason=str(error)) from error
    if html.find(f"{XHTML}head/{XF}model/{XF}instance/*") is None or html.find(f"{XHTML}body") is None:
        raise KnownProblem("forms.not_an_xform", reason="model, instance or body is missing")
    return html


def quoted(text: str) -> str:
    """A constant as an XPath literal. XPath 1.0 cannot hold both kinds of quotes in one: the double ones are dropped."""
    return f"'{text}'" if "'" not in text else '"' + text.replace('"', "") + '"'


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


class _Reader:
    """The parts of one XForm while it is read."""

    def __init__(self, html: Element) -> None:
        model = html.find(f"{XHTML}head/{XF}model")
        body = html.find(f"{XHTML}body")
        assert model is not None
        assert body is not None
        self.model = model
        self.title = html.findtext(f"{XHTML}head/{XHTML}title") or ""
        self.root = model.findall(f"{XF}instance/*")[0]
        self.itext: Itext = read_itext(model)
        self.body: Body = read_body(body)
        self.binds = {bind.get("nodeset", "").strip(): bind for bind in model.findall(f"{XF}bind")}
        self.instances = {one.get("id", ""): one for one in model.findall(f"{XF}instance") if one.get("id")}
        self.defaults = {
            action.get("ref", "").strip(): action.get("value") or quoted(action.text or "")
            for action in html.iter(f"{XF}setvalue")
            if {"odk-instance-first-load", "odk-new-repeat"} & set((action.get("event") or "").split())
        }


def _sections(reader: _Reader) -> Iterator[Group]:
    """Top-level groups; questions outside of them are gathered in a section without a title, first."""
    items = list(_items(reader, reader.root, f"/{local(reader.root)}"))
    loose = tuple(item for item in items if isinstance(item, Question))
    if loose:
        yield Group(path="", name="", items=loose)
    yield from (item for item in items if isinstance(item, Group))


def _items(reader: _Reader, parent: Element, path: str) -> Iterator[Question | Group]:
    seen: set[str] = set()
    for element in parent:
        name = local(element)
        if name == "meta" or name in seen:  # the record's own data; further instances of a repeat
            continue
        seen.add(name)
        full = f"{path}/{name}"
        is_group = len(element) or full in reader.body.repeats
        yield _group(reader, element, full) if is_group else _question(reader, element, full)


def relative(full: str) -> str:
    """The path below the root: "/data/roster/age" is "roster/age"."""
    return full.split("/", 2)[2]


def _group(reader: _Reader, element: Element, full: str) -> Group:
    bind, control = reader.binds.get(full), reader.body.groups.get(full)
    repeat = reader.body.repeats.get(full)
    fixed = repeat is not None and (repeat.get(f"{JR}noAddRemove") == "true()" or repeat.get(f"{JR}count") is not None)
    return Group(
        path=relative(full),
        name=local(element),
        label=reader.itext.words_of(None if control is None else control.find(f"{XF}label")),
        hint=reader.itext.words_of(None if control is None else control.find(f"{XF}hint")),
        appearance=_appearance(repeat) or _appearance(control),
        relevant=None if bind is None else bind.get("relevant"),
        repeat=repeat is not None,
        may_add=repeat is not None and not fixed,
        items=tuple(_items(reader, element, full)),
    )


def _appearance(element: Element | None) -> str:
    return "" if element is None else element.get("appearance", "")


def _question(reader: _Reader, element: Element, full: str) -> Question:
    bind = reader.binds.get(full)
    control = reader.body.controls.get(full)
    question = _with_bind(reader, Question(path=relative(full), name=local(element), kind="hidden"), bind)
    question = replace(question, default=reader.defaults.get(full) or (quoted(element.text) if element.text else None))
    if control is None:
        return replace(question, kind="calculate" if question.calculate else "hidden")
    return _with_control(reader, question, control, None if bind is None else bind.get("type"))


def _with_bind(reader: _Reader, question: Question, bind: Element | None) -> Question:
    if bind is None:
        return question
    if (bind.get("type") or "string").removeprefix("xsd:") not in _TYPES and reader.body.controls.get(bind.get("nodeset", "")):
        raise KnownProblem("forms.unsupported", element=bind.get("type"), path=question.path)
    tone: Tone = "amber" if bind.get(f"{{{TONE_NAMESPACE}}}tone") == "amber" else "red"
    today = bind.get(f"{JR}preload") == "date"
    return replace(
        question,
        relevant=bind.get("relevant"),
        required=bind.get("required"),
        required_message=reader.itext.message(bind.get(f"{JR}requiredMsg")),
        constraint=bind.get("constraint"),
        constraint_message=reader.itext.message(bind.get(f"{JR}constraintMsg")),
        tone=tone,
        changes=bind.get(f"{{{TONE_NAMESPACE}}}changes") == "yes",
        readonly=bind.get("readonly"),
        calculate=bind.get("calculate") or ("today()" if today else None),
    )


def _with_control(reader: _Reader, question: Question, control: Control, kind: str | None) -> Question:
    element = control.element
    if control.name not in KINDS:
        raise KnownProblem("forms.unsupported", element=control.name, path=question.path)
    hint = element.find(f"{XF}hint")
    choices, itemset = read_choices(element, reader.instances, reader.itext)
    return replace(
        question,
        kind=KINDS[control.name] or _input_kind(question, kind),
        label=reader.itext.words_of(element.find(f"{XF}label")),
        hint=reader.itext.words_of(hint),
        guidance=reader.itext.words_of(hint, "guidance") if hint is not None else Words(),
        appearance=element.get("appearance", ""),
        choices=choices,
        itemset=itemset,
    )


def _input_kind(question: Question, kind: str | None) -> QuestionKind:
    """The kind of an `<input>`. A read-only text without a value of its own is what pyxform makes of a note."""
    name = (kind or "string").removeprefix("xsd:")
    if name == "string":
        is_note = question.readonly == "true()" and not question.calculate and not question.default
        return "note" if is_note else "text"
    return _INPUT_KINDS[name]
