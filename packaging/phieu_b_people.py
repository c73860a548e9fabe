"""The roster of Phiếu B, and what each member means for the twelve indicators.

Source: Decree 07/2021/NĐ-CP, annex; thresholds in standards.json.

Each indicator is "1" deprived, "0" not deprived, "na" nobody it could apply to, "" not known yet. Who decides: an indicator is
"1" as soon as one member makes it so, "0" only when everybody was asked.

Rules of this form where the text at hand leaves room (they are told in the guidance of the questions):
- work is asked from 16 years on; the upper end of working age is the officer's judgement (no number was at hand);
- a child ahead of its age band counts as in the right school; continuing education counts from 12 years on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

Row = dict[str, str]
MakeRow = Callable[..., Row]

FROM_REGISTER = "${deviceid} = ''"
"""On the laptop (no device id of a phone) facts of the register are shown, not typed; on a phone they can be typed."""

IN_REGISTER = (
    "Còn thiếu trong sổ hộ: hãy bổ sung ở màn hình thông tin hộ rồi mở lại phiếu.",
    "Missing in the register: add it on the household's screen, then open the survey again.",
)

AGE_HINT = (
    "Tính tại ngày rà soát: theo đủ ngày sinh nếu biết, nếu không thì chỉ theo năm sinh.",
    "On the day of the review: by the full date of birth if known, else by the year only.",
)
WORK_HINT = (
    "Trong độ tuổi lao động; xét tính thường xuyên, đều đặn, tương đối ổn định của việc làm.",
    "Of working age; regular and fairly stable work is considered.",
)
BANDS_HINT = (
    "Khung tuổi 3-5 mầm non, 6-11 tiểu học, 12-15 THCS: chưa đối chiếu được với văn bản.",
    "Age bands 3-5 preschool, 6-11 primary, 12-15 lower secondary: not yet checked against the text.",
)


def roster(row: MakeRow) -> Iterator[Row]:
    yield row("begin_repeat", "roster", ("2. Thành viên hộ", "2. Members"), appearance="field-list")
    yield from register_facts(row)
    yield from member_questions(row)
    yield from member_states(row)
    yield row("end_repeat", "roster")


def register_facts(row: MakeRow) -> Iterator[Row]:
    known = {"read_only": FROM_REGISTER}
    on, born = "${surveyed_on}", "${birth_date}"
    later = (
        f"number(concat(substr({on}, 5, 7), substr({on}, 8, 10))) < number(concat(substr({born}, 5, 7), substr({born}, 8, 10)))"
    )
    years = f"number(substr({on}, 0, 4)) - number(substr({born}, 0, 4)) - if(string-length({born}) = 10 and {later}, 1, 0)"
    wrong = ("Ngày sinh: yyyy, yyyy-mm hoặc yyyy-mm-dd.", "Date of birth: yyyy, yyyy-mm or yyyy-mm-dd.")
    yield row("text", "full_name", ("Họ và tên", "Full name"), required="yes", required_message=IN_REGISTER, **known)
    yield row("select_one relation", "relation_to_head", ("Quan hệ với chủ hộ", "Relation to head"), **known)
    yield row("select_one sex", "sex", ("Giới tính", "Sex"), **known)
    yield row(
        "text",
        "birth_date",
        ("Ngày sinh", "Date of birth"),
        required="yes",
        constraint="regex(., '[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?')",
        constraint_message=wrong,
        required_message=IN_REGISTER,
        **known,
    )
    yield row("calculate", "age_years", calculation=f"if({born} = '' or {on} = '', '', {years})")
    yield row(
        "integer",
        "age",
        ("Tuổi", "Age"),
        hint=AGE_HINT,
        calculation="if(${age_years} >= 0, ${age_years}, '')",
        read_only="yes",
    )
    yield row("calculate", "age_by_year", calculation=f"if({born} != '' and string-length({born}) != 10, '1', '0')")
    yield row(
        "select_one age_basis",
        "age_basis",
        ("Cách tính tuổi", "How the age is known"),
        calculation="if(${age_by_year} = '1', 'year_only', 'full_date')",
        read_only="yes",
        relevant="${age_by_year} = '1'",
    )


def member_questions(row: MakeRow) -> Iterator[Row]:
    asked = {"required": "yes"}
    anew = {**asked, "changes": "yes"}  # what changes from one year to the next by nature: never taken over from last year
    yield row("select_one yes_no", "serious_illness", ("Khuyết tật hoặc bệnh nặng", "Disabled or seriously ill"), **asked)
    yield row("select_one yes_no", "can_work", ("Có khả năng lao động", "Able to work"), relevant="${age} >= 16", **anew)
    yield row(
        "select_one activity",
        "activity",
        ("Tình trạng việc làm", "Activity"),
        relevant="${age} >= 16 and ${can_work} = 'yes'",
        **anew,
    )
    yield row(
        "select_one employment",
        "employment",
        ("Chi tiết việc làm", "Kind of work"),
        hint=WORK_HINT,
        relevant="${activity} = 'employed' or ${activity} = 'not_employed'",
        choice_filter="activity = ${activity}",
        **anew,
    )
    yield row(
        "select_one schooling",
        "schooling",
        ("Hiện đang học", "Attending now"),
        hint=BANDS_HINT,
        relevant="${age} >= 3 and ${age} <= 30",
        **anew,
    )
    yield row(
        "select_one qualification",
        "qualification",
        ("Bằng cấp cao nhất", "Highest qualification"),
        relevant="${age} >= 16 and ${age} <= 30 and ${schooling} = 'not_attending'",
        **anew,
    )
    yield row(
        "select_one yes_no",
        "job_training",
        ("Được doanh nghiệp tuyển và chứng nhận đào tạo nghề tại chỗ", "Hired, with certified on-the-job training"),
        relevant=f"${{qualification}} != '' and not({QUALIFIED})",
        **anew,
    )
    yield row(
        "select_one yes_no", "health_insurance", ("Có bảo hiểm y tế", "Has health insurance"), relevant="${age} >= 6", **asked
    )
    yield row(
        "select_one yes_no",
        "malnourished",
        ("Suy dinh dưỡng (chiều cao hoặc cân nặng theo tuổi)", "Stunted or underweight for age"),
        hint=("Theo đánh giá của trạm y tế, nếu có.", "As judged by the health station where it did."),
        relevant="${age} < 16",
        **asked,
    )
    yield row(
        "select_one allowance",
        "allowance",
        ("Trợ cấp xã hội hằng tháng", "Monthly social allowance"),
        relevant="${age} >= 16",
        **anew,
    )


QUALIFIED = (
    "if(${age} < 18, selected('lower_secondary upper_secondary elementary_vocational intermediate_vocational college "
    "university_plus', ${qualification}), selected('upper_secondary elementary_vocational intermediate_vocational college "
    "university_plus', ${qualification}))"
)
RIGHT_SCHOOL = (
    "if(${age} < 6, selected('preschool primary', ${schooling}), if(${age} < 12, selected('primary lower_secondary', "
    "${schooling}), selected('lower_secondary upper_secondary vocational continuing', ${schooling})))"
)


def case(*branches: tuple[str, str], otherwise: str) -> str:
    """Nested ifs: the first condition that holds decides."""
    return "".join(f"if({test}, {value}, " for test, value in branches) + otherwise + ")" * len(branches)


def member_states(row: MakeRow) -> Iterator[Row]:
    """One state per member and indicator, and the words for the reason."""
    unknown, child = ("${age} = ''", "''"), "${age} < 16"
    states = {
        "work": case(
            unknown,
            (f"{child} or ${{can_work}} = 'no'", "'na'"),
            ("${can_work} = '' or ${activity} = ''", "''"),
            ("${activity} = 'studying' or ${activity} = 'elderly_not_working'", "'na'"),
            ("${employment} = ''", "''"),
            ("${employment} = 'not_in_labour_force'", "'na'"),
            otherwise="if(${employment} = 'wage_without_contract' or ${employment} = 'seeking_work', '1', '0')",
        ),
        "dependent": case(
            unknown,
            (child, "'1'"),
            ("${allowance} = ''", "''"),
            otherwise="if(${allowance} = 'elderly' or ${allowance} = 'disability', '1', '0')",
        ),
        "nutrition": case(unknown, ("${age} >= 16", "'na'"), otherwise=yes_no("malnourished", "yes")),
        "insurance": case(unknown, ("${age} < 6", "'na'"), otherwise=yes_no("health_insurance", "no")),
        "adult_education": case(
            unknown,
            ("${age} < 16 or ${age} > 30", "'na'"),
            ("${schooling} = ''", "''"),
            ("${schooling} != 'not_attending'", "'0'"),
            ("${qualification} = ''", "''"),
            (QUALIFIED, "'0'"),
            otherwise=yes_no("job_training", "no"),
        ),
        "child_schooling": case(
            unknown,
            ("${age} < 3 or ${age} >= 16", "'na'"),
            ("${schooling} = ''", "''"),
            otherwise=f"if({RIGHT_SCHOOL}, '0', '1')",
        ),
    }
    for name, expression in states.items():
        yield row("calculate", f"{name}_state", calculation=expression)
    for name, words in REASONS.items():
        yield row("calculate", f"{name}_reason", calculation=f"if(${{{name}_state}} = '1', {words}, '')")


def yes_no(question: str, deprived: str) -> str:
    return f"if(${{{question}}} = '', '', if(${{{question}}} = '{deprived}', '1', '0'))"


NAME_AND_AGE = "concat(${full_name}, ' (', ${age}, ')')"
REASONS = {
    "work": "concat(${full_name}, ': ', jr:choice-name(${employment}, '${employment}'))",
    "dependent": "${full_name}",
    "nutrition": NAME_AND_AGE,
    "insurance": "${full_name}",
    "adult_education": f"concat({NAME_AND_AGE}, ': ', jr:choice-name(${{qualification}}, '${{qualification}}'))",
    "child_schooling": f"concat({NAME_AND_AGE}, ': ', jr:choice-name(${{schooling}}, '${{schooling}}'))",
}
