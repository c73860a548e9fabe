"""The choices sheet of Phiếu B: reference data of the project, and lists from the thresholds of the standard.

The columns `points_…` (phieu_b_b1.py) are the marked ones where a province loads the official points of B1. They are empty in
phieu_b; in phieu_b_demo they bear made-up numbers for practice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from phieu_b_b1 import B1_REGIONS

Row = dict[str, str]
REFERENCE = Path(__file__).resolve().parent.parent / "resources" / "reference"
VI, EN = "Tiếng Việt (vi)", "English (en)"


def choice(listing: str, name: object, vi: str, en: str, **columns: str) -> Row:
    return {"list_name": listing, "name": str(name), f"label::{VI}": vi, f"label::{EN}": en, **columns}


def reference(file: str, entry: str, listing: str, code: str = "key") -> Iterator[Row]:
    """A code list of the reference data. A star behind a label there marks a source, and is left out here."""
    for item in json.loads((REFERENCE / file).read_text(encoding="utf-8"))[entry]["items"]:
        yield choice(listing, item[code], item["vi"].removesuffix(" *"), item["en"])


def choices(demo: bool) -> list[Row]:
    rows = [choice(listing, *words) for listing, lines in LISTS.items() for words in lines]
    rows += reference("people.json", "sexes", "sex", "code")
    rows += reference("people.json", "relations_to_head", "relation", "code")
    rows += reference("people.json", "school_levels_attending", "schooling")
    rows += reference("people.json", "highest_qualification", "qualification")
    rows += (line for line in reference("people.json", "member_activity_status", "activity") if line["name"] in ACTIVITIES)
    rows += ({**line, "activity": WORK_OF[line["name"]]} for line in reference("people.json", "employment_detail", "employment"))
    rows += reference("causes.json", "causes_of_poverty", "cause")
    rows += reference("support.json", "support_kinds", "need")
    rows += demo_choices() if demo else []
    return rows


ACTIVITIES = ("employed", "not_employed", "studying", "elderly_not_working")
"""Of those able to work and 16 or older; "below school age" and "unable to work" are answered by age and ability."""

WORK_OF = {
    "wage_with_contract": "employed",
    "wage_without_contract": "employed",
    "self_employed_agri": "employed",
    "self_employed_non_agri": "employed",
    "seeking_work": "not_employed",
    "not_in_labour_force": "not_employed",
}

LISTS: dict[str, list[tuple[str, str, str]]] = {
    "area": [("rural", "Nông thôn", "Rural"), ("urban", "Thành thị", "Urban")],
    "b1_region": list(B1_REGIONS),
    "yes_no": [("yes", "Có", "Yes"), ("no", "Không", "No")],
    "age_basis": [("full_date", "Đủ ngày sinh", "Full date"), ("year_only", "Chỉ theo năm sinh", "Year of birth only")],
    "house_part": [("wall", "Tường", "Walls"), ("pillar", "Cột", "Pillars"), ("roof", "Mái", "Roof")],
    "deprivation": [
        ("1", "Thiếu hụt", "Deprived"),
        ("0", "Không thiếu hụt", "Not deprived"),
        ("na", "Không áp dụng", "Not applicable"),
    ],
    "allowance": [
        ("none", "Không hưởng", "None"),
        ("elderly", "Trợ cấp người cao tuổi", "For the elderly"),
        ("disability", "Trợ cấp người khuyết tật", "For disability"),
        ("other", "Trợ cấp xã hội khác", "Other social allowance"),
    ],
    "water_source": [
        ("piped", "Nước máy", "Piped water"),
        ("drilled_well", "Giếng khoan", "Drilled well"),
        ("protected_dug_well", "Giếng đào được bảo vệ", "Protected dug well"),
        ("protected_spring", "Nước khe/mó được bảo vệ", "Protected spring"),
        ("rain", "Nước mưa", "Rain water"),
        ("bottled", "Nước đóng chai/bình", "Bottled water"),
        ("unsafe_dug_well", "Giếng đào không được bảo vệ", "Unprotected dug well"),
        ("unsafe_spring", "Nước khe/mó không được bảo vệ", "Unprotected spring"),
        ("unsafe_surface", "Nước sông, suối, ao, hồ", "River, stream, pond or lake"),
        ("unsafe_other", "Nguồn khác không phải nước sạch", "Other source that is not clean"),
    ],
    "toilet": [
        ("septic", "Tự hoại/bán tự hoại", "Septic or semi-septic"),
        ("pour_flush", "Thấm dội nước", "Pour-flush"),
        ("vip", "Cải tiến có ống thông hơi (VIP)", "Ventilated improved pit"),
        ("pit_with_seat", "Hố xí đào có bệ ngồi", "Pit with seat"),
        ("double_vault", "Hai ngăn", "Double vault"),
        ("unhygienic", "Loại khác, không hợp vệ sinh", "Other, not hygienic"),
        ("none", "Không có nhà tiêu", "No latrine"),
    ],
    "internet": [
        ("yes", "Có thành viên sử dụng internet", "A member uses the internet"),
        ("no", "Không thành viên nào sử dụng internet", "No member uses the internet"),
    ],
    "info_means": [
        ("tv", "Tivi", "Television"),
        ("radio", "Radio", "Radio"),
        ("desktop", "Máy tính để bàn", "Desktop computer"),
        ("telephone", "Điện thoại", "Telephone"),
        ("laptop", "Máy tính xách tay", "Laptop"),
        ("tablet", "Máy tính bảng", "Tablet"),
        ("smartphone", "Điện thoại thông minh", "Smartphone"),
        ("none", "Không có phương tiện nào", "None of these"),
    ],
    "electricity": [
        ("grid", "Điện lưới quốc gia", "National grid"),
        ("off_grid", "Điện mặt trời, thủy điện nhỏ, máy phát", "Solar, small hydro or generator"),
        ("none", "Chưa có điện", "No electricity"),
    ],
}

DEMO: dict[str, list[tuple[str, str, str, int, int]]] = {
    "demo_vehicle": [
        ("none", "Không có", "None", 20, 25),
        ("bicycle", "Xe đạp", "Bicycle", 30, 35),
        ("motorbike", "Xe máy", "Motorbike", 50, 60),
        ("car", "Ô tô", "Car", 100, 110),
    ],
    "demo_fridge": [("no", "Không", "No", 20, 25), ("yes", "Có", "Yes", 40, 45)],
    "demo_land": [
        ("none", "Không có đất", "No land", 20, 30),
        ("little", "Dưới 1.000 m²", "Under 1,000 m²", 30, 35),
        ("enough", "Từ 1.000 m² trở lên", "1,000 m² or more", 50, 45),
    ],
    "demo_livestock": [
        ("none", "Không nuôi", "None", 20, 30),
        ("poultry", "Gia cầm", "Poultry", 30, 35),
        ("cattle", "Trâu, bò", "Buffalo or cattle", 50, 45),
    ],
}
"""Made-up points for practice; they come from no document."""


def demo_choices() -> Iterator[Row]:
    for listing, lines in DEMO.items():
        for name, vi, en, rural, urban in lines:
            yield choice(listing, name, vi, en, points_rural=str(rural), points_urban=str(urban))
