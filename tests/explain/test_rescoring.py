"""An old survey under another standard or another form is a view: it says what differs and why, and changes nothing."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from poverty_desktop.domain.records import FormRelease, ReviewRound, Survey
from poverty_desktop.forms import FormDefinition
from poverty_desktop.services.rescoring import Rescored, Row, rescore
from poverty_desktop.services.rescoring_rounds import Rescoring, Target, transitions
from poverty_desktop.services.rescoring_words import compared_survey
from poverty_desktop.storage.workspace import Workspace
from poverty_desktop.system.released_forms import ShippedForms
from poverty_desktop.system.resources import load_texts, resource
from tests.fakes import FakeClock
from tests.review.answers import GOOD_HOUSE, POOR_HOUSE, rural_five, urban_one
from tests.review.conftest import MO_S, REFERENCE, TOWN_S, Commune
from tests.review.test_on_the_real_file import household, paper, service
from tests.review.test_reviewing import fill

OLD, NEW = REFERENCE.standard("mdp_2022_2025"), REFERENCE.standard("mdp_2027_2030")


def xform(name: str = "phieu_b") -> bytes:
    return resource("forms", f"{name}.xml").read_bytes()


def stored(commune: Commune, household_id: str) -> Survey:
    return next(one for one in commune.records.select(Survey) if one.household_id == household_id)


def under(survey: Survey, standard: object = OLD, form: bytes | None = None) -> Rescored:
    definition = FormDefinition.parse(form or xform())
    return rescore(survey, definition, standard, made_under=OLD, numbered_by=OLD, today=FakeClock().today())  # type: ignore[arg-type]


def row(found: Rescored, what: str) -> Row:
    return next(one for one in found.rows if what in (one.what, one.indicator.key if one.indicator else ""))


@pytest.fixture
def survey(commune: Commune) -> Survey:
    fill(commune, MO_S, rural_five(POOR_HOUSE, 120))
    return stored(commune, MO_S)


def test_under_its_own_standard_and_form_nothing_differs(survey: Survey) -> None:
    found = under(survey)
    assert found.differences == ()
    assert [one.what for one in found.rows[:3]] == ["class", "b1", "b2"]
    assert len(found.rows) == 3 + 12


def test_a_lower_cut_off_changes_the_class_and_says_that_it_was_the_cut_off(survey: Survey) -> None:
    found = under(survey, replace(OLD, b1_cutoffs={"rural": 100, "urban": 100}))
    told = [(one.what, one.before, one.after, one.why) for one in found.differences]
    assert told == [("class", "poor", "not_poor", ("cutoff",))]


def test_under_2027_2030_what_is_not_known_is_left_open_with_its_reason(survey: Survey) -> None:
    """No cut-offs, no method, no thresholds but three of a draft were found (standards.md sections 3 and 5)."""
    found = under(survey, NEW)
    assert (row(found, "class").after, row(found, "class").why) == (None, ("b1_cutoffs", "b2_rule"))
    assert (row(found, "b1").after, row(found, "b1").why) == (None, ("b1_method",))
    assert (row(found, "dependents").before, row(found, "dependents").after) == ("deprived", "deprived")
    assert (row(found, "water").after, row(found, "water").why) == (None, ("gap_threshold",))
    assert (row(found, "waste").after, row(found, "waste").why) == (None, ("gap_question",))
    assert (row(found, "information_means").after, row(found, "information_means").why) == (None, ("dropped",))


def test_indicators_are_matched_by_what_they_ask_not_by_their_number(survey: Survey) -> None:
    """Housing area and housing quality change places from 2022-2025 (8, 7) to 2027-2030 (7, 8)."""
    known = replace(NEW, indicators=tuple(replace(one, threshold_en="of a test") for one in NEW.indicators))
    found = under(survey, known)
    assert (row(found, "housing_area").numbers, row(found, "housing_area").after) == ((8, 7), "deprived")
    assert (row(found, "housing_quality").numbers, row(found, "telecom").after) == ((7, 8), "not_deprived")


def test_another_table_of_points_changes_b1_and_the_reason_names_it(survey: Survey) -> None:
    answered = {f"b1/demo_{name}": value for name, value in _first_choices().items()}
    again = survey.model_copy(update={"answers": survey.answers | answered})
    found = under(again, form=xform("phieu_b_demo"))
    assert (row(found, "b1").before, row(found, "b1").why) == (120, ("points",))
    assert found.after.b1_source == "points"
    assert found.after.b1_score not in (None, 120)


def _first_choices() -> dict[str, str]:
    demo = FormDefinition.parse(xform("phieu_b_demo"))
    scored = (one for one in demo.questions() if one.name.startswith("demo_") and one.choices)
    return {one.name.removeprefix("demo_"): one.choices[0].value for one in scored}


def test_a_form_whose_points_were_never_asked_leaves_b1_open(survey: Survey) -> None:
    found = under(survey, form=xform("phieu_b_demo"))
    assert (row(found, "b1").after, row(found, "b1").why) == (None, ("b1_open",))
    assert "b1_open" in row(found, "class").why


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("not_deprived", "deprived", "+ thêm thiếu hụt"),
        ("deprived", "not_applicable", "− không còn thiếu hụt"),
        ("not_deprived", "not_applicable", "→ khác, vẫn không thiếu hụt"),
        ("not_applicable", "not_deprived", "→ khác, vẫn không thiếu hụt"),
        ("deprived", "not_asked", "? chưa so được"),
        ("deprived", None, "? chưa so được"),
    ],
)
def test_only_what_was_a_deprivation_is_said_to_be_one_no_longer(
    survey: Survey, before: str, after: str | None, words: str
) -> None:
    found = under(survey)
    line = Row("indicator", before, after, indicator=OLD.indicators[0], numbers=(1, 1))
    (shown,) = compared_survey(replace(found, rows=(line,)), "Mơ", load_texts("vi")).lines
    assert shown.cells[3] == words


def test_every_reason_has_its_words() -> None:
    codes = ["b1_cutoffs", "b2_rule", "b1_method", "b1_open", "b2_open", "points", "cutoff", "b1", "b2", "indicators", "answers"]
    for code in [*codes, "gap_threshold", "gap_question", "dropped", "new"]:
        assert load_texts("vi")(f"explain.why_{code}"), code


def test_a_round_is_counted_by_what_would_change(commune: Commune) -> None:
    fill(commune, MO_S, rural_five(POOR_HOUSE, 120))
    fill(commune, TOWN_S, urban_one(GOOD_HOUSE, 150))
    rescoring = Rescoring(commune.records, commune.lists, commune.clock, REFERENCE, commune.forms)
    ids = rescoring.surveys(2026)
    assert len(ids) == 2
    found = rescoring.rescored(ids, Target("mdp_2027_2030"))
    assert {(one.before, one.after, one.households) for one in transitions(found)} == {("poor", None, 1), ("near_poor", None, 1)}
    same = transitions(rescoring.rescored(ids, Target("mdp_2022_2025")))
    assert {(one.before, one.after) for one in same} == {("poor", "poor"), ("near_poor", "near_poor")}


def test_a_released_form_is_a_target_of_its_own(commune: Commune) -> None:
    fill(commune, MO_S, rural_five(POOR_HOUSE, 120))
    demo = xform("phieu_b_demo")
    parsed = FormDefinition.parse(demo)
    facts = {"form_id": parsed.form_id, "version": parsed.version, "form_hash": parsed.hash, "title": "Bảng điểm của tỉnh"}
    made = {"made_by": "an", "made_at": "2026-11-01", "source": "", "state": "released", "standard_id": "mdp_2022_2025"}
    commune.records.put(FormRelease(id="0190a000-0000-7000-8000-00000000f001", xform=demo.decode(), **facts, **made))
    rescoring = Rescoring(commune.records, commune.lists, commune.clock, REFERENCE, commune.forms)
    target = next(one for one in rescoring.targets() if one.form_hash)
    found = rescoring.of_household(MO_S, target)
    assert found is not None
    assert found.rescored.after.form == (parsed.form_id, parsed.version, parsed.hash)
    assert rescoring.of_household(TOWN_S, target) is None


def test_a_recognised_result_stays_as_it_was_recognised(commune: Commune) -> None:
    fill(commune, MO_S, rural_five(POOR_HOUSE, 120))
    commune.reviewing.recognise(commune.reviewing.current_round().id, "215/QĐ-UBND", "2026-12-10")
    before = (copy.deepcopy(commune.records.bodies), len(commune.records.operations), copy.deepcopy(commune.drafts.kept))
    rescoring = Rescoring(commune.records, commune.lists, commune.clock, REFERENCE, commune.forms)
    for target in rescoring.targets():
        rescoring.rescored(rescoring.surveys(2026), target)
        rescoring.of_household(MO_S, target)
    assert (commune.records.bodies, len(commune.records.operations), commune.drafts.kept) == before


def test_on_the_encrypted_file_neither_outbox_nor_revision_nor_draft_moves(workspace: Workspace) -> None:
    home, man = household(workspace)
    reviewing = service(workspace)
    sheet = reviewing.open(home)
    reviewing.keep(sheet.draft.id, paper(man))
    reviewing.finish(sheet.draft.id)
    reviewing.recognise(reviewing.current_round().id, "215/QĐ-UBND", "2026-12-10")
    held = everything_of(workspace)
    rescoring = Rescoring(workspace.records, workspace.lists, FakeClock(), REFERENCE, ShippedForms())
    found = rescoring.of_household(home, Target("mdp_2027_2030"))
    assert found is not None
    assert found.rescored.before.household_class == "poor"
    assert everything_of(workspace) == held


def everything_of(workspace: Workspace) -> tuple[object, ...]:
    """Records, the place in the outbox, and drafts."""
    records = workspace.records
    return records.select(Survey), records.select(ReviewRound), records.base(), workspace.drafts.all()
