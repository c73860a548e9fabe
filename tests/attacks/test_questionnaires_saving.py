"""What happens to a survey while its Save is still under way: it is opened again, lines of a repeat come and go."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.records import Survey
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormDefinition
from poverty_desktop.gui.presenters.survey_presenter import SurveyPresenter
from tests.gui.fakes import RecordingFrame
from tests.keying.conftest import BODY, INSTANCE, xml_of
from tests.review.conftest import MO_S, Commune
from tests.review.conftest import commune as commune
from tests.review.conftest import texts as texts
from tests.review.test_survey_presenter import LateTasks


def test_a_survey_opened_again_during_its_save_goes_on_in_one_draft(commune: Commune, texts: Texts) -> None:
    tasks = LateTasks()
    presenter = SurveyPresenter(commune.reviewing, tasks, texts, RecordingFrame())
    presenter.open(MO_S)
    tasks.run()
    presenter.answer("house/floor_area", "24")
    tasks.run()
    presenter.save()
    presenter.answer("b1/b1_score", "120")
    presenter.open(MO_S)
    tasks.run()
    presenter.answer("house/toilet", "none")
    tasks.run()
    assert [draft.values for draft in commune.drafts.all()] == [{"b1/b1_score": "120", "house/toilet": "none"}]
    presenter.save()
    tasks.run()
    answers = commune.records.select(Survey)[0].answers
    assert [answers[key] for key in ("house/floor_area", "b1/b1_score", "house/toilet")] == ["24", "120", "none"]


# --- lines of a repeat -------------------------------------------------------------------------------------------------


PEOPLE = """<group ref="/data/roster"><label>C. Thành viên</label><repeat nodeset="/data/roster">
  <input ref="/data/roster/full_name"><label>C1. Họ tên</label></input></repeat></group>"""


class LoanForm:
    """The one released form of this commune: besides the people a repeat that the register knows nothing of."""

    _xml = xml_of(f"{INSTANCE}<roster><full_name/></roster>", body=BODY + PEOPLE)

    def newest(self, standard_id: str) -> bytes:
        return self._xml

    def newest_key(self, standard_id: str) -> tuple[str, str, str]:
        return "loans", "1", FormDefinition.parse(self._xml).hash

    def xml(self, form_id: str, version: str, form_hash: str) -> bytes:
        return self._xml

    def files(self, form_hash: str) -> dict[str, bytes]:
        return {}


@pytest.fixture
def tasks() -> LateTasks:
    return LateTasks()


@pytest.fixture
def loans(texts: Texts, tasks: LateTasks) -> SurveyPresenter:
    """A survey with the owner's name, and the cursor in the first line of the loans."""
    commune = Commune()
    commune.forms = LoanForm()
    presenter = SurveyPresenter(commune.service(), tasks, texts, RecordingFrame())
    presenter.open(MO_S)
    tasks.run()
    presenter.answer("info/owner", "Hồ Thị Mơ")
    presenter.go_to_section("loans")
    presenter.add_instance()
    tasks.run()
    return presenter


def lines(presenter: SurveyPresenter) -> tuple[str, ...]:
    return presenter._drawn.session.instances("loans/loan")


def stored_lines(presenter: SurveyPresenter, tasks: LateTasks) -> tuple[str, ...]:
    """What one sees who opens the survey again."""
    presenter.open(MO_S)
    tasks.run()
    return lines(presenter)


def test_a_line_taken_back_during_a_save_is_gone_when_the_save_comes_back(loans: SurveyPresenter, tasks: LateTasks) -> None:
    loans.answer(loans.state.focus[0], "Chính sách")
    tasks.run()
    loans.save()
    assert loans.undo()
    assert loans.undo()
    tasks.run()
    assert lines(loans) == ()
    assert stored_lines(loans, tasks) == ()


def test_a_line_taken_back_and_made_again_during_a_save_stands(loans: SurveyPresenter, tasks: LateTasks) -> None:
    loans.answer(loans.state.focus[0], "Chính sách")
    tasks.run()
    made = lines(loans)
    loans.save()
    for act in (loans.undo, loans.undo, loans.redo, loans.redo):
        assert act()
    tasks.run()
    assert lines(loans) == made
    assert loans._drawn.session.answers()[f"loans/loan/{made[0]}/bank"] == "Chính sách"
    assert stored_lines(loans, tasks) == made


def test_a_line_in_which_nothing_stands_yet_is_there_after_ctrl_s(loans: SurveyPresenter, tasks: LateTasks) -> None:
    """The officer saves between two lines of the paper, and goes on where the cursor stood."""
    made, bank = lines(loans), loans.state.focus[0]
    loans.save()
    tasks.run()
    assert (lines(loans), loans.state.focus[0]) == (made, bank)
    loans.answer(bank, "Chính sách")
    tasks.run()
    assert stored_lines(loans, tasks) == made
