"""Between the new state of a restored province and the own work that is sent again, a screen shows old values: what is saved
over them then takes nothing away (found by the soak of real processes)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from poverty_desktop.domain.records import Household
from poverty_desktop.protocol.tally import Progress
from tests.drill.machines import Laptop, Machines


def stopped_before_sending(laptop: Laptop) -> None:
    """A round that is stopped when it would send."""
    phases: list[Progress] = []
    report = laptop.syncing.round(phases.append, lambda: phases[-1].phase == "push")
    assert report.outcome == "stopped"


def test_what_others_wrote_meanwhile_stays_beside_what_was_saved_over_an_old_screen(tmp_path: Path) -> None:
    machines = Machines(tmp_path)
    don, hong = machines.laptop("don", "Phạm Văn Đôn"), machines.laptop("hong", "Đinh Thị Hồng")
    backup = tmp_path / "backup.sqlite"
    machines.province.operate("backup", "--to", str(backup))
    home, _ = don.add("001", "Hồ Thị Mơ")
    for laptop in (don, hong):
        laptop.synced()
    hong.edit("household", home, phone="0911 Hồng", note="của Hồng")
    for laptop in (hong, don):
        laptop.synced()
    machines.province.put_back(backup)
    machines.province.stop()
    machines.province.operate("adopt-restore")
    machines.province.start()
    machines.find_province()
    hong.synced()  # gives all of it back, also what Đôn made
    stopped_before_sending(don)
    before = don.workspace.records.get(Household, home)
    assert before is not None
    assert before.phone is None  # the old screen: Đôn's own creation stands on top of Hồng's edit
    don.edit("household", home, phone="0922 Đôn")
    machines.greet()
    held = machines.province.held()
    found = Counter(machines.onlooker.where(one, held) for one in machines.onlooker.typed)
    assert found["lost"] == 0
    assert {value for _, field, value in held.beside if field == "phone"} == {"0911 Hồng", "0922 Đôn"}
    machines.close()
