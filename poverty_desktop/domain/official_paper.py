"""What every official paper bears: who issues it, where and when, who signs (Decree 30/2020/NĐ-CP)."""

from __future__ import annotations

from dataclasses import dataclass

from poverty_desktop.domain.dates import long_vietnamese
from poverty_desktop.domain.reference import Reference

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True)
class OfficialPaper:
    """Heading and signatures. Official papers are Vietnamese whatever the language of the window.

    `day` is an ISO day or None (dots are printed, to be filled by hand); empty signer names leave room for a hand-written one.
    """

    province_name: str  # "Tỉnh Quảng Ngãi"
    unit_name: str  # "Xã Sơn Hà"
    place: str  # "Sơn Hà"
    day: str | None = None
    maker_name: str = ""
    chair_name: str = ""
    practice: bool = False  # printed large: not a real paper

    @property
    def superior(self) -> str:
        return self.province_name.upper()

    @property
    def issuer(self) -> str:
        return f"ỦY BAN NHÂN DÂN {self.unit_name.upper()}"

    @property
    def place_and_day(self) -> str:
        day = long_vietnamese(self.day) if self.day else "ngày …… tháng …… năm ……"
        return f"{self.place}, {day}"

    @property
    def chair_block(self) -> tuple[str, str]:
        """The two lines above the chair's signature: "TM. ỦY BAN NHÂN DÂN XÃ", "CHỦ TỊCH"."""
        kind = next((kind for kind in ("Đặc khu", "Phường", "Xã") if self.unit_name.startswith(kind)), "Xã")
        return f"TM. ỦY BAN NHÂN DÂN {kind.upper()}", "CHỦ TỊCH"


def paper_of(reference: Reference, commune_code: str, *, day: str | None = None, practice: bool = False) -> OfficialPaper:
    """The paper of a commune by its five-digit code."""
    unit = reference.unit(commune_code)
    name = unit.name if unit else "Xã ……………"
    place = name.split(" ", 2)[2] if name.startswith("Đặc khu ") else name.split(" ", 1)[1]
    return OfficialPaper(reference.province_name, name, place, day, practice=practice)
