"""The review on the encrypted file: the same service, the same answers, and what another process finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from poverty_desktop.domain.records import ClassRecord, Survey
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.services.reviewing import Reviewing
from poverty_desktop.storage.keyfile import KeyCosts
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create, open_workspace
from poverty_desktop.system.released_forms import ShippedForms
from tests.fakes import FakeClock
from tests.review.answers import POOR_HOUSE, WORKER, of_people
from tests.review.conftest import COMMUNE, REFERENCE

PASSWORD = "mật khẩu thử"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    costs = KeyCosts(memory_kib=64, passes=1, lanes=1)
    made = create(tmp_path / "kho", PASSWORD, NewWorkspace("Đinh Văn Sơn", COMMUNE), clock=FakeClock(), costs=costs)
    yield made
    made.close()


def service(workspace: Workspace) -> Reviewing:
    return Reviewing(
        workspace.records, workspace.drafts, workspace.lists, workspace.settings, FakeClock(), REFERENCE, ShippedForms()
    )


def household(workspace: Workspace) -> tuple[str, str]:
    """One man in an urban village: (household id, member id)."""
    group = workspace.records.new_group()
    village, home, man = (op_id(group, number) for number in (1, 2, 3))
    changes = [
        Change("c", "village", village, 1, {"commune_code": COMMUNE, "name": "Tổ dân phố 2", "area_class": "urban"}),
        Change("c", "household", home, 2, {"commune_code": COMMUNE, "village_id": village, "household_code": "H-01"}),
        Change("c", "household_member", man, 3, {
            "household_id": home, "full_name": "Nguyễn Văn Thành", "relation_to_head": 1, "sex": 1, "birth_date": "1970"}),
    ]  # fmt: skip
    workspace.records.save(Save(group, workspace.officer.id, workspace.records.base(), changes))
    return home, man


def paper(man: str) -> dict[str, str]:
    house = {f"house/{name}": value for name, value in (POOR_HOUSE | {"floor_area": "6"}).items()}
    return of_people(**{man: WORKER}) | house | {"b1/b1_score": "160"}


def test_a_survey_is_finished_changed_and_recognised_on_the_encrypted_file(workspace: Workspace) -> None:
    home, man = household(workspace)
    reviewing = service(workspace)
    assert [line.id for line in reviewing.cases(state="none").lines] == [home]
    sheet = reviewing.open(home)
    reviewing.keep(sheet.draft.id, paper(man), cursor="b1/b1_score")
    assert reviewing.cases(state="draft").total == 1
    assert reviewing.finish(sheet.draft.id).household_class == "poor"
    assert reviewing.cases(state="finished").lines[0].survey_class == "poor"
    again = reviewing.open(home)
    reviewing.keep(again.draft.id, {"b1/b1_score": "176", "identification/respondent": "Anh Thành"})
    assert reviewing.finish(again.draft.id).household_class == "not_poor"
    stored = workspace.records.select(Survey)[0]
    assert (stored.answers["identification/respondent"], stored.b1_score) == ("Anh Thành", 176)
    assert reviewing.recognise(reviewing.current_round().id, "215/QĐ-UBND", "2026-12-10") == 1
    assert workspace.records.select(ClassRecord)[0].household_class == "not_poor"
    assert reviewing.open(home).locked


def test_the_draft_is_found_after_the_process_ended(tmp_path: Path, workspace: Workspace) -> None:
    home, man = household(workspace)
    reviewing = service(workspace)
    draft = reviewing.open(home).draft
    reviewing.keep(draft.id, {f"roster/{man}/can_work": "yes"}, cursor=f"roster/{man}/can_work")
    workspace.close()
    opened = open_workspace(tmp_path / "kho", PASSWORD, clock=FakeClock())
    found = service(opened).open(home)
    assert found.draft.id == draft.id
    assert found.session.value(f"roster/{man}/can_work") == "yes"
    assert found.draft.notes["cursor"] == f"roster/{man}/can_work"
    opened.close()
