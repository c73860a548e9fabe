"""The second keying stays blind, and on the form of the first, whatever key is pressed."""

from __future__ import annotations

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.blind_presenter import BlindPresenter
from poverty_desktop.system.released_forms import OFFICIAL, ShippedForms
from tests.gui.fakes import ImmediateTasks, RecordingFrame
from tests.review.conftest import MO_S, Commune
from tests.year.conftest import commune as commune
from tests.year.conftest import texts as texts
from tests.year.test_double_entry import blind_of
from tests.year.test_double_entry import keyed_once as keyed_once


class NewerForms(ShippedForms):
    """A later version was released since the first keying."""

    def newest_key(self, standard_id: str) -> tuple[str, str, str]:
        form_id, _, form_hash = super().newest_key(standard_id)
        return form_id, "2099010101", form_hash


def test_a_newer_version_does_not_take_the_second_keying_off_the_form_of_the_first(keyed_once: Commune, texts: Texts) -> None:
    keyed_once.forms = NewerForms(OFFICIAL)
    presenter = BlindPresenter(blind_of(keyed_once), ImmediateTasks(), texts, RecordingFrame())
    presenter.open(MO_S)
    presenter.answer("b1/b1_score", "120")
    before = presenter._now()
    presenter.change_version()
    assert presenter._now() is before
    assert keyed_once.drafts.all()[0].notes["form"] == before.draft.notes["form"]
