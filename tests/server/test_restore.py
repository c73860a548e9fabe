"""The province put back from a backup: it notices, waits for its operator, and gets back what the laptops have (sync.md 3.20)."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol import messages as m
from poverty_desktop.server import admin, backups, restoring
from poverty_desktop.server.database import database_url, in_write, migrate, open_engine, reading
from poverty_desktop.server.guard import Guard
from poverty_desktop.server.province import open_province
from poverty_desktop.server.settings import Settings
from tests.server.copying import Copy, copied, put_back
from tests.server.test_whole_states import give_back, manifest_of


def backup(running) -> Copy:
    with reading(running.province.engine) as connection:
        return copied(connection)


def restore(running, copy: Copy) -> None:
    in_write(running.province.engine, lambda connection: put_back(connection, copy))
    running.province.guard.forget_look()


def test_a_province_that_lacks_what_was_committed_waits_for_its_operator(running, lan):
    lan.household()
    lan.push()
    old = backup(running)
    lan.household()
    lan.push()
    restore(running, old)
    for answer in (lan.hello(), lan.post(lan.packet(first=1).data)):
        assert (answer.status_code, lan.problem(answer).code) == (503, "restored")
        assert answer.headers["Retry-After"] == "60"
    health = lan.http.get(f"{lan.url}/v1/health", headers=lan.headers(), timeout=20)
    assert health.json()["status"] == "restored"
    adopted = restoring.adopt(running.province)
    assert [(one.commune, one.epoch, one.rev, one.lost) for one in adopted] == [("21001", 2, 1, 1)]
    state = lan.state()
    assert (state.epoch, state.head, state.cursor) == (2, 1, "rewound")
    assert (state.lane.state, state.lane.last) == ("ok", 1)


def test_what_only_the_laptops_still_have_comes_back(running, lan, minh):
    lan.household(note="trước")
    lan.push()
    old = backup(running)
    lan.household(note="sau")
    lan.push()
    received = minh.pull().entries
    restore(running, old)
    restoring.adopt(running.province)
    assert minh.opened(m.SalvagePosted, give_back(minh, received, epoch=1), minh.nonce).kept == 1
    lan.acked, lan.epoch, lan.rev, lan.chain = 1, 2, 1, lan.chains[0]
    answer = lan.opened(m.PushAnswer, lan.post(lan.packet(first=2).data), lan.nonce)
    assert [result["st"] for result in answer.ack["res"]] == ["duplicate"]  # the owner comes later: it has one effect
    assert manifest_of(lan).rows == 2


def test_a_second_restore_is_another_epoch_whatever_the_backup_knew(running, lan):
    lan.household()
    lan.push()
    old = backup(running)
    for epoch in (2, 3):
        lan.inc, lan.acked, lan.operations, lan.chains = lan.clock.uuid7(), 0, [], lan.chains[:1]
        lan.login()
        lan.household()
        lan.post(lan.packet().data)
        restore(running, old)
        assert {one.epoch for one in restoring.adopt(running.province)} == {epoch}
    with reading(running.province.engine) as connection:
        assert restoring.origins_of(connection, lan.sid).keys() == {2, 3}


def test_a_commune_made_after_the_backup_is_made_again(running, lan):
    old = backup(running)
    sid = admin.add_commune(running.province, "21003", "Xã Ba Vì").sid
    restore(running, old)
    assert lan.hello().status_code == 503
    restoring.adopt(running.province)
    assert lan.state().epoch == 2
    assert admin.add_commune(running.province, "21003", "Xã Ba Vì").sid == sid


def test_nothing_is_adopted_where_nothing_is_missing(running, lan):
    lan.household()
    lan.push()
    with pytest.raises(KnownProblem, match=r"server\.not_restored"):
        restoring.adopt(running.province)
    assert [one.epoch for one in restoring.adopt(running.province, anyway=True)] == [2]


def test_the_guard_outlives_a_cut_line_and_is_made_short(running, lan):
    for _ in range(5):
        lan.household()
        lan.push()
    path = running.province.guard.path
    with path.open("ab") as file:
        file.write(b'{"sid":"')
    before = Guard(path).read()
    running.province.guard.shorten()
    assert Guard(path).read() == before
    assert len(path.read_bytes().splitlines()) == 3  # which file it is, the commune, how far it has come
    assert before.heads[lan.sid] == (1, 5, lan.chain.hex())


def test_what_was_committed_is_answered_also_without_the_guard(running, lan, caplog):
    running.province.guard.path.unlink()
    running.province.guard.path.mkdir()
    lan.household()
    assert lan.push().runs == [(1, 1, 1, "applied")]
    assert "guard" in caplog.text


def test_only_what_every_backup_in_rotation_holds_is_safe(running, lan, tmp_path, request):
    def mark() -> str:
        place = copy_elsewhere(running, tmp_path, request)
        return backups.mark(running.province, place)[0].mark

    lan.household()
    assert lan.push().stable is None
    first = mark()
    lan.household()
    assert lan.push().stable == m.Stable(rev=1, lane_seq=1)
    mark()
    state = lan.state()
    assert (state.stable_rev, state.lane.stable_seq) == (1, 1)
    restoring.drop_backup(running.province, first)
    state = lan.state()
    assert (state.stable_rev, state.lane.stable_seq) == (2, 2)
    assert [one["revisions"] for one in backups.in_rotation(running.province)] == [2]
    with pytest.raises(KnownProblem, match=r"server\.no_backup"):
        restoring.drop_backup(running.province, first)


def test_a_backup_put_back_does_not_forget_the_others(running, lan, tmp_path, request):
    lan.household()
    lan.push()
    old = backup(running)
    backups.mark(running.province, copy_elsewhere(running, tmp_path, request))
    lan.household()
    lan.push()
    backups.mark(running.province, copy_elsewhere(running, tmp_path, request))
    restore(running, old)
    restoring.adopt(running.province)
    state = lan.state()
    assert (state.stable_rev, state.lane.stable_seq) == (1, 0)  # the newer one has another end


def test_a_backup_that_cannot_be_read_through_is_not_safe(running, lan, tmp_path, request):
    lan.household()
    lan.push()
    place = copy_elsewhere(running, tmp_path, request, damage=True)
    (tmp_path / "no database").write_bytes(b"x" * 5000)
    bad = {place: "damaged", str(tmp_path / "nothing"): "missing", str(tmp_path / "no database"): "unreadable"}
    for one, why in bad.items():
        with pytest.raises(KnownProblem, match=rf"server\.backup_{why}"):
            backups.mark(running.province, one)
    assert lan.state().stable_rev is None


def test_the_file_is_copied_while_the_province_runs(running, lan, tmp_path):
    lan.household()
    lan.push()
    place = tmp_path / "copy.sqlite"
    if running.province.settings.database_url:
        with pytest.raises(KnownProblem, match=r"server\.backup_postgresql"):
            backups.make(running.province, place)
        return
    assert [one.rev for one in backups.make(running.province, place)] == [1]
    assert lan.state().stable_rev == 1
    with pytest.raises(KnownProblem, match=r"server\.backup_exists"):
        backups.make(running.province, place)


def test_a_province_without_communes_is_copied_and_nothing_of_it_called_safe(tmp_path):
    province = open_province(Settings(tmp_path / "new"))
    with pytest.raises(KnownProblem, match=r"server\.backup_empty"):
        backups.make(province, tmp_path / "copy.sqlite")
    assert (tmp_path / "copy.sqlite").stat().st_size
    assert backups.in_rotation(province) == []
    province.close()


def test_of_a_commune_made_after_a_backup_nothing_is_safe(running, lan, tmp_path, request):
    """That backup may be put back: it holds nothing of the new commune."""
    backups.mark(running.province, copy_elsewhere(running, tmp_path, request))
    other = running.enrolled("21003")
    other.household()
    other.push()
    backups.mark(running.province, copy_elsewhere(running, tmp_path, request))
    state = other.state()
    assert (state.stable_rev, state.lane.stable_seq) == (0, 0)
    other.http.close()


def test_a_device_revoked_after_the_backup_stays_revoked(running, lan, minh):
    old = backup(running)
    lan.household()
    lan.push()
    admin.revoke(running.province, minh.dev)
    restore(running, old)
    restoring.adopt(running.province)
    assert (lan.hello().status_code, minh.problem(minh.hello()).code) == (200, "revoked")


def copy_elsewhere(running, tmp_path, request, *, damage: bool = False) -> str:
    """The database as it is now, put back into another one of the same kind."""
    copy = backup(running)
    if damage:
        copy["change_log"][0]["entry"] = copy["change_log"][0]["entry"] | {"u": "another"}
    if running.province.settings.database_url:
        place = request.getfixturevalue("cluster").new_database()
    else:
        place = str(tmp_path / f"{running.province.new_id()}.sqlite")
    engine = open_engine(database_url(tmp_path, place if "://" in place else f"sqlite:///{place}"))
    migrate(engine)
    in_write(engine, lambda connection: put_back(connection, copy))
    engine.dispose()
    return place
