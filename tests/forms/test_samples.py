"""Questionnaires that this project did not write: each is filled in whole, or refused with a cell and a sentence.

The figures are printed by `python3 packaging/dev.py samples`.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from tests.forms.samples import FOLDER, Sample, Verdict, mill, samples

CHUNKS = 12


@cache
def verdict(sample: Sample) -> Verdict:
    return mill(sample)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_foreign_form_is_filled_in_or_refused_in_words(chunk: int) -> None:
    failed = {}
    for sample in samples()[chunk::CHUNKS]:
        try:
            verdict(sample)
        except Exception as error:  # noqa: BLE001 - whatever it is, the form's name belongs beside it
            failed[sample.name] = f"{type(error).__name__}: {error}"
    assert failed == {}


def test_most_foreign_forms_are_filled_in() -> None:
    counts = Counter(verdict(sample).outcome for sample in samples())
    assert counts["supported"] >= 275, counts
    assert counts["refused by the program"] <= 20, counts
    assert sum(verdict(sample).answers for sample in samples()) >= 600


def test_what_the_program_refuses_is_told_with_its_cell() -> None:
    refused = [verdict(sample) for sample in samples() if verdict(sample).outcome == "refused by the program"]
    assert [one.sample.name for one in refused if "!" not in one.reason.partition(":")[0]] == []


def test_the_forms_in_the_workbooks_of_the_packages_are_among_them() -> None:
    """Not only the small ones drawn as tables: the sample workbooks themselves, of every kind of file."""
    names = [sample.name for sample in samples()]
    wanted = {".xls": 30, ".xlsx": 10, ".csv": 8}
    assert all(sum(name.endswith(ending) for name in names) >= least for ending, least in wanted.items())
    assert (FOLDER / "samples-lock.sha256").is_file()
