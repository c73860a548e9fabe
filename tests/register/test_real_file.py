"""The register on the real encrypted file."""

from __future__ import annotations

from pathlib import Path

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household, HouseholdMember, Village
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.household_sheet import household_key
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.services.registering import Registering
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create, open_workspace
from tests.fakes import FakeClock

PASSWORD = "mật khẩu để thử"


def register(workspace: Workspace) -> Registering:
    return Registering(workspace.records, workspace.drafts, workspace.lists, workspace.settings, FakeClock())


def a_village(workspace: Workspace) -> str:
    group = workspace.records.new_group()
    fields = {"commune_code": "21289", "name": "Gò Ren", "position": 1}
    change = Change("c", "village", op_id(group, 1), 1, fields)
    workspace.records.save(Save(group, workspace.officer.id, workspace.records.base(), [change]))
    return change.record_id


def test_a_draft_is_found_after_the_file_was_closed_and_becomes_records(tmp_path: Path) -> None:
    new = NewWorkspace("Đinh Văn Sơn", "21289", "Xã Sơn Hà")
    first = create(tmp_path / "w", PASSWORD, new, clock=FakeClock())
    village = a_village(first)
    registering = register(first)
    draft_id = registering.open().draft.id
    registering.keep(draft_id, {household_key("village_id"): village})
    registering.add_member(draft_id, {"full_name": "Hồ Thị Mơ", "sex": 2, "birth_date": "1987", "ethnic_group": "14"})
    wrong = registering.add_member(draft_id, {"full_name": "Đinh Văn Đông", "personal_id_number": "05118700O123"})
    household_id = registering.resume(draft_id).household["id"]
    first.close()

    again = open_workspace(tmp_path / "w", PASSWORD, clock=FakeClock())
    try:
        registering = register(again)
        sheet = registering.open(household_id)
        assert [row["full_name"] for row in sheet.members] == ["Hồ Thị Mơ", "Đinh Văn Đông"]
        with pytest.raises(KnownProblem, match=r"register\.unfinished"):
            registering.save(draft_id)
        registering.keep(draft_id, {f"member.{wrong}.personal_id_number": "051087000123"})
        assert registering.save(draft_id) is not None
        assert again.records.get(Household, household_id) is not None
        assert len(again.records.select(HouseholdMember, household_id=household_id)) == 2
        assert [village.name for village in again.records.select(Village)] == ["Gò Ren"]
        assert [line.head_name for line in registering.find("ho thi mo").lines] == ["Hồ Thị Mơ"]
        assert again.drafts.all() == []
    finally:
        again.close()
