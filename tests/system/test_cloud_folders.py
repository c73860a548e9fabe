from __future__ import annotations

from pathlib import Path

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.system.cloud_folders import NETWORK, Surroundings, keeper_of, refuse_unfit_folder
from poverty_desktop.system.resources import load_texts

NOWHERE = Surroundings({})


@pytest.mark.parametrize(
    ("path", "keeper"),
    [
        ("/home/lan/OneDrive/kho", "OneDrive"),
        ("/home/lan/OneDrive - UBND xã/kho", "OneDrive"),
        ("/home/lan/Dropbox/kho", "Dropbox"),
        ("/home/lan/Dropbox (Personal)/kho", "Dropbox"),
        ("/home/lan/Google Drive/kho", "Google Drive"),
        ("/home/lan/My Drive/kho", "Google Drive"),
        ("/home/lan/GoogleDrive-lan/kho", "Google Drive"),
        ("//server/share/kho", NETWORK),
        ("/home/lan/kho", None),
        ("/home/lan/one drive notes/kho", None),
    ],
)
def test_a_kept_folder_is_known_by_its_name(path: str, keeper: str | None) -> None:
    assert keeper_of(Path(path), NOWHERE) == keeper


def test_a_kept_folder_is_known_by_what_the_client_told_the_machine(tmp_path: Path) -> None:
    around = Surroundings({"OneDriveCommercial": str(tmp_path / "Công việc")})
    assert keeper_of(tmp_path / "Công việc" / "kho", around) == "OneDrive"
    assert keeper_of(tmp_path / "Công việc khác", around) is None


@pytest.mark.parametrize(("marker", "keeper"), [(".dropbox.cache", "Dropbox"), (".tmp.drivedownload", "Google Drive")])
def test_a_renamed_kept_folder_is_known_by_what_the_client_left_in_it(tmp_path: Path, marker: str, keeper: str) -> None:
    (tmp_path / "giữ" / marker).mkdir(parents=True)
    assert keeper_of(tmp_path / "giữ" / "a" / "kho", NOWHERE) == keeper


def test_a_link_into_a_kept_folder_does_not_hide_it(tmp_path: Path) -> None:
    (tmp_path / "Dropbox" / "kho").mkdir(parents=True)
    (tmp_path / "kho").symlink_to(tmp_path / "Dropbox" / "kho")
    assert keeper_of(tmp_path / "kho", NOWHERE) == "Dropbox"


@pytest.mark.parametrize(("kind", "network"), [("cifs", True), ("nfs4", True), ("fuse.sshfs", True), ("fuse.rclone", True),
                                               ("ext4", False), ("fuseblk", False), ("tmpfs", False)])  # fmt: skip
def test_the_innermost_mount_decides(kind: str, network: bool) -> None:
    around = Surroundings({}, [("/", "ext4"), ("/mnt/xã", kind), ("/mnt", "nfs" if not network else "ext4")])
    assert (keeper_of(Path("/mnt/xã/kho"), around) == NETWORK) is network


def test_the_reason_is_said_with_the_name_of_the_service(tmp_path: Path) -> None:
    with pytest.raises(KnownProblem) as raised:
        refuse_unfit_folder(tmp_path / "OneDrive" / "kho")
    for language in ("vi", "en"):
        assert "OneDrive" in load_texts(language).problem(raised.value)


def test_an_ordinary_folder_of_this_machine_is_taken(tmp_path: Path) -> None:
    refuse_unfit_folder(tmp_path / "kho")
