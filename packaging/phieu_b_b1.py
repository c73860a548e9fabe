"""B1 of Phiếu B: computed from the points of the choices sheet where a province loaded them, typed from paper until then.

The points stand in columns of the choices sheet, one for each area class; where the official table tells rural regions apart,
`points_rural_<region>` take the place of `points_rural`. How many regions the table of Circular 07/2021/TT-BLĐTBXH has was not
found (standards.md section 5; 2016: urban and six rural regions), nor which of its questions are asked here: any question of the
house block below may score, and a province adds the others with a list of their own. All columns ship empty, no point is ours.

A list without points scores nothing; one point anywhere makes the form compute B1. That the columns are whole is checked when
the form is released (`poverty_desktop/forms/points.py`), so a form in use computes all of it or none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

Row = dict[str, str]
MakeRow = Callable[..., Row]

B1_REGIONS = (
    ("bac_trung_bo_duyen_hai_mien_trung", "Bắc Trung Bộ và Duyên hải miền Trung", "North Central and Central Coast"),
    ("tay_nguyen", "Tây Nguyên", "Central Highlands"),
)
"""Keys as `b1_region` of the unit list (units.json): that of the former province; uncertain, and so told on the form."""

URBAN, RURAL = "points_urban", "points_rural"
REGIONAL = tuple(f"{RURAL}_{key}" for key, _, _ in B1_REGIONS)
POINT_COLUMNS = [RURAL, URBAN, *REGIONAL]
SCORED = {"water_source": "water_source", "toilet": "toilet", "uses_internet": "internet", "electricity": "electricity"}
"""Questions with a list of their own, by name, that score as soon as their list bears points."""
SCORED_MANY = {"info_means": "info_means"}
TITLE = ("5. Điểm B1", "5. B1 score")


def bearing(columns: Sequence[str], lists: Sequence[str] = (*SCORED.values(), *SCORED_MANY.values())) -> str:
    """How many points stand in these columns."""
    return " + ".join(f"count(instance('{one}')/root/item/{column})" for one in lists for column in columns)


def by_region(row: MakeRow) -> Row:
    return row("calculate", "b1_by_region", calculation=f"if({bearing(REGIONAL)} > 0, 'yes', '')")


def region(row: MakeRow) -> Row:
    hint = (
        "Theo tỉnh cũ; chưa đối chiếu được với Thông tư 07/2021/TT-BLĐTBXH.",
        "That of the former province; not checked against Circular 07/2021/TT-BLĐTBXH.",
    )
    asked = {"relevant": "${b1_by_region} = 'yes' and ${area_class} = 'rural'", "required": "yes"}
    return row("select_one b1_region", "b1_region", ("Vùng tính điểm B1", "Region for B1"), hint=hint, **asked)


def total(row: MakeRow, both: Callable[[str, tuple[str, str]], Row]) -> Iterator[Row]:
    """The section of the official form: one of two totals, and which of them it is."""
    computed, typed = "${b1_is_computed} = 'yes'", "${b1_is_computed} = ''"
    yield row("begin_group", "b1", TITLE, appearance="field-list")
    yield row("calculate", "b1_is_computed", calculation=f"if({bearing(POINT_COLUMNS)} > 0, 'yes', '')")
    yield row("note", "b1_note", TYPED_NOTE, relevant=typed)
    yield row("note", "b1_points_note", COMPUTED_NOTE, relevant=computed)
    for column in POINT_COLUMNS:
        yield row("calculate", column.replace("points", "b1"), calculation=f"if({_applies(column)}, {_sum(column)}, '')")
    yield row(
        "integer",
        "b1_score",
        ("Tổng điểm B1 (nhập từ phiếu giấy)", "B1 total (typed from paper)"),
        required="yes",
        changes="yes",
        relevant=typed,
        constraint=". >= 0 and . <= 300",
    ) | both("constraint_message", ("Tổng điểm B1 phải từ 0 đến 300.", "The B1 total lies between 0 and 300."))
    whole = _first_number([column.replace("points", "b1") for column in POINT_COLUMNS])
    words = ("Tổng điểm B1 (máy tính theo bảng điểm)", "B1 total (computed from the table of points)")
    yield row("integer", "b1_points", words, relevant=computed, calculation=whole, read_only="yes")
    source = "if(${b1_is_computed} = 'yes', if(${b1_points} = '', '', 'points'), if(${b1_score} = '', '', 'typed'))"
    yield row("calculate", "b1_source", calculation=source)
    yield row("end_group", "b1")


TYPED_NOTE = (
    "Chưa có bảng điểm B1 chính thức của Thông tư 07/2021/TT-BLĐTBXH trong máy: nhập tổng điểm B1 đã tính trên phiếu giấy.",
    "The official B1 table of Circular 07/2021/TT-BLĐTBXH is not on this computer: type the total worked out on paper.",
)
COMPUTED_NOTE = (
    "Điểm B1 do máy tính theo bảng điểm đã nạp vào biểu mẫu này; không nhập. Còn câu tính điểm chưa trả lời thì chưa có tổng.",
    "B1 is computed from the table of points that was loaded into this form; it is not typed. There is no total while a question "
    "that scores has no answer.",
)


def _applies(column: str) -> str:
    """Whether the column is that of the household. Each is worked out for its own area only."""
    area = "urban" if column == URBAN else "rural"
    here = f"${{b1_is_computed}} = 'yes' and ${{area_class}} = '{area}'"
    if column == RURAL:
        return f"{here} and ${{b1_by_region}} = ''"
    return here if column == URBAN else f"{here} and ${{b1_region}} = '{column.removeprefix(f'{RURAL}_')}'"


def _sum(column: str) -> str:
    """No number (NaN) while a question that scores has no answer; a question whose list bears no points adds nothing."""
    one = [(listing, f"number(instance('{listing}')/root/item[name = ${{{name}}}]/{column})") for name, listing in SCORED.items()]
    many = [
        (listing, f"if(${{{name}}} = '', number(''), sum(instance('{listing}')/root/item[selected(${{{name}}}, name)]/{column}))")
        for name, listing in SCORED_MANY.items()
    ]
    return " + ".join(f"if(count(instance('{listing}')/root/item/{column}) = 0, 0, {term})" for listing, term in one + many)


def _first_number(names: list[str]) -> str:
    """The only one of these that applies; "" while it is no number yet."""
    found = "''"
    for name in reversed(names):
        found = f"if(${{{name}}} >= 0 or ${{{name}}} < 0, ${{{name}}}, {found})"
    return found


DEMO_QUESTIONS = {
    "demo_vehicle": ("Phương tiện đi lại tốt nhất (câu hỏi giả định)", "Best vehicle (made-up question)"),
    "demo_fridge": ("Tủ lạnh (câu hỏi giả định)", "Refrigerator (made-up question)"),
    "demo_land": ("Đất sản xuất (câu hỏi giả định)", "Production land (made-up question)"),
    "demo_livestock": ("Chăn nuôi (câu hỏi giả định)", "Livestock (made-up question)"),
}


def demo_total(row: MakeRow) -> Iterator[Row]:
    """The section of the demonstration form, with its made-up questions and points."""
    sums = {area: " + ".join(_demo_term(name, area) for name in DEMO_QUESTIONS) for area in ("rural", "urban")}
    complete = " and ".join(f"${{{name}}} != ''" for name in DEMO_QUESTIONS) + " and ${area_class} != ''"
    whole = f"if({complete}, if(${{area_class}} = 'urban', {sums['urban']}, {sums['rural']}), '')"
    words = ("Tổng điểm B1 (điểm trình diễn)", "B1 total (demonstration points)")
    yield row("begin_group", "b1", TITLE, appearance="field-list")
    yield from (row(f"select_one {name}", name, label, required="yes") for name, label in DEMO_QUESTIONS.items())
    yield row("integer", "b1_score", words, calculation=whole, read_only="yes")
    yield row("calculate", "b1_source", calculation="if(${b1_score} = '', '', 'points')")
    yield row("end_group", "b1")


def _demo_term(name: str, area: str) -> str:
    return f"number(instance('{name}')/root/item[name = ${{{name}}}]/points_{area})"
