"""The words: whole in both languages, and every key that the source asks for is there."""

from __future__ import annotations

import ast
import json
import re
import string
from collections.abc import Iterator
from pathlib import Path

from poverty_desktop.system.resources import load_texts, resource

SOURCE = Path(__file__).resolve().parent.parent / "poverty_desktop"
_KEY = re.compile(r"[a-z_0-9]+(\.[A-Za-z_0-9]+)+")
CATALOGUE = load_texts().catalogue


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_sentence_stands_in_both_languages_with_the_same_facts():
    assert [key for key, words in CATALOGUE.items() if not (words["vi"].strip() and words["en"].strip())] == []
    assert [key for key, words in CATALOGUE.items() if placeholders(words["vi"]) != placeholders(words["en"])] == []


def test_no_key_stands_in_two_files():
    seen: dict[str, str] = {}
    for file in sorted(resource("texts").glob("*.json")):
        for key in json.loads(file.read_text(encoding="utf-8")):
            assert key not in seen, f"{key} in {file.name} and {seen[key]}"
            seen[key] = file.name


def asked_keys() -> Iterator[tuple[str, str]]:
    """(file:line, key) of every literal key in a call of `texts(…)`, `self.texts(…)`, `self._texts(…)`, and `KnownProblem(…)`."""
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                where, word = f"{file.name}:{node.lineno}", node.args[0].value
                if name in ("texts", "_texts") and isinstance(word, str):
                    yield where, word
                elif name == "KnownProblem":
                    yield where, f"problem.{word}"


def test_every_key_in_the_source_has_its_sentence():
    missing = [f"{where} {key}" for where, key in asked_keys() if key not in CATALOGUE]
    assert missing == []


def said_keys() -> Iterator[re.Pattern[str]]:
    """What the source may ask for: every text in it, alone or as the code of a problem, and every text with parts filled in that
    begins with a name of its own, or ends in one behind the name of a place."""
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [re.escape(str(one.value)) if isinstance(one, ast.Constant) else ".+" for one in node.values]
                own = "".join(parts).replace(".+", "")
                if "." in own and (parts[0] != ".+" or re.fullmatch(r"\\\.[a-z_]{3,}", own)):
                    yield re.compile("".join(parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _KEY.fullmatch(node.value):
                yield re.compile(rf"(problem\.)?{re.escape(node.value)}")


def test_no_sentence_stands_there_that_nobody_asks_for():
    said = list(said_keys())
    assert [key for key in CATALOGUE if not any(one.fullmatch(key) for one in said)] == []
