"""A real file of each earlier schema opens, keeps everything, and can be worked in (style.md habit 10)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from poverty_desktop.domain.records import DoubleEntry, FormRelease, HouseholdMember, Survey
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.storage.copies import DATABASE
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.keyfile import read_keyfile
from poverty_desktop.storage.migrating import migrate, schema_of
from poverty_desktop.storage.schema import SCHEMA
from poverty_desktop.storage.workspace import open_workspace
from tests.storage.conftest import PASSWORD, TestClock

RELEASED = Path(__file__).parent / "released"
RELEASE = {
    "form_id": "phieu_b",
    "version": "2026120101",
    "form_hash": "ab" * 32,
    "title": "Phiếu B",
    "xform": "<h:html/>",
    "source": "",
    "made_by": "lan",
    "made_at": "2026-11-24T01:00:00Z",
}


@pytest.fixture(params=sorted(RELEASED.iterdir()), ids=lambda folder: folder.name)
def old_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(request.param, tmp_path / "kho"))


def stored(folder: Path, statement: str, *values: object) -> None:
    """What sync had put into the file while the older program ran."""
    database = Database(folder / DATABASE, read_keyfile(folder).unlock(PASSWORD).key)
    with database.transaction() as connection:
        connection.execute(statement, values)
    database.close()


def test_a_file_of_an_earlier_schema_opens_with_everything_in_it(old_file: Path, clock: TestClock) -> None:
    workspace = open_workspace(old_file, PASSWORD, clock=clock)
    (survey,) = workspace.records.select(Survey)
    assert survey.answers["house/floor_area"] == "36"
    assert (survey.b1_score, survey.field_notes, survey.started_from) == (140, {}, None)
    assert [member.full_name for member in workspace.records.select(HouseholdMember)] == ["Đinh Thị Hường"]
    assert [draft.values for draft in workspace.drafts.all()] == [{"house/toilet": "vip"}]
    assert schema_of(workspace.database) == SCHEMA
    assert workspace.verify().faults == []
    assert len(list((old_file / "backups").iterdir())) == SCHEMA - 1  # one before each step
    workspace.close()


def test_a_step_that_fails_leaves_the_file_of_the_step_before(old_file: Path, clock: TestClock) -> None:
    """The second step fails at its end, behind the column it added and the table it dropped."""
    stored(old_file, "CREATE TABLE double_entry (x)")
    with pytest.raises(Exception, match="already exists"):
        open_workspace(old_file, PASSWORD, clock=clock)
    database = Database(old_file / DATABASE, read_keyfile(old_file).unlock(PASSWORD).key)
    assert schema_of(database) == 1
    assert "field_notes" not in {row[1] for row in database.rows("PRAGMA table_info(survey)")}
    assert "xml" in {row[1] for row in database.rows("PRAGMA table_info(form_release)")}
    assert [json.loads(row[0])["house/floor_area"] for row in database.rows("SELECT answers FROM survey")] == ["36"]
    with database.transaction() as connection:
        connection.execute("DROP TABLE double_entry")
    database.close()
    workspace = open_workspace(old_file, PASSWORD, clock=clock)
    assert [survey.answers["house/floor_area"] for survey in workspace.records.select(Survey)] == ["36"]
    workspace.close()


def test_the_new_kinds_of_record_are_written_in_it(old_file: Path, clock: TestClock) -> None:
    workspace = open_workspace(old_file, PASSWORD, clock=clock)
    group, survey = workspace.records.new_group(), workspace.records.select(Survey)[0]
    release, entry = (Change("c", kind, op_id(group, number), number, fields) for number, kind, fields in (
        (1, "form_release", RELEASE),
        (2, "double_entry", {
            "round_id": survey.round_id, "household_id": survey.household_id, "form_id": "phieu_b", "form_version": "1",
            "form_hash": "0", "keyed_by": "lan", "keyed_on": "2026-11-24", "answers": {"house/toilet": "vip"},
        }),
    ))  # fmt: skip
    note = Change("u", "survey", survey.id, 3, {"field_notes": {"house/floor_area": "đo lại"}})
    workspace.records.save(Save(group, workspace.officer.id, workspace.records.base(), [release, entry, note]))
    assert workspace.records.select(FormRelease)[0].state == "proposed"
    assert workspace.records.select(DoubleEntry)[0].answers == {"house/toilet": "vip"}
    assert workspace.records.select(Survey)[0].field_notes == {"house/floor_area": "đo lại"}
    assert workspace.verify().faults == []
    workspace.close()


@pytest.mark.parametrize("cut_off", [False, True])
def test_what_the_older_program_received_and_could_not_show_is_shown_now(
    old_file: Path, clock: TestClock, cut_off: bool
) -> None:
    rec_id = "01900000-0000-7000-8000-00000000000f"
    stored(
        old_file,
        "INSERT INTO sync_rec (sid, entity, rec_id, rev, base, meta, deleted, last_op, proj_error)"
        " VALUES ('local', 'form_release', ?, 7, ?, '{\"*\":7}', 0, ?, 'unknown entity form_release')",
        *(rec_id, json.dumps(RELEASE), rec_id),
    )
    if cut_off:  # the power went when the new columns were there and their rows not yet
        database = Database(old_file / DATABASE, read_keyfile(old_file).unlock(PASSWORD).key)
        migrate(database, lambda: None)
        database.close()
    workspace = open_workspace(old_file, PASSWORD, clock=clock)
    (release,) = workspace.records.select(FormRelease)
    assert (release.version, release.official, release.points) == ("2026120101", True, {})
    assert workspace.database.value("SELECT count(*) FROM sync_rec WHERE proj_error IS NOT NULL") == 0
    workspace.close()
