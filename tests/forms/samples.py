"""Questionnaires that this project did not write, and the mill that each of them goes through.

They ship in published packages that `packaging/samples.lock` pins; `packaging/dev.py samples` (and `dev.py test`) fetches them
into `.venv/samples` and prints what became of each. Nothing of them is in this repository.
"""

from __future__ import annotations

import ast
import json
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms import FormDefinition
from poverty_desktop.forms.evaluate import evaluate
from poverty_desktop.forms.release import inspect
from poverty_desktop.forms.sheets import FormFault
from poverty_desktop.system.resources import load_texts
from tests.forms.filling import TODAY, Filler

FOLDER = Path(__file__).resolve().parents[2] / ".venv" / "samples"
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv", ".md")
NOT_FORMS = {"fruits.csv"}  # data that a form reads, not a form


@dataclass(frozen=True)
class Sample:
    """One foreign form: where it stands, and its bytes."""

    name: str
    data: bytes

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Verdict:
    """What became of a form: "supported", "refused by pyxform" or "refused by the program"; with the first sentence and cell."""

    sample: Sample
    outcome: str
    reason: str = ""
    answers: int = 0


@cache
def samples() -> tuple[Sample, ...]:
    """All foreign forms, in a fixed order: the workbooks, then the forms written as tables in the packages' own tests."""
    assert FOLDER.is_dir(), "the foreign forms are not here yet: run `python3 packaging/dev.py samples` once"
    files = sorted(path for path in FOLDER.rglob("*") if path.suffix in SUFFIXES and path.name not in NOT_FORMS)
    return (
        *(Sample(str(path.relative_to(FOLDER)), path.read_bytes()) for path in files if _holds_forms(path.parent)),
        *_tables(),
    )


def _holds_forms(folder: Path) -> bool:
    return "example" in folder.name or folder.name == "xlsforms"


def _tables() -> Iterator[Sample]:
    """Every text in the packages' Python tests that is a form drawn as a table. The tests are read as data, never run."""
    seen = set()
    for path in sorted(FOLDER.rglob("test*/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_table(node.value):
                text = textwrap.dedent(node.value).strip() + "\n"
                if text not in seen:
                    seen.add(text)
                    yield Sample(f"{path.relative_to(FOLDER)}:{node.lineno}", text.encode())


def _is_table(text: str) -> bool:
    return text.lstrip().startswith("|") and "survey" in text.partition("\n")[2].join(text) and text.count("\n") > 1


def mill(sample: Sample) -> Verdict:
    """Convert, open, fill, evaluate, save, reopen and compute anew; or be refused in words; all else is an AssertionError."""
    try:
        seen = inspect(sample.data)
    except KnownProblem as problem:
        return Verdict(sample, "refused by pyxform", load_texts("en")(f"problem.{problem.code}", **problem.facts))
    faults = [fault for fault in seen.faults if fault.level == "fault"]
    if seen.xform is None:
        assert faults, "pyxform refuses it, the check finds no fault"
        return Verdict(sample, "refused by pyxform", _sentence(faults[0]))
    if faults:
        return Verdict(sample, "refused by the program", _sentence(faults[0]))
    return Verdict(sample, "supported", answers=_fill(seen.xform))


def _sentence(fault: FormFault) -> str:
    for language in ("vi", "en"):
        sentence = fault.sentence(load_texts(language))
        assert sentence
        assert fault.cell
    return f"{fault.cell}: {sentence}"


def _fill(xml: bytes) -> int:
    definition = FormDefinition.parse(xml)
    filler = Filler(definition)
    session = filler.fill()
    answers = session.answers()
    again = filler.open(answers)
    assert again.answers() == answers, "reopening changed the answers"
    assert again.calculated() == session.calculated(), "computing from nothing gives something else"
    assert [again.relevant(key) for key in again.places()] == [session.relevant(key) for key in session.places()]
    told = evaluate(definition, filler.nested(), today=TODAY, texts=load_texts("vi"))
    assert json.loads(json.dumps(told, ensure_ascii=False))["form"]["hash"] == definition.hash
    return sum(1 for text in answers.values() if text)


def report() -> str:
    """The counts, and each refusal with its reason."""
    verdicts = [mill(sample) for sample in samples()]
    counts = Counter(verdict.outcome for verdict in verdicts)
    lines = [f"{verdict.outcome}: {verdict.sample} {verdict.reason}" for verdict in verdicts if verdict.reason]
    supported = sum(verdict.answers for verdict in verdicts)
    summary = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
    return "\n".join([*lines, f"{len(verdicts)} foreign forms: {summary}; {supported} answers filled in"])


if __name__ == "__main__":
    print(report())
