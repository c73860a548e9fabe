"""From released points to a survey with a computed B1, and surveys that stay with their version or move to the next."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import openpyxl
import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import FormRelease, ReviewRound, Survey
from poverty_desktop.forms.carrying import LeftAnswer
from poverty_desktop.gui.presenters.survey_versions import kept_words
from poverty_desktop.services.form_versions import Carried
from poverty_desktop.services.released_forms import WorkspaceForms
from poverty_desktop.services.releasing import Releasing
from poverty_desktop.services.reviewing import Reviewing
from poverty_desktop.system.released_forms import ShippedForms
from poverty_desktop.system.resources import load_texts
from tests.fakes import FakeSettings
from tests.release.conftest import STANDARDS
from tests.release.workbooks import AREAS, changed, row_of, rows_of, set_cell
from tests.review.answers import POOR_HOUSE, rural_five
from tests.review.conftest import MO_S, Commune, Desk

STANDARD = "mdp_2022_2025"
SCORED = ("water_source", "toilet", "internet", "electricity", "info_means")
POINTS = {"unsafe_surface": 11, "tv": 7, "smartphone": 5, "grid": 3}  # of this test; every other choice scores 1
ELECTRICITY = {"house/electricity": "grid"}


def fill(book: openpyxl.Workbook) -> None:
    for row in rows_of(book, SCORED):
        for column in AREAS:
            number = POINTS.get(book["choices"].cell(row, 2).value, 1)
            set_cell(book, "choices", column, row, number if column == "points_rural" else number * 2)


def reworded(book: openpyxl.Workbook) -> None:
    """The latrine is asked with other words, and the floor area no more."""
    set_cell(book, "survey", "label::Tiếng Việt (vi)", row_of(book, "toilet"), "Nhà tiêu của hộ")
    set_cell(book, "survey", "name", row_of(book, "electricity"), "power")
    for column in ("calculation",):
        for name in ("b1_rural", "b1_urban", "b1_rural_tay_nguyen", "b1_rural_bac_trung_bo_duyen_hai_mien_trung"):
            cell = book["survey"].cell(row_of(book, name), [one.value for one in book["survey"][1]].index(column) + 1)
            cell.value = str(cell.value).replace("${electricity}", "${power}")


@pytest.fixture(scope="module")
def releases() -> dict[str, FormRelease]:
    """Both forms as two officers released them; made once, for conversion takes its time."""
    workbooks = {"points": changed(fill, "2026120101"), "reworded": changed(reworded, "2026120201")}
    return {name: Place(Commune()).confirmed(source) for name, source in workbooks.items()}


@dataclass
class Place:
    commune: Commune

    def release(self, release: FormRelease) -> FormRelease:
        """As it arrives from the laptop where it was made."""
        self.commune.records.put(release.model_copy(update={"id": f"release-{release.version}"}))
        return release

    def confirmed(self, source: bytes) -> FormRelease:
        made, checked = (self.releasing(officer) for officer in ("Đinh Văn Sơn", "Trần Văn Bình"))
        return checked.confirm(made.propose(made.examine(source, STANDARD)))

    def releasing(self, officer: str) -> Releasing:
        settings = FakeSettings(officer=officer, officer_name=officer)
        return Releasing(self.commune.records, settings, self.commune.clock, ShippedForms(), STANDARDS)

    def reviewing(self) -> Reviewing:
        at = self.commune
        forms = WorkspaceForms(at.records, ShippedForms())
        return Reviewing(at.records, at.drafts, at.lists, at.settings, at.clock, at.reference, forms)


@pytest.fixture
def place() -> Place:
    return Place(Commune())


def finished(reviewing: Reviewing, answers: dict[str, str]) -> str:
    sheet = reviewing.open(MO_S)
    reviewing.keep(sheet.draft.id, answers)
    return reviewing.finish(sheet.draft.id).survey_id


def test_a_round_begun_with_released_points_computes_b1_as_a_sum_by_hand(place: Place, releases: dict[str, FormRelease]) -> None:
    released = place.release(releases["points"])
    reviewing = place.reviewing()
    begun = reviewing.begin_round(2026, STANDARD)
    assert (begun.form_version, begun.form_hash) == ("2026120101", released.form_hash)
    answers = {key: text for key, text in rural_five(POOR_HOUSE, 0).items() if key != "b1/b1_score"} | ELECTRICITY
    survey = place.commune.records.get(Survey, finished(reviewing, answers))
    # unsafe_surface 11, no latrine 1, uses internet 1, grid 3, tv 7 + smartphone 5
    assert (survey.b1_score, survey.b1_source, survey.household_class) == (11 + 1 + 1 + 3 + 7 + 5, "points", "poor")
    assert survey.form_hash == released.form_hash


def test_a_release_in_the_middle_of_a_round_leaves_its_surveys_with_their_version(
    place: Place, releases: dict[str, FormRelease]
) -> None:
    reviewing = place.reviewing()
    survey_id = finished(reviewing, rural_five(POOR_HOUSE, 120))
    shipped = place.commune.records.get(Survey, survey_id).form_hash
    place.release(releases["reworded"])
    sheet = place.reviewing().open(MO_S)
    assert (sheet.form.hash, sheet.newer, sheet.session.value("b1/b1_score")) == (shipped, "2026120201", "120")


def test_new_surveys_take_new_words_at_once_and_new_points_never_by_themselves(
    place: Place, releases: dict[str, FormRelease]
) -> None:
    begun = place.reviewing().begin_round(2026, STANDARD)
    place.release(releases["reworded"])
    assert place.reviewing().open(MO_S).form.version == "2026120201"
    other = Place(Commune())
    other.reviewing().begin_round(2026, STANDARD)
    other.release(releases["points"])
    sheet = other.reviewing().open(MO_S)
    assert (sheet.form.version, sheet.newer) == (begun.form_version, "2026120101")


def test_a_survey_moves_to_the_new_version_with_its_answers_and_says_what_found_no_place(
    place: Place, releases: dict[str, FormRelease]
) -> None:
    survey_id = finished(place.reviewing(), rural_five(POOR_HOUSE, 120) | ELECTRICITY)
    place.release(releases["reworded"])
    reviewing = place.reviewing()
    sheet = reviewing.open(MO_S)
    reviewing.accept(sheet.draft.id, "house/floor_area", "đã đo lại")
    moved = reviewing.versions.carry(sheet.draft.id)
    assert [(one.key, one.value) for one in moved.left] == [("house/electricity", "Điện lưới quốc gia")]
    assert (moved.sheet.form.version, moved.sheet.newer, moved.sheet.moved_from) == ("2026120201", None, sheet.form.version)
    assert moved.sheet.session.value("house/toilet") == "none"
    assert place.commune.records.get(Survey, survey_id).form_version == sheet.form.version  # until it is saved
    reviewing.finish(sheet.draft.id)
    stored = place.commune.records.get(Survey, survey_id)
    assert stored.form_version == "2026120201"
    assert stored.answers[f"left/{sheet.form.version}/house/electricity"] == "grid"
    assert "house/electricity" not in stored.answers
    assert stored.b1_score == 120
    assert stored.accepted_doubts == {"house/floor_area": "đã đo lại"}


def test_a_moved_survey_goes_back_until_it_is_saved(place: Place, releases: dict[str, FormRelease]) -> None:
    finished(place.reviewing(), rural_five(POOR_HOUSE, 120) | ELECTRICITY)
    place.release(releases["reworded"])
    reviewing = place.reviewing()
    sheet = reviewing.open(MO_S)
    reviewing.keep(sheet.draft.id, {"house/floor_area": "31"})
    reviewing.versions.carry(sheet.draft.id)
    back = reviewing.versions.back(sheet.draft.id)
    assert back.form.hash == sheet.form.hash
    assert (back.session.value("house/floor_area"), back.session.value("house/electricity")) == ("31", "grid")
    with pytest.raises(KnownProblem, match=r"review\.not_moved"):
        reviewing.versions.back(sheet.draft.id)


def test_without_a_later_version_there_is_nothing_to_move_to(place: Place) -> None:
    reviewing = place.reviewing()
    sheet = reviewing.open(MO_S)
    assert sheet.newer is None
    with pytest.raises(KnownProblem, match=r"review\.no_newer_form"):
        reviewing.versions.carry(sheet.draft.id)


def test_a_survey_whose_form_has_not_arrived_waits_for_it_and_is_not_lost(place: Place, releases: dict[str, FormRelease]) -> None:
    """A colleague's survey came by sync before the release it was made with."""
    elsewhere = Place(Commune())
    released = elsewhere.release(releases["points"])
    begun = elsewhere.reviewing().begin_round(2026, STANDARD)
    survey_id = finished(elsewhere.reviewing(), rural_five(POOR_HOUSE, 0) | ELECTRICITY)
    survey = elsewhere.commune.records.get(Survey, survey_id)
    place.commune.records.put(begun.model_copy(update={"id": "round"}), survey.model_copy(update={"round_id": "round"}))
    with pytest.raises(KnownProblem, match=r"review\.form_gone"):
        place.reviewing().open(MO_S)
    assert place.commune.records.get(Survey, survey_id).answers == survey.answers
    place.commune.records.put(released)
    assert place.reviewing().open(MO_S).session.value("b1/b1_points") == "28"


def test_a_withdrawn_release_is_offered_no_more_and_its_surveys_still_open(
    place: Place, releases: dict[str, FormRelease]
) -> None:
    place.release(releases["points"])
    finished(place.reviewing(), rural_five(POOR_HOUSE, 0) | ELECTRICITY)
    place.releasing("Đinh Văn Sơn").withdraw(place.commune.records.select(FormRelease)[0])
    forms = WorkspaceForms(place.commune.records, ShippedForms())
    assert forms.newest_key(STANDARD) == ShippedForms().newest_key(STANDARD)
    sheet = place.reviewing().open(MO_S)
    assert (sheet.form.version, sheet.newer) == ("2026120101", None)


def test_a_demonstration_begins_rounds_in_practice_only(place: Place, releases: dict[str, FormRelease]) -> None:
    demo = {"id": "demo", "form_id": "demo", "official": False, "checked_at": "2027-01-01T00:00:00Z"}
    place.commune.records.put(place.release(releases["points"]).model_copy(update=demo))
    for practice, form_id in ((False, "phieu_b"), (True, "demo")):
        assert WorkspaceForms(place.commune.records, ShippedForms(), practice).newest_key(STANDARD)[0] == form_id


def test_of_two_laptops_that_released_one_version_apart_both_take_the_same(
    place: Place, releases: dict[str, FormRelease]
) -> None:
    first = place.release(releases["points"])
    xform = first.xform.replace("Loại nhà tiêu", "Nhà tiêu")
    other = {"xform": xform, "form_hash": hashlib.sha256(xform.encode()).hexdigest(), "checked_at": "2027-01-01T00:00:00Z"}
    place.commune.records.put(first.model_copy(update={"id": "zz", **other}))
    assert WorkspaceForms(place.commune.records, ShippedForms()).newest_key(STANDARD)[2] == first.form_hash


def test_a_recognised_survey_does_not_move(place: Place, releases: dict[str, FormRelease]) -> None:
    reviewing = place.reviewing()
    finished(reviewing, rural_five(POOR_HOUSE, 120))
    reviewing.recognise(place.commune.records.select(ReviewRound)[0].id, "215/QĐ-UBND", "2026-12-10")
    place.release(releases["reworded"])
    sheet = reviewing.open(MO_S)
    assert (sheet.locked, sheet.newer) == (True, None)
    with pytest.raises(KnownProblem, match=r"review\.recognised"):
        reviewing.versions.carry(sheet.draft.id)


# --- on the screen -------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(place: Place) -> Desk:
    place.commune.forms = WorkspaceForms(place.commune.records, ShippedForms())
    return Desk(place.commune, load_texts("vi"))


def test_the_screen_tells_of_a_newer_version_and_ctrl_f5_moves_there_and_back(
    desk: Desk, place: Place, releases: dict[str, FormRelease]
) -> None:
    finished(place.reviewing(), rural_five(POOR_HOUSE, 120) | ELECTRICITY)
    place.release(releases["reworded"])
    desk.presenter.open(MO_S)
    assert "Ctrl+F5" in " ".join(desk.state.notices)
    desk.presenter.change_version()
    notice = " ".join(desk.state.notices)
    assert "Nguồn điện: Điện lưới quốc gia" in notice
    assert desk.frame.told[-1][0] == "amber"
    desk.presenter.change_version()
    assert "2026120201; phiếu này theo phiên bản" in " ".join(desk.state.notices)


def test_what_was_moved_is_said_once(desk: Desk, place: Place, releases: dict[str, FormRelease]) -> None:
    """The notice above the survey says from where to where, the message only how much went along."""
    begun = place.reviewing()
    begun.keep(begun.open(MO_S).draft.id, rural_five(POOR_HOUSE, 120))
    version = place.release(releases["points"]).version
    desk.presenter.open(MO_S)
    desk.presenter.change_version()
    tone, told = desk.frame.told[-1][:2]
    assert tone == "grey"
    assert version in " ".join(desk.state.notices)
    assert version not in told
    assert "đều được giữ" in told
    assert "đều được giữ" not in " ".join(desk.state.notices)


@pytest.mark.parametrize(
    ("language", "kept", "left", "words"),
    [
        ("vi", 1, 0, "Đã giữ nguyên 1 câu trả lời."),
        ("en", 1, 0, "The one answer went along."),
        ("vi", 3, 0, "Cả 3 câu trả lời đều được giữ."),
        ("en", 3, 0, "All 3 answers went along."),
        ("en", 1, 1, "Answers that went along: 1; the others are named above the survey."),
        ("en", 0, 0, ""),
    ],
)
def test_one_answer_is_spoken_of_as_one(place: Place, language: str, kept: int, left: int, words: str) -> None:
    sheet = place.reviewing().open(MO_S)
    carried = Carried(sheet, kept, (LeftAnswer("power", "Nguồn điện", "Điện lưới", "gone"),) * left)
    assert kept_words(carried, load_texts(language)) == words
