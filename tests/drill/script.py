"""What two officers and one operator do in the worst eight days (issue "Sync", "Done when")."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.drill.machines import Laptop, Machines

DAYS = 7


@dataclass
class Week:
    """The people, and the records they work on. `homes`: (household, head) of what both knew when the week began."""

    machines: Machines
    don: Laptop
    hong: Laptop
    homes: list[tuple[str, str]]
    last_weeks_copy: Path
    yesterdays_backup: Path
    incarnations_before: set[str]

    @classmethod
    def begun(cls, machines: Machines) -> Week:
        """Monday: both laptops have the same twelve households, and one is copied by its own menu."""
        don = machines.laptop("laptop-don", "Phạm Văn Đôn")
        hong = machines.laptop("laptop-hong", "Đinh Thị Hồng")
        homes = [don.add(f"{number:03d}", f"Hồ Thị {number}") for number in range(12)]
        for laptop in (don, hong, don):
            laptop.synced()
        before = {laptop.store.incarnation() for laptop in (don, hong)}
        return cls(machines, don, hong, homes, don.keeping.copy(), machines.folder / "backup.sqlite", before)

    def offline(self) -> None:
        """Seven days without a link; each edits and adds every day."""
        for day in range(1, DAYS + 1):
            self.machines.clock.turn(days=1)
            for laptop, home in ((self.don, self.homes[day % 3]), (self.hong, self.homes[3 + day % 3])):
                laptop.edit("household", home[0], phone=f"09{day} {laptop.name}", note=f"ngày {day}, {laptop.name}")
                laptop.edit("household_member", home[1], full_name=f"Hồ Văn {day} {laptop.name}")
                laptop.add(f"{laptop.name}-{day}", f"Phạm Thị {day} {laptop.name}")
        self._clash_on_five_fields()
        self.don.delete("household_member", self.homes[7][1])
        self.hong.edit("household_member", self.homes[7][1], full_name="Hồ Thị Bảy sửa")
        self.don.edit("household", self.homes[8][0], household_code="008 của Đôn")
        self.hong.delete("household", self.homes[8][0])

    def _clash_on_five_fields(self) -> None:
        home, head = self.homes[6]
        for laptop, who in ((self.don, "Đôn"), (self.hong, "Hồng")):
            laptop.edit("household", home, household_code=f"006 {who}", phone=f"0911 {who}")
            births = {"Đôn": "1978", "Hồng": "1979-03-15"}
            person = {"full_name": f"Hồ Thị Mơ {who}", "birth_date": births[who], "personal_id_number": f"0512 {who}"}
            laptop.edit("household_member", head, **person)

    def link_again(self) -> None:
        """Both send; then the province makes its backup of the night."""
        for laptop in (self.don, self.hong, self.don):
            laptop.synced()
        self.machines.province.operate("backup", "--to", str(self.yesterdays_backup))

    def one_is_cloned(self) -> None:
        """Hồng's folder is copied; both copies go on, and all send on the day after the backup."""
        clone = self.machines.cloned(self.hong, "laptop-hong-copy")
        self.machines.clock.turn(days=1)
        for laptop, number in ((self.don, 9), (self.hong, 10), (clone, 11)):
            laptop.edit("household", self.homes[number][0], household_code=f"sau sao lưu {laptop.name}")
            laptop.edit("household", self.homes[6][0], note=f"sau sao lưu {laptop.name}")
            laptop.add(f"sau-{laptop.name}", f"Sau sao lưu {laptop.name}")
        for laptop in (self.don, self.hong, clone):
            laptop.synced()

    def one_is_put_back(self) -> None:
        """Đôn's disk dies. He works on with last week's copy, over values that have long been others."""
        self.don.put_back(self.last_weeks_copy)
        self.don.edit("household", self.homes[9][0], household_code="009 sau khi khôi phục")
        self.don.edit("household_member", self.homes[0][1], full_name="Hồ Thị Không sau khi khôi phục")
        self.don.add("khoi-phuc", "Sau khi khôi phục")

    def province_is_put_back(self) -> None:
        """Yesterday's backup, without what was sent today."""
        self.machines.province.put_back(self.yesterdays_backup)
        self.machines.find_province()

    def operator_adopts(self) -> None:
        self.machines.province.stop()
        self.machines.province.operate("adopt-restore")
        self.machines.province.start()
        self.machines.find_province()
        self.machines.clock.turn(hours=1)
