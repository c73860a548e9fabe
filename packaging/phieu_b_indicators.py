"""The twelve indicators of Phiếu B (B2), computed from roster and house block: Decree 07/2021/NĐ-CP, annex (standards.json).

Each is "1" deprived, "0" not deprived, "na" nobody it could apply to, "" not known yet: "1" as soon as one answer makes it so,
"0" only when everybody was asked. The reason names the members or the answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from phieu_b_people import MakeRow, Row, case

OF_MEMBERS = {1: "work", 3: "nutrition", 4: "insurance", 5: "adult_education", 6: "child_schooling"}

NAMES = {
    1: ("Việc làm", "Employment"),
    2: ("Người phụ thuộc trong hộ gia đình", "Dependents"),
    3: ("Dinh dưỡng", "Nutrition"),
    4: ("Bảo hiểm y tế", "Health insurance"),
    5: ("Trình độ giáo dục của người lớn", "Adult education"),
    6: ("Tình trạng đi học của trẻ em", "Child schooling"),
    7: ("Chất lượng nhà ở", "Housing quality"),
    8: ("Diện tích nhà ở bình quân đầu người", "Housing area per person"),
    9: ("Nguồn nước sinh hoạt", "Domestic water source"),
    10: ("Nhà tiêu hợp vệ sinh", "Hygienic toilet"),
    11: ("Sử dụng dịch vụ viễn thông", "Telecommunication service"),
    12: ("Phương tiện phục vụ tiếp cận thông tin", "Means of information"),
}
UNCERTAIN = (10, 12)
"""Indicators whose list was not seen in a text (standards.json); told in their labels."""


def indicators(row: MakeRow, thresholds: dict[int, tuple[str, str]]) -> Iterator[Row]:
    title = ("4. Mười hai chỉ số thiếu hụt (B2)", "4. Twelve indicators (B2)")
    yield row("begin_group", "indicators", title, appearance="field-list")
    yield row("calculate", "member_count", calculation="count(${roster})")
    yield row("calculate", "dependent_count", calculation="count(${dependent_state}[. = '1'])")
    yield row("calculate", "dependent_unknown", calculation="count(${dependent_state}[. = ''])")
    for number, name in NAMES.items():
        yield from indicator(row, number, name, thresholds[number])
    points = " + ".join(f"if(${{deprived_{number}}} = '1', 10, 0)" for number in NAMES)
    unknown = " + ".join(f"if(${{deprived_{number}}} = '', 1, 0)" for number in NAMES)
    yield row("calculate", "unknown_count", calculation=unknown)
    yield row("integer", "b2_score", ("Điểm B2", "B2 score"), hint=B2_HINT, calculation=points, read_only="yes")
    yield row("note", "unknown_note", UNKNOWN_NOTE, relevant="${unknown_count} > 0")
    yield row("end_group", "indicators")


B2_HINT = (
    "10 điểm cho mỗi chỉ số thiếu hụt; máy tính, không nhập.",
    "10 points for each deprived indicator; computed, never typed.",
)
UNKNOWN_NOTE = (
    "Còn ${unknown_count} chỉ số chưa đủ câu trả lời để xác định; điểm B2 mới tính các chỉ số đã rõ.",
    "${unknown_count} indicators cannot be decided yet; B2 counts the others only.",
)


def indicator(row: MakeRow, number: int, name: tuple[str, str], threshold: tuple[str, str]) -> Iterator[Row]:
    mark = (" (danh mục chưa đối chiếu văn bản)", " (list not checked against the text)") if number in UNCERTAIN else ("", "")
    label = (f"{number}. {name[0]}{mark[0]}", f"{number}. {name[1]}{mark[1]}")
    state, reason = household_rule(number)
    yield row("select_one deprivation", f"deprived_{number}", label, guidance_hint=threshold, calculation=state, read_only="yes")
    yield row(
        "text",
        f"because_{number}",
        (f"Lý do thiếu hụt chỉ số {number}", f"Why deprived on {number}"),
        calculation=f"if(${{deprived_{number}}} = '1', {reason}, '')",
        read_only="yes",
        relevant=f"${{deprived_{number}}} = '1'",
    )


def household_rule(number: int) -> tuple[str, str]:
    """The state of an indicator and the words for its reason."""
    if number in OF_MEMBERS:
        return members_rule(OF_MEMBERS[number])
    return HOUSEHOLD_RULES[number]


def members_rule(name: str) -> tuple[str, str]:
    """Deprived when one member is; known when all are; "na" when it applies to nobody."""

    def members(value: str) -> str:
        return f"count(${{{name}_state}}[. = '{value}'])"

    state = case(
        (f"{members('1')} > 0", "'1'"),
        (f"${{member_count}} = 0 or {members('')} > 0", "''"),
        otherwise=f"if({members('0')} > 0, '0', 'na')",
    )
    return state, f"join('; ', ${{{name}_reason}}[. != ''])"


def answer(question: str, deprived: str) -> str:
    return f"if(${{{question}}} = '', '', if({deprived}, '1', '0'))"


def label_of(question: str) -> str:
    return f"jr:choice-name(${{{question}}}, '${{{question}}}')"


def parts(value: str) -> str:
    return " + ".join(f"if(${{{part}_durable}} = '{value}', 1, 0)" for part in ("wall", "pillar", "roof"))


WEAK_WORDS = ", ".join(
    f"if(${{{part}_durable}} = 'no', concat(', ', jr:choice-name('{part}', '${{weak_parts}}')), '')"
    for part in ("wall", "pillar", "roof")
)
HOUSEHOLD_RULES: dict[int, tuple[str, str]] = {
    2: (
        case(
            ("${member_count} = 0", "''"),
            ("${dependent_count} div ${member_count} > 0.5", "'1'"),
            otherwise="if((${dependent_count} + ${dependent_unknown}) div ${member_count} <= 0.5, '0', '')",
        ),
        "concat(${dependent_count}, '/', ${member_count}, ': ', join(', ', ${dependent_reason}[. != '']))",
    ),
    7: (
        case((f"{parts('no')} >= 2", "'1'"), otherwise=f"if({parts('yes')} >= 2, '0', '')"),
        f"substr(concat({WEAK_WORDS}), 2)",
    ),
    8: (
        case(
            ("${floor_area} = '' or ${member_count} = 0", "''"),
            otherwise="if(${floor_area} div ${member_count} < 8, '1', '0')",
        ),
        "concat(translate(round(${floor_area} div ${member_count}, 2), '.', ','), ' m² (', translate(${floor_area}, '.', ','), "
        "' m² : ', ${member_count}, ')')",
    ),
    9: (answer("water_source", "starts-with(${water_source}, 'unsafe')"), label_of("water_source")),
    10: (answer("toilet", "${toilet} = 'none' or ${toilet} = 'unhygienic'"), label_of("toilet")),
    11: (answer("uses_internet", "${uses_internet} = 'no'"), label_of("uses_internet")),
    12: (answer("info_means", "selected(${info_means}, 'none')"), "jr:choice-name('none', '${info_means}')"),
}
