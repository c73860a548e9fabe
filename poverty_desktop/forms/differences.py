"""What changed between two versions of a questionnaire: data, so that each reader gets it in words of their own language.

One difference is ``{"kind", "path", "label", …}``: `path` of the question or group, `label` its words by language. Kinds: added,
removed, moved (to another place or, with "from", from another path), kind, words ("part", "before", "after"), choice_added,
choice_removed, choice_words, logic ("part": one of `_RULES`), points ("choice", "column", "before", "after"), title, official,
and of the lists that go with the form ("path" their file): list_added, list_removed, list_changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from poverty_desktop.forms.definition import Choice, FormDefinition, Group, Question, Range, Words
from poverty_desktop.forms.points import PREFIX

Difference = dict[str, Any]
Node = Question | Group
_WORDS = ("label", "hint", "guidance", "constraint_message", "required_message")
_RULES = (
    "relevant",
    "required",
    "constraint",
    "tone",
    "range",
    "calculate",
    "readonly",
    "default",
    "changes",
    "itemset",
    "count",
)


def differences(before: FormDefinition, after: FormDefinition) -> list[Difference]:
    """From one version to the next, in the order of the new form; what was removed comes last."""
    old, new = dict(_nodes(before)), dict(_nodes(after))
    renamed = _renamed(old, new)
    found = list(_of_form(before, after))
    out_of_order = _out_of_order([renamed.get(path, path) for path in old], list(new))
    origin = {path: earlier for earlier, path in renamed.items()}
    for path, node in new.items():
        earlier = origin.get(path, path)
        if earlier not in old:
            found.append(_one("added", path, node))
            continue
        if earlier != path or path in out_of_order:
            found.append(_one("moved", path, node) | ({"from": earlier} if earlier != path else {}))
        found += _of_node(path, old[earlier], node)
    found += [_one("removed", path, node) for path, node in old.items() if path not in new and path not in renamed]
    return found


def _nodes(form: FormDefinition) -> Iterator[tuple[str, Node]]:
    for section in form.sections:
        yield from _within(section)


def _within(node: Node) -> Iterator[tuple[str, Node]]:
    if node.path:
        yield node.path, node
    if isinstance(node, Group):
        for item in node.items:
            yield from _within(item)


def _renamed(old: Mapping[str, Node], new: Mapping[str, Node]) -> dict[str, str]:
    """Old path -> new path of what stands elsewhere under the same name, where the name is told apart."""
    gone = {path: node.name for path, node in old.items() if path not in new}
    come = {path: node.name for path, node in new.items() if path not in old}
    once = {name for name, times in Counter(gone.values()).items() if times == 1}
    once &= {name for name, times in Counter(come.values()).items() if times == 1}
    places = {name: path for path, name in come.items()}
    same = {path: places[name] for path, name in gone.items() if name in once}
    return {path: to for path, to in same.items() if isinstance(old[path], Question) == isinstance(new[to], Question)}


def _out_of_order(old: list[str], new: list[str]) -> set[str]:
    """Paths of both that no longer stand in the same order among themselves."""
    one, other = [path for path in old if path in set(new)], [path for path in new if path in set(old)]
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    kept = {path for block in matcher.get_matching_blocks() for path in other[block.b : block.b + block.size]}
    return set(other) - kept


def _of_form(before: FormDefinition, after: FormDefinition) -> Iterator[Difference]:
    for part in ("title", "official"):
        was, now = getattr(before, part), getattr(after, part)
        if was != now:
            yield {"kind": part, "path": "", "label": {}, "before": str(was), "after": str(now)}
    for file in sorted({*before.files, *after.files}):
        was, now = before.files.get(file), after.files.get(file)
        if was != now:
            kind = "list_added" if was is None else "list_removed" if now is None else "list_changed"
            yield {"kind": kind, "path": file, "label": {}}


def _of_node(path: str, before: Node, after: Node) -> Iterator[Difference]:
    if isinstance(before, Question) and isinstance(after, Question) and before.kind != after.kind:
        yield _one("kind", path, after) | {"before": before.kind, "after": after.kind}
    for part in _WORDS:
        yield from _of_words("words", path, after, getattr(before, part, Words()), getattr(after, part, Words()), {"part": part})
    for part in _RULES:
        was, now = _rule(before, part), _rule(after, part)
        if was != now:
            yield _one("logic", path, after) | {"part": part, "before": was, "after": now}
    if isinstance(before, Question) and isinstance(after, Question):
        yield from _of_choices(path, before, after)


def _rule(node: Node, part: str) -> str:
    """A rule as text; "" where the node has none."""
    rule = getattr(node, part, None)
    if isinstance(rule, Range):
        return f"{rule.start}…{rule.end} ({rule.step})"
    return "yes" if rule is True else str(rule or "")


def _of_words(kind: str, path: str, node: Node, before: Words, after: Words, more: Difference) -> Iterator[Difference]:
    for language in sorted({*before.parts, *after.parts}):
        was, now = _shown(before, language), _shown(after, language)
        if was != now:
            yield _one(kind, path, node) | {**more, "language": language, "before": was, "after": now}


def _shown(words: Words, language: str) -> str:
    """The words with the expressions in them as they stand."""
    parts = words.parts.get(language, ())
    return "".join(part if at % 2 == 0 else f"{{{part}}}" for at, part in enumerate(parts))


def _of_choices(path: str, before: Question, after: Question) -> Iterator[Difference]:
    old = {choice.value: choice for choice in before.choices}
    new = {choice.value: choice for choice in after.choices}
    for value, choice in new.items():
        if value not in old:
            yield _of_choice("choice_added", path, after, choice)
            yield from _of_points(path, after, {}, choice)
            continue
        more = {"choice": value}
        yield from _of_words("choice_words", path, after, old[value].label, choice.label, more)
        yield from _of_points(path, after, old[value].columns, choice)
    yield from (_of_choice("choice_removed", path, after, choice) for value, choice in old.items() if value not in new)


def _of_choice(kind: str, path: str, node: Node, choice: Choice) -> Difference:
    return _one(kind, path, node) | {"choice": choice.value, "choice_label": _plain(choice.label)}


def _of_points(path: str, node: Node, before: Mapping[str, str], choice: Choice) -> Iterator[Difference]:
    for column in sorted(name for name in {*before, *choice.columns} if name.startswith(PREFIX)):
        was, now = before.get(column, ""), choice.columns.get(column, "")
        if was != now:
            yield _of_choice("points", path, node, choice) | {"column": column, "before": was, "after": now}


def _one(kind: str, path: str, node: Node) -> Difference:
    return {"kind": kind, "path": path, "label": _plain(node.label)}


def _plain(words: Words) -> dict[str, str]:
    return {language: words.plain(language) for language in words.parts if words.plain(language)}
