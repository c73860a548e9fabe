"""The survey sheet of Phiếu B, row by row: identification, house and result.

The roster is in `phieu_b_people.py`, the indicators in `phieu_b_indicators.py`, B1 in `phieu_b_b1.py`.

Sources: forms.md section 5 (what the paper asks), standards.md (thresholds of the 2022-2025 standard). The official column
numbers and the B1 table of Circular 07/2021/TT-BLĐTBXH were not available: nothing here stands in for them.
"""

from __future__ import annotations

from phieu_b_b1 import POINT_COLUMNS, bearing, by_region, demo_total, region, total
from phieu_b_indicators import indicators
from phieu_b_people import roster

VI, EN = "Tiếng Việt (vi)", "English (en)"
Row = dict[str, str]
NOT_OFFICIAL = ("BẢN TRÌNH DIỄN, KHÔNG CHÍNH THỨC", "DEMONSTRATION, NOT OFFICIAL")


def both(column: str, words: tuple[str, str]) -> Row:
    return {f"{column}::{VI}": words[0], f"{column}::{EN}": words[1]}


def row(kind: str, name: str = "", label: tuple[str, str] | None = None, **columns: object) -> Row:
    """One row. Pairs of words become one column per language; `_` in a column name stands for what XLSForm writes."""
    found: Row = {"type": kind, "name": name}
    if label:
        found |= both("label", label)
    for column, value in columns.items():
        if isinstance(value, tuple):
            found |= both(column, value)
        else:
            found[f"bind::pd:{column}" if column in ("tone", "changes") else column] = str(value)
    return found


def survey(demo: bool, thresholds: dict[int, tuple[str, str]]) -> list[Row]:
    """All rows. The demonstration form says in the title of every section, and in a note, that it is not official."""
    rows = [row("deviceid", "deviceid"), *identification(), *roster(row), *house(thresholds)]
    rows += [*indicators(row, thresholds), *(demo_total(row) if demo else total(row, both)), *result()]
    return marked(rows) if demo else rows


def marked(rows: list[Row]) -> list[Row]:
    found: list[Row] = []
    depth = 0
    for one in rows:
        depth += one["type"] in ("begin_group", "begin_repeat")
        top = depth == 1 and one["type"] in ("begin_group", "begin_repeat")
        if top:
            for lang, words in zip((VI, EN), NOT_OFFICIAL, strict=True):
                one = {**one, f"label::{lang}": f"{one[f'label::{lang}']} — {words}"}
        found.append(one)
        if top and one["type"] == "begin_group":
            found.append(row("note", f"demo_note_{one['name']}", DEMO_NOTE))
        depth -= one["type"] in ("end_group", "end_repeat")
    return found


DEMO_NOTE = (
    "Phiếu này chỉ để tập sử dụng. Điểm B1 trong phiếu là số giả định, không phải bảng điểm của Thông tư 07/2021/TT-BLĐTBXH; "
    "không dùng để xét hộ nghèo, hộ cận nghèo.",
    "This form is for practice only. Its B1 points are made up and are not the table of Circular 07/2021/TT-BLĐTBXH; it decides "
    "nothing about any household.",
)


def identification() -> list[Row]:
    area_hint = (
        "Theo địa bàn nơi hộ cư trú vào ngày rà soát (xã: nông thôn; phường: thành thị).",
        "That of the place on the day of the review (commune: rural; ward: urban).",
    )
    day_hint = ("Tuổi của mọi thành viên được tính tại ngày này.", "The ages of all members are taken on this day.")
    future = ("Ngày rà soát không được sau ngày hôm nay.", "The day of the review cannot lie in the future.")
    return [
        row("begin_group", "identification", ("1. Thông tin chung", "1. Identification"), appearance="field-list"),
        row("text", "province", ("Tỉnh", "Province"), default="Quảng Ngãi"),
        row("text", "commune", ("Xã, phường, đặc khu", "Commune, ward or special zone")),
        row("text", "village", ("Thôn, làng, tổ dân phố", "Village or residential group")),
        row("select_one area", "area_class", ("Khu vực", "Area"), required="yes", hint=area_hint),
        by_region(row),
        region(row),
        row("text", "household_code", ("Mã hộ", "Household code")),
        row(
            "date",
            "surveyed_on",
            ("Ngày rà soát", "Day of the review"),
            required="yes",
            hint=day_hint,
            constraint=". <= today()",
            changes="yes",
        )
        | both("constraint_message", future),
        row(
            "integer",
            "round_year",
            ("Năm rà soát", "Year of the review"),
            calculation="if(${surveyed_on} = '', '', number(substr(${surveyed_on}, 0, 4)))",
            read_only="yes",
        ),
        row("text", "enumerator", ("Người rà soát", "Reviewer"), changes="yes"),
        row("text", "respondent", ("Người trả lời", "Respondent"), changes="yes"),
        row("end_group", "identification"),
    ]


def durable(name: str, label: tuple[str, str], thresholds: dict[int, tuple[str, str]]) -> Row:
    return row("select_one yes_no", name, label, required="yes", guidance_hint=thresholds[7])


def house(thresholds: dict[int, tuple[str, str]]) -> list[Row]:
    weak = "concat(" + ", ".join(f"if(${{{part}_durable}} = 'no', '{part} ', '')" for part in ("wall", "pillar", "roof")) + ")"
    none_alone = ("Đã chọn “không có phương tiện nào” thì không chọn thêm.", "“None of these” cannot stand beside another means.")
    area_doubt = (
        "Diện tích rất lớn: xin kiểm tra lại, hoặc ghi lý do.",
        "A very large area: please check, or give the reason.",
    )
    unsure = ("Danh mục chưa đối chiếu được với phụ lục Nghị định 07/2021/NĐ-CP.", "List not yet checked against the annex.")
    area = ("Chỉ tính diện tích để ở.", "Living area only.")
    return [
        row(
            "begin_group", "house", ("3. Nhà ở và điều kiện sinh hoạt", "3. House and living conditions"), appearance="field-list"
        ),
        durable("wall_durable", ("Tường làm bằng vật liệu bền chắc?", "Are the walls durable?"), thresholds),
        durable("pillar_durable", ("Cột làm bằng vật liệu bền chắc?", "Are the pillars durable?"), thresholds),
        durable("roof_durable", ("Mái làm bằng vật liệu bền chắc?", "Is the roof durable?"), thresholds),
        row("calculate", "weak_parts_list", calculation=f"normalize-space({weak})"),
        row(
            "select_multiple house_part",
            "weak_parts",
            ("Kết cấu không bền chắc", "Parts that are not durable"),
            calculation="${weak_parts_list}",
            read_only="yes",
            relevant="${weak_parts_list} != ''",
        ),
        row(
            "decimal",
            "floor_area",
            ("Diện tích nhà ở (m²)", "Floor area (m²)"),
            required="yes",
            hint=area,
            guidance_hint=thresholds[8],
            constraint=". > 0 and . <= 1000",
            tone="amber",
        )
        | both("constraint_message", area_doubt),
        row(
            "select_one water_source",
            "water_source",
            ("Nguồn nước sinh hoạt chính", "Main domestic water source"),
            required="yes",
            guidance_hint=thresholds[9],
        ),
        row(
            "select_one toilet", "toilet", ("Loại nhà tiêu", "Latrine"), required="yes", hint=unsure, guidance_hint=thresholds[10]
        ),
        row(
            "select_one internet",
            "uses_internet",
            ("Sử dụng internet", "Internet use"),
            required="yes",
            guidance_hint=thresholds[11],
        ),
        row(
            "select_multiple info_means",
            "info_means",
            ("Phương tiện tiếp cận thông tin hộ đang có", "Means of information in the household"),
            required="yes",
            hint=unsure,
            guidance_hint=thresholds[12],
            constraint="not(selected(., 'none') and count-selected(.) > 1)",
        )
        | both("constraint_message", none_alone),
        row(
            "select_one electricity",
            "electricity",
            ("Nguồn điện", "Electricity"),
            hint=("Không tính vào điểm B2.", "Does not count for B2."),
            required=f"{bearing(POINT_COLUMNS, ['electricity'])} > 0",
        ),
        row("end_group", "house"),
    ]


def result() -> list[Row]:
    return [
        row("begin_group", "result", ("6. Nguyên nhân và nhu cầu hỗ trợ", "6. Causes and needs"), appearance="field-list"),
        row(
            "select_multiple cause",
            "causes",
            ("Nguyên nhân nghèo, cận nghèo", "Causes of poverty"),
            hint=("Được chọn nhiều nguyên nhân.", "More than one may be chosen."),
        ),
        row(
            "text",
            "cause_other",
            ("Nguyên nhân khác (ghi rõ)", "Other cause (specify)"),
            relevant="selected(${causes}, 'other')",
            required="yes",
        ),
        row("select_multiple need", "needs", ("Nhu cầu hỗ trợ", "Support needed")),
        row(
            "text",
            "need_other",
            ("Nhu cầu khác (ghi rõ)", "Other need (specify)"),
            relevant="selected(${needs}, 'other')",
            required="yes",
        ),
        row("text", "result_note", ("Ghi chú", "Notes"), appearance="multiline", changes="yes"),
        row("end_group", "result"),
    ]
