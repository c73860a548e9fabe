"""The file outside the database is missed when it is gone, and never made anew by itself (sync.md 3.20)."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import delete, select

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.server import admin, backups, guard_identity
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import in_write, reading
from poverty_desktop.server.province import open_province
from poverty_desktop.server.settings import Settings


def adopt(province):
    return guard_identity.begin_anew(province.engine, province.guard, province.instant())


@pytest.fixture
def closed(settings):
    """A province with a commune that ran before."""
    province = open_province(settings)
    admin.add_commune(province, "21001", "Xã Ba Tơ")
    province.close()
    return settings


def refused(settings: Settings, why: str) -> None:
    with pytest.raises(KnownProblem, match=rf"server\.{why}\("):
        open_province(settings)


def test_a_province_whose_guard_file_is_gone_does_not_start_until_another_is_adopted(closed):
    closed.guard_path.unlink()
    refused(closed, "guard_lost")
    assert not closed.guard_path.exists()
    province = open_province(closed, guard_may_be_lost=True)
    ((commune, epoch, rev),) = adopt(province)
    assert (commune, epoch > 1, rev) == ("21001", True, 0)
    assert not province.restored()
    assert province.guard.read().communes
    province.close()
    open_province(closed).close()


def test_the_guard_file_of_another_province_is_not_taken_for_ours(closed, tmp_path):
    other = Settings(tmp_path / "other")
    open_province(other).close()
    shutil.copyfile(other.guard_path, closed.guard_path)
    refused(closed, "guard_lost")
    province = open_province(closed, guard_may_be_lost=True)
    with pytest.raises(KnownProblem, match=r"server\.guard_of_another"):
        adopt(province)
    province.close()


def test_a_guard_file_that_is_there_is_not_replaced(closed):
    province = open_province(closed)
    with pytest.raises(KnownProblem, match=r"server\.guard_known"):
        adopt(province)
    province.close()


def test_a_wrong_path_on_a_verb_makes_no_second_guard_file(closed, tmp_path):
    refused(Settings(closed.data_dir, closed.database_url, guard=tmp_path / "elsewhere"), "guard_lost")
    assert not (tmp_path / "elsewhere").exists()


def test_a_guard_file_lost_while_it_runs_stops_the_exchange(running, lan):
    running.province.guard.path.unlink()
    running.province.guard.forget_look()
    assert (lan.hello().status_code, lan.problem(lan.hello()).code) == (503, "restored")
    lan.post(lan.packet(first=1, last=0).data)
    adopt(running.province)
    state = lan.state()
    assert (state.epoch > 1, state.cursor) == (True, "rewound")


def test_a_running_province_goes_on_with_the_file_that_its_operator_adopted(running, lan, settings):
    """The verb is another process: nobody tells the server but the database."""
    running.province.guard.path.unlink()
    operator = open_province(settings, guard_may_be_lost=True)
    adopt(operator)
    operator.close()
    running.province.guard.forget_look()
    assert lan.state().cursor == "rewound"


def test_what_the_database_knows_stands_in_the_new_file(running, lan, tmp_path):
    if running.province.settings.database_url:
        return
    lan.household()
    lan.push()
    backups.make(running.province, tmp_path / "copy.sqlite")
    admin.revoke(running.province, lan.dev)
    before = running.province.guard.read()
    running.province.guard.path.unlink()
    adopt(running.province)
    after = running.province.guard.read()
    assert (after.marks, after.communes, after.devices) == (before.marks, before.communes, before.devices)
    assert after.heads[lan.sid][1:] == before.heads[lan.sid][1:]
    assert after.origins[lan.sid][after.heads[lan.sid][0]].parent == 1


def test_a_database_of_an_earlier_release_takes_the_file_it_has(closed):
    province = open_province(closed)
    identity = province.guard.identity
    in_write(province.engine, lambda connection: connection.execute(delete(t.guard_file)))
    province.close()
    province = open_province(closed)
    with reading(province.engine) as connection:
        assert connection.execute(select(t.guard_file.c.identity)).scalar() == identity == province.guard.identity
    in_write(province.engine, lambda connection: connection.execute(delete(t.guard_file)))
    province.close()
    closed.guard_path.unlink()
    refused(closed, "guard_lost")
