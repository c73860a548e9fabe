"""Reading an XForm (ODK XForms specification) into a `FormDefinition`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.actions import FIRST, LATER, quoted, read_actions
from poverty_desktop.forms.controls import Body, Control, attributes_of, bare_path, kind_of, local, range_of, read_body
from poverty_desktop.forms.definition import Action, FormDefinition, Group, Question, Tone, Words
from poverty_desktop.forms.itemsets import Lists, read_choices
from poverty_desktop.forms.itext import XF, Itext, read_itext
from poverty_desktop.forms.record import JR, initial_instances, read_meta, template_of

XHTML = "{http://www.w3.org/1999/xhtml}"
ORX = "{http://openrosa.org/xforms}"
ENTITIES = "{http://www.opendatakit.org/xforms/entities}"
TONE_NAMESPACE = "https://poverty-desktop.example/xforms"  # of the bind attribute `tone`; an identifier, not an address to open


def read_xform(xml: bytes, digest: str, files: Mapping[str, bytes]) -> FormDefinition:
    """See FormDefinition.parse."""
    try:
        definition = _definition(Reader(_parse(xml)), xml, digest, files)
        definition.plan.check()
    except RecursionError as error:
        raise KnownProblem("forms.not_an_xform", reason="nested too deep") from error
    return definition


def _definition(reader: Reader, xml: bytes, digest: str, files: Mapping[str, bytes]) -> FormDefinition:
    definition = FormDefinition(
        form_id=reader.root.get("id") or _namespace(reader.root),
        version=reader.root.get("version", ""),
        hash=digest,
        title=reader.title,
        official=reader.root.get("official") != "no",
        languages=reader.itext.languages,
        sections=tuple(_sections(reader)),
        xml=xml,
        standard=reader.root.get("standard", ""),
        meta=reader.meta(reader.root, f"/{local(reader.root)}"),
        actions=tuple(action for action in reader.actions if action.events & LATER),
        language_names=dict(reader.itext.names),
        external=reader.external,
        itext={identity: words for (identity, form), words in reader.itext.words.items() if not form},
        files=files,
    )
    _refuse_dangling(reader)
    return definition


def _refuse_dangling(reader: Reader) -> None:
    """A control or bind without a node of the instance has no place for its answer."""
    for path in [*reader.body.controls, *reader.body.repeats]:
        if path not in reader.paths:
            raise KnownProblem("forms.no_such_node", path=path, element=local(reader.root))


def _parse(xml: bytes) -> Element:
    try:
        html = ElementTree.fromstring(xml)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise KnownProblem("forms.not_an_xform", reason=str(error)) from error
    if html.find(f"{XHTML}head/{XF}model/{XF}instance/*") is None or html.find(f"{XHTML}body") is None:
        raise KnownProblem("forms.not_an_xform", reason="model, instance or body is missing")
    return html


def _namespace(root: Element) -> str:
    """What old forms are named by that have no id (OpenRosa: xmlns of the primary instance)."""
    name = root.tag[1:].partition("}")[0] if root.tag.startswith("{") else ""
    return "" if f"{{{name}}}" == XF else name


class Reader:
    """The parts of one XForm while it is read. `paths` gathers the nodes of the primary instance."""

    def __init__(self, html: Element) -> None:
        model = html.find(f"{XHTML}head/{XF}model")
        body = html.find(f"{XHTML}body")
        assert model is not None
        assert body is not None
        self.title = html.findtext(f"{XHTML}head/{XHTML}title") or ""
        self.root = model.findall(f"{XF}instance/*")[0]
        self.itext: Itext = read_itext(model)
        self.binds = {bare_path(bind.get("nodeset", "")): bind for bind in model.findall(f"{XF}bind")}
        self.body: Body = read_body(body, {bind.get("id", ""): path for path, bind in self.binds.items()})
        instances = [one for one in model.findall(f"{XF}instance") if one.get("id")]
        self.lists = Lists({one.get("id", ""): one for one in instances if len(one)}, self.itext)
        self.external = {one.get("id", ""): one.get("src", "").rpartition("/")[2] for one in instances if not len(one)}
        loose = [("", element) for element in model if local(element) not in ("itext", "instance", "bind", "submission")]
        self.actions = tuple(read_actions([*loose, *self.body.actions], local(self.root)))
        self.defaults = {action.target: action.value for action in self.actions if action.events & FIRST}
        self.paths: set[str] = set()

    def meta(self, parent: Element, path: str) -> Group | None:
        """The record's own data below a node, when it has any."""
        element = next((child for child in parent if local(child) == "meta"), None)
        if element is None:
            return None
        return read_meta(element, f"{path}/meta", lambda full, text: self.question(full, text, None))

    def question(self, full: str, text: str | None, control: Control | None) -> Question:
        """The question of a leaf; `text` is what the form's own instance holds."""
        self.paths.add(full)
        path, bind = relative(full), self.binds.get(full)
        default = self.defaults.get(path) or (quoted(text.strip()) if text and text.strip() else None)
        question = Question(path=path, name=path.rpartition("/")[2], kind="hidden", default=default)
        question = question if bind is None else replace(question, **_of_bind(self, bind))
        if control is None:
            return replace(question, kind="calculate" if question.calculate else "hidden")
        is_note = question.readonly == "true()" and not question.calculate and not question.default
        kind = kind_of(control, "" if bind is None else bind.get("type") or "", is_note and not question.preload, path)
        return replace(question, kind=kind, range=range_of(control, path), **_of_control(self, control))


def _sections(reader: Reader) -> Iterator[Group]:
    """Top-level groups; questions between them are gathered in sections without a name, in paper order."""
    loose: list[Question] = []
    first = True
    for item in _items(reader, reader.root, f"/{local(reader.root)}"):
        if isinstance(item, Question):
            loose.append(item)
            continue
        if loose:
            yield Group(path="" if first else loose[0].path, name="", items=tuple(loose))
            loose, first = [], False
        yield item
    if loose:
        yield Group(path="" if first else loose[0].path, name="", items=tuple(loose))


def _items(reader: Reader, parent: Element, path: str) -> Iterator[Question | Group]:
    seen: set[str] = set()
    for element in parent:
        name = local(element)
        if not name or name == "meta" or name in seen:  # the record's own data; further instances of a repeat
            continue
        seen.add(name)
        full = f"{path}/{name}"
        if len(element) or full in reader.body.repeats or full in reader.body.groups:
            yield _group(reader, parent, name, full)
        else:
            yield reader.question(full, element.text, reader.body.controls.get(full))


def relative(full: str) -> str:
    """The path below the root: "/data/roster/age" is "roster/age"."""
    return full.split("/", 2)[2]


def _group(reader: Reader, parent: Element, name: str, full: str) -> Group:
    reader.paths.add(full)
    bind, control, repeat = reader.binds.get(full), reader.body.groups.get(full), reader.body.repeats.get(full)
    count = None if repeat is None else (repeat.get(f"{JR}count") or "").strip() or None
    fixed = repeat is not None and (count is not None or repeat.get(f"{JR}noAddRemove", "").strip() in ("true()", "true"))
    template = template_of(parent, name)
    meta = reader.meta(template, full)
    return Group(
        path=relative(full),
        name=name,
        label=reader.itext.words_of(None if control is None else control.find(f"{XF}label")),
        hint=reader.itext.words_of(None if control is None else control.find(f"{XF}hint")),
        appearance=_appearance(repeat) or _appearance(control),
        relevant=None if bind is None else bind.get("relevant"),
        repeat=repeat is not None,
        may_add=repeat is not None and not fixed,
        items=(*_items(reader, template, full), *([meta] if meta else [])),
        count=count,
        initial=initial_instances(parent, name) if repeat is not None and count is None else (),
    )


def _appearance(element: Element | None) -> str:
    return "" if element is None else element.get("appearance", "")


def _of_bind(reader: Reader, bind: Element) -> dict[str, Any]:
    tone: Tone = "amber" if bind.get(f"{{{TONE_NAMESPACE}}}tone") == "amber" else "red"
    pixels = bind.get(f"{ORX}max-pixels", "").strip()
    return {
        "relevant": bind.get("relevant"),
        "required": bind.get("required"),
        "required_message": reader.itext.message(bind.get(f"{JR}requiredMsg")),
        "constraint": bind.get("constraint"),
        "constraint_message": reader.itext.message(bind.get(f"{JR}constraintMsg")),
        "tone": tone,
        "changes": bind.get(f"{{{TONE_NAMESPACE}}}changes") == "yes",
        "readonly": bind.get("readonly"),
        "calculate": bind.get("calculate") or None,
        "preload": " ".join(bind.get(f"{JR}{name}", "") for name in ("preload", "preloadParams")).strip(),
        "save_to": bind.get(f"{ENTITIES}saveto", ""),
        "max_pixels": int(pixels) if pixels.isdecimal() else None,
    }


def _of_control(reader: Reader, control: Control) -> dict[str, Any]:
    element = control.element
    label, hint = element.find(f"{XF}label"), element.find(f"{XF}hint")
    return {
        "label": reader.itext.words_of(label),
        "hint": reader.itext.words_of(hint),
        "guidance": reader.itext.words_of(hint, "guidance") if hint is not None else Words(),
        "appearance": element.get("appearance", ""),
        "accept": element.get("accept", ""),
        "media": reader.itext.media_of(label),
        "attributes": attributes_of(control),
        **read_choices(control, reader.lists, reader.itext),
    }


__all__ = ["Action", "read_xform"]
