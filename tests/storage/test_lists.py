from __future__ import annotations

from collections.abc import Callable

import pytest

from poverty_desktop.services.ports import Change, Draft, Save
from poverty_desktop.storage.household_index import name_key, sort_key
from poverty_desktop.storage.workspace import Workspace

Register = Callable[..., str]
FORM = {"form_id": "b", "form_version": "1", "form_hash": "x", "standard_id": "s"}


def change(workspace: Workspace, entity: str, record_id: str, **fields: object) -> None:
    records = workspace.records
    records.save(Save(records.new_group(), "lan", records.base(), [Change("u", entity, record_id, 1, fields)]))


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("dinh thi huong", "name"),
        ("hường đinh", "name"),
        ("ĐINH", "name"),
        ("Đi", "name"),
        ("21001-0007", "code"),
        ("0511234", "personal_id"),
        ("0912 345 678", "phone"),
        ("0912.345", "phone"),
        ("da chat", "village"),
        ("huong da", "name"),
    ],
)
def test_a_household_is_found_by_what_an_officer_would_type(
    workspace: Workspace, household: str, typed: str, reason: str
) -> None:
    page = workspace.lists.households(typed)
    assert [(line.id, line.reason) for line in page.lines] == [(household, reason)]
    assert page.total == 1


def test_words_of_a_column_are_told_apart_by_what_is_no_letter_or_digit(workspace: Workspace, household: str) -> None:
    """ "inh" stands within a name and begins none; "0007" begins a word of the code after its hyphen."""
    assert workspace.lists.households("inh").total == 0
    (line,) = workspace.lists.households("0007").lines
    assert line.reason == "code"


@pytest.mark.parametrize("typed", ["hiền", "đinh lan", '"', "*", "NEAR(", "-", "21001 0008"])
def test_what_does_not_match_finds_nothing_and_breaks_nothing(workspace: Workspace, household: str, typed: str) -> None:
    assert workspace.lists.households(typed).lines == []


@pytest.mark.parametrize("typed", ["huogn", "hương dinhh", "hiong chat", "thi huonng"])
def test_one_slip_of_the_keys_is_forgiven_where_nothing_else_matches(workspace: Workspace, household: str, typed: str) -> None:
    assert [(line.id, line.reason) for line in workspace.lists.households(typed).lines] == [(household, "")]


def test_a_slip_is_read_as_what_the_register_says_now(workspace: Workspace, household: str) -> None:
    assert workspace.lists.households("baoo").total == 0
    (member,) = (row[0] for row in workspace.database.rows("SELECT id FROM household_member"))
    change(workspace, "household_member", member, full_name="Hồ Văn Bảo")
    assert [line.id for line in workspace.lists.households("baoo").lines] == [household]
    assert workspace.lists.households("huogn").total == 0


def test_a_number_is_never_guessed_at(workspace: Workspace, household: str) -> None:
    assert workspace.lists.households("051123456780").total == 0


def test_all_words_in_one_name_come_before_words_of_several_people(workspace: Workspace, register: Register) -> None:
    mixed = register("household", commune_code="21001", household_code="1")
    register("household_member", household_id=mixed, full_name="A Đinh", relation_to_head=1)
    register("household_member", household_id=mixed, full_name="Lê Hường")
    one = register("household", commune_code="21001", household_code="2")
    register("household_member", household_id=one, full_name="Đinh Hường", relation_to_head=1)
    assert [line.id for line in workspace.lists.households("dinh huong").lines] == [one, mixed]


def test_search_follows_every_change_of_household_member_and_village(workspace: Workspace, household: str) -> None:
    line = workspace.lists.household_line(household)
    change(workspace, "village", line.village_id, name="Thôn Nước Lác")
    (member,) = (row[0] for row in workspace.database.rows("SELECT id FROM household_member"))
    change(workspace, "household_member", member, full_name="Hồ Văn Lợi")
    assert [workspace.lists.households(text).total for text in ("huong", "da chat", "ho van loi", "nuoc lac")] == [0, 0, 1, 1]
    change(workspace, "household", household, presence="moved_out")
    assert workspace.lists.households("ho van loi").total == workspace.lists.households().total == 0
    assert workspace.verify().ok


def test_a_member_who_moves_leaves_the_old_line(workspace: Workspace, household: str, register: Register) -> None:
    other = register("household", commune_code="21001")
    (member,) = (row[0] for row in workspace.database.rows("SELECT id FROM household_member"))
    change(workspace, "household_member", member, household_id=other)
    assert [line.id for line in workspace.lists.households("huong").lines] == [other]
    assert workspace.lists.household_line(household).member_count == 0


def test_the_list_is_in_village_order_and_given_name_order(workspace: Workspace, register: Register) -> None:
    villages = [register("village", commune_code="21001", name=name, position=place) for name, place in (("B", 2), ("A", 1))]
    for village, name in ((0, "Lê Thị An"), (1, "Đinh Văn Út"), (1, "Võ Ân"), (1, "Bùi An")):
        home = register("household", commune_code="21001", village_id=villages[village])
        register("household_member", household_id=home, full_name=name, relation_to_head=1)
    shown = [line.head_name for line in workspace.lists.households().lines]
    assert shown == ["Bùi An", "Võ Ân", "Đinh Văn Út", "Lê Thị An"]
    pages = [workspace.lists.households(limit=2, offset=offset).lines for offset in (0, 2)]
    assert [line.head_name for page in pages for line in page] == shown


def test_names_are_sorted_by_the_vietnamese_alphabet() -> None:
    letters = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
    assert letters == sorted({*letters}, key=sort_key)
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert tones == sorted({*tones}, key=sort_key)
    assert sort_key("ab") < sort_key("ăb")
    assert name_key("Đinh Thị An") < name_key("Bùi Văn Bình")


def test_the_state_of_the_survey_is_that_of_the_newest_review(workspace: Workspace, household: str, register: Register) -> None:
    closed = {"standard_id": "s", "starts_on": "2025-09-01", "ends_on": "2025-12-14", **FORM, "state": "recognised"}
    old = register("review_round", commune_code="21001", year=2025, **closed)
    register("survey", round_id=old, household_id=household, **FORM, area_class="rural", state="finished", household_class="poor")
    assert workspace.lists.household_line(household).survey_state == "finished"
    now = register("review_round", commune_code="21001", year=2026, **{**closed, "state": "open"})
    assert workspace.lists.household_line(household).survey_state is None
    group = workspace.records.new_group()
    base = workspace.records.base()
    workspace.drafts.open(Draft(group, "survey", "s", "", "lan", base, notes={"household_id": household}))
    assert workspace.lists.household_line(household).survey_state == "draft"
    assert workspace.lists.households(survey_state="draft").total == 1
    workspace.drafts.drop(group)
    done = {"area_class": "rural", "state": "finished", "household_class": "near_poor"}
    register("survey", round_id=now, household_id=household, **FORM, **done)
    line = workspace.lists.household_line(household)
    assert (line.survey_state, line.survey_class) == ("finished", "near_poor")
    totals = {state: workspace.lists.households(survey_state=state).total for state in ("none", "saved", "finished")}
    assert totals == {"none": 0, "saved": 0, "finished": 1}


def test_the_first_screen_counts_by_village(workspace: Workspace, household: str, register: Register) -> None:
    village = workspace.lists.household_line(household).village_id
    register("class_record", household_id=household, household_class="poor", effective_on="2025-12-15")
    register("household", commune_code="21001", village_id=village)
    closed = {"standard_id": "s", "starts_on": "2026-09-01", "ends_on": "2026-12-14", **FORM}
    round_id = register("review_round", commune_code="21001", year=2026, **closed)
    state = workspace.lists.work(round_id)
    (progress,) = state.villages
    assert (progress.households, progress.to_review, progress.drafts, progress.finished) == (2, 1, 0, 0)
    register("survey", round_id=round_id, household_id=household, **FORM, area_class="rural", state="finished")
    state = workspace.lists.work(round_id)
    assert state.villages[0].finished == 1
    assert (state.household_count, state.member_count, state.waiting) == (2, 1, 7)
    assert state.oldest_waiting is not None


def test_long_results_are_counted_and_paged_without_gaps(workspace: Workspace, register: Register, monkeypatch) -> None:
    monkeypatch.setattr("poverty_desktop.storage.finding.SORTED", 3)
    for number in range(9):
        home = register("household", commune_code="21001", household_code=f"H{number}")
        register("household_member", household_id=home, full_name=f"Đinh {number}", relation_to_head=1)
    pages = [workspace.lists.households("dinh", limit=4, offset=offset) for offset in (0, 4, 8)]
    assert [page.total for page in pages] == [9, 9, 9]
    assert len({line.id for page in pages for line in page.lines}) == 9


def test_the_first_lines_do_not_wait_for_the_count(workspace: Workspace, register: Register, monkeypatch) -> None:
    monkeypatch.setattr("poverty_desktop.storage.finding.SORTED", 3)
    for number in range(9):
        home = register("household", commune_code="21001", household_code=f"H{number}")
        register("household_member", household_id=home, full_name=f"Đinh {number}", relation_to_head=1)
    page = workspace.lists.households("dinh", limit=2, counted=False)
    assert (len(page.lines), page.at_least) == (2, True)
    assert page.total > len(page.lines)
    few = workspace.lists.households("h7", limit=2, counted=False)
    assert (few.total, few.at_least) == (1, False)
    assert (workspace.lists.households("dinh", limit=0).total, workspace.lists.households("dinh", limit=0).lines) == (9, [])


def test_pages_of_a_sorted_search_follow_village_and_name_order(workspace: Workspace, register: Register) -> None:
    for number, name in enumerate(("Đinh Văn Út", "Đinh An", "Đinh Bình", "Đinh Thị Cúc", "Đinh Ân")):
        home = register("household", commune_code="21001", household_code=f"H{number}")
        register("household_member", household_id=home, full_name=name, relation_to_head=1)
    for typed in ("dinh", "dinh h"):
        pages = [workspace.lists.households(typed, limit=2, offset=offset) for offset in (0, 2, 4)]
        assert [page.total for page in pages] == [5, 5, 5]
        shown = [line.head_name for page in pages for line in page.lines]
        assert shown == ["Đinh An", "Đinh Ân", "Đinh Bình", "Đinh Thị Cúc", "Đinh Văn Út"]
