from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.storage.keyfile import FILE_NAME, STANDARD, KeyCosts, Officer, new_keyfile, read_keyfile

CHEAP = KeyCosts(memory_kib=64, passes=1, lanes=1)
KEY = bytes(range(32))
LAN = Officer("01a20000-0000-7000-8000-000000000001", "Nguyễn Thị Lan")
MINH = Officer("01a20000-0000-7000-8000-000000000002", "Phạm Minh")


def test_a_guess_of_a_password_costs_what_was_decided() -> None:
    assert (STANDARD.memory_kib, STANDARD.passes, STANDARD.lanes) == (65536, 3, 4)


def test_each_officer_opens_the_same_key_and_is_known_by_the_password(tmp_path: Path) -> None:
    new_keyfile("w", KEY, LAN, "mật khẩu 1", CHEAP).with_officer(KEY, MINH, "mật khẩu 2", CHEAP).write(tmp_path)
    opened = [read_keyfile(tmp_path).unlock(word) for word in ("mật khẩu 1", "mật khẩu 2")]
    assert [(one.key, one.officer) for one in opened] == [(KEY, LAN), (KEY, MINH)]


def test_a_password_typed_decomposed_opens_too() -> None:
    import unicodedata

    keys = new_keyfile("w", KEY, LAN, "đường", CHEAP)
    assert keys.unlock(unicodedata.normalize("NFD", "đường")).key == KEY


def test_two_officers_cannot_share_a_password() -> None:
    with pytest.raises(KnownProblem, match=r"workspace\.password_taken"):
        new_keyfile("w", KEY, LAN, "một", CHEAP).with_officer(KEY, MINH, "một", CHEAP)


def test_a_new_password_shuts_the_old_one_out() -> None:
    keys = new_keyfile("w", KEY, LAN, "cũ", CHEAP).with_officer(KEY, LAN, "mới", CHEAP)
    assert keys.unlock("mới").key == KEY
    with pytest.raises(KnownProblem, match=r"workspace\.wrong_password"):
        keys.unlock("cũ")


def test_the_last_officer_cannot_be_taken_away() -> None:
    with pytest.raises(ValueError, match="last officer"):
        new_keyfile("w", KEY, LAN, "một", CHEAP).without_officer(LAN.id)


def test_a_recovery_wrap_of_a_later_version_is_carried_along(tmp_path: Path) -> None:
    from dataclasses import replace

    recovery = {"kind": "recovery", "id": "province", "sealed": "AAAA"}
    keys = new_keyfile("w", KEY, LAN, "một", CHEAP)
    replace(keys, wraps=(*keys.wraps, recovery)).write(tmp_path)
    read_keyfile(tmp_path).with_officer(KEY, MINH, "hai", CHEAP).write(tmp_path)
    assert recovery in read_keyfile(tmp_path).wraps


def test_the_key_file_names_nobody_and_holds_no_key(tmp_path: Path) -> None:
    new_keyfile("w", KEY, LAN, "một", CHEAP).write(tmp_path)
    text = (tmp_path / FILE_NAME).read_text()
    assert "Lan" not in text
    assert "Nguy" not in text
    assert KEY.hex() not in text


@settings(max_examples=40, deadline=None)
@given(where=st.integers(0, 10_000), put=st.integers(0, 255))
def test_a_changed_byte_is_damage_and_never_a_wrong_password(
    tmp_path_factory: pytest.TempPathFactory, where: int, put: int
) -> None:
    folder = tmp_path_factory.mktemp("keys")
    new_keyfile("w", KEY, LAN, "một", CHEAP).write(folder)
    data = bytearray((folder / FILE_NAME).read_bytes())
    data[where % len(data)] = put
    (folder / FILE_NAME).write_bytes(data)
    code = ""
    try:
        read_keyfile(folder).unlock("một")  # a blank for a line end changes nothing
    except KnownProblem as problem:
        code = problem.code
    assert code in ("", "workspace.damaged")


def test_a_key_file_of_a_newer_program_says_so(tmp_path: Path) -> None:
    new_keyfile("w", KEY, LAN, "một", CHEAP).write(tmp_path)
    content = json.loads((tmp_path / FILE_NAME).read_text())
    (tmp_path / FILE_NAME).write_text(json.dumps({**content, "version": 2}))
    with pytest.raises(KnownProblem, match=r"workspace\.newer_schema"):
        read_keyfile(tmp_path)
