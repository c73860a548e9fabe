"""What every implementation of `Records` and `Lists` must do. Mix it into a test class with these two fixtures:

class TestReal(RecordsContract):
    @pytest.fixture()
    def records(self) -> Records: ...
    @pytest.fixture()
    def lists(self, records) -> Lists: ...
"""

from __future__ import annotations

from typing import Any

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import (
    ClassRecord,
    Household,
    HouseholdMember,
    Survey,
    Village,
)
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Lists, Records, Save

COMMUNE = "21289"


def save(records: Records, *changes: Change, group: str | None = None) -> int:
    """Commit changes as one Save of the officer "lan"; the number of operations it left."""
    return records.save(Save(group or records.new_group(), "lan", records.base(), changes)).operations


def create(records: Records, *created: tuple[str, dict[str, Any]]) -> list[str]:
    """Create records in one Save; their ids."""
    group = records.new_group()
    changes = [Change("c", entity, op_id(group, n), n, fields) for n, (entity, fields) in enumerate(created, 1)]
    save(records, *changes, group=group)
    return [change.record_id for change in changes]


def a_household(records: Records, **fields: Any) -> str:
    return create(records, ("household", {"commune_code": COMMUNE, **fields}))[0]


class RecordsContract:
    def test_a_saved_record_is_read_back_whole(self, records: Records) -> None:
        household = a_household(records, phone="0912 345 678", has_merit_member=True)
        found = records.get(Household, household)
        assert found is not None
        assert (found.id, found.phone, found.has_merit_member, found.presence) == (household, "0912 345 678", True, "present")
        assert records.get(Household, "00000000-0000-8000-8000-000000000000") is None
        assert records.get(Village, household) is None

    def test_a_deleted_record_is_gone_but_still_has_its_name(self, records: Records) -> None:
        household = a_household(records, household_code="H-7")
        save(records, Change("d", "household", household, 1))
        assert records.get(Household, household) is None
        last = records.last(Household, household)
        assert last is not None
        assert last.household_code == "H-7"
        assert records.last(Village, household) is None

    def test_groups_never_repeat(self, records: Records) -> None:
        groups = [records.new_group() for _ in range(200)]
        assert len(set(groups)) == 200
        assert groups == sorted(groups)

    def test_members_come_in_the_order_of_the_paper(self, records: Records) -> None:
        household = a_household(records)
        create(
            records,
            *(("household_member", {"household_id": household, "position": n, "full_name": f"Người {n}"}) for n in (2, 0, 1)),
        )
        names = [member.full_name for member in records.select(HouseholdMember, household_id=household)]
        assert names == ["Người 0", "Người 1", "Người 2"]
        assert records.select(HouseholdMember, household_id=household, position=1)[0].full_name == "Người 1"

    def test_an_update_touches_only_its_fields(self, records: Records) -> None:
        household = a_household(records, phone="1", note="giữ")
        assert save(records, Change("u", "household", household, 1, {"phone": "2"}, {"phone": "1"})) == 1
        found = records.get(Household, household)
        assert found is not None
        assert (found.phone, found.note) == ("2", "giữ")

    def test_none_clears_a_field(self, records: Records) -> None:
        household = a_household(records, phone="1")
        save(records, Change("u", "household", household, 1, {"phone": None}, {"phone": "1"}))
        found = records.get(Household, household)
        assert found is not None
        assert found.phone is None

    def test_a_save_that_changes_nothing_leaves_no_operation(self, records: Records) -> None:
        household = a_household(records, phone="1")
        before = records.base().own_seq
        assert save(records, Change("u", "household", household, 1, {"phone": "1"}, {"phone": "1"})) == 0
        assert records.base().own_seq == before

    def test_each_operation_moves_the_own_sequence(self, records: Records) -> None:
        before = records.base().own_seq
        household = a_household(records)
        create(records, *(("household_member", {"household_id": household}) for _ in range(2)))
        assert records.base().own_seq == before + 3

    def test_what_changed_underneath_is_refused_and_nothing_is_written(self, records: Records) -> None:
        household = a_household(records, phone="1")
        save(records, Change("u", "household", household, 1, {"phone": "2"}, {"phone": "1"}))
        stale = (
            Change("u", "household", household, 1, {"note": "mới"}, {"note": None}),
            Change("u", "household", household, 2, {"phone": "3"}, {"phone": "1"}),
        )
        with pytest.raises(KnownProblem) as problem:
            save(records, *stale)
        assert problem.value.code == "save.changed_underneath"
        assert "phone" in str(problem.value.facts["fields"])
        found = records.get(Household, household)
        assert found is not None
        assert (found.phone, found.note) == ("2", None)

    def test_answers_are_patched_one_by_one(self, records: Records) -> None:
        form = {
            "form_id": "phieu_b",
            "form_version": "1",
            "form_hash": "x",
            "standard_id": "mdp_2022_2025",
            "area_class": "rural",
        }
        household = a_household(records)
        answers = {"house/floor_area": "20", "house/wall": "1"}
        survey = create(records, ("survey", {"round_id": household, "household_id": household, **form, "answers": answers}))[0]
        patch = {"answers.house/floor_area": "24", "answers.house/wall": None, "answers.house/roof": "2"}
        seen = {"answers.house/floor_area": "20", "answers.house/wall": "1", "answers.house/roof": None}
        save(records, Change("u", "survey", survey, 1, patch, seen))
        found = records.get(Survey, survey)
        assert found is not None
        assert found.answers == {"house/floor_area": "24", "house/roof": "2"}

    def test_a_deleted_record_is_gone_from_the_lists(self, records: Records) -> None:
        household = a_household(records)
        save(records, Change("d", "household", household, 1))
        assert records.get(Household, household) is None
        assert household not in [one.id for one in records.select(Household)]

    def test_a_group_stands_or_falls_whole(self, records: Records) -> None:
        group = records.new_group()
        good = Change("c", "household", op_id(group, 1), 1, {"commune_code": COMMUNE})
        bad = Change("c", "household", "not the id of its operation", 2, {"commune_code": COMMUNE})
        with pytest.raises(ValueError, match="id"):
            save(records, good, bad, group=group)
        assert records.get(Household, good.record_id) is None

    def test_class_history_is_in_order_and_answers_for_a_day(self, records: Records, lists: Lists) -> None:
        household = a_household(records)
        entries = (("2025-12-15", "near_poor"), ("2023-12-15", "poor"))
        create(
            records,
            *(
                ("class_record", {"household_id": household, "household_class": household_class, "effective_on": day})
                for day, household_class in entries
            ),
        )
        assert [one.household_class for one in lists.class_history()[household]] == ["poor", "near_poor"]
        assert lists.class_history([]) == {}
        assert lists.class_on(household, "2025-12-14") == "poor"
        assert lists.class_on(household, "2020-01-01") is None
        entry = records.select(ClassRecord, household_id=household)[0]
        with pytest.raises(ValueError, match="class_record"):
            save(records, Change("u", "class_record", entry.id, 1, {"household_class": "poor"}))

    def test_search_is_blind_to_marks_and_finds_by_number(self, records: Records, lists: Lists) -> None:
        village = create(records, ("village", {"commune_code": COMMUNE, "name": "Làng Rề"}))[0]
        household = a_household(records, village_id=village, household_code="HN-001")
        person = {"full_name": "Đinh Thị Hường", "relation_to_head": 1, "personal_id_number": "051187001234"}
        member = create(records, ("household_member", {"household_id": household, **person}))[0]
        for text in ("dinh thi huong", "ĐINH", "051187001234", "hn-001", ""):
            assert household in [line.id for line in lists.households(text).lines], text
        assert lists.households("Nguyễn").lines == []
        assert lists.households(village_id=village).total == 1
        line = lists.household_line(household)
        assert line is not None
        assert (line.head_name, line.village_name, line.member_count) == ("Đinh Thị Hường", "Làng Rề", 1)
        assert line.personal_id_tail == "1234"
        assert lists.find_personal_id("051187001234") == [(member, household)]
        assert lists.find_personal_id("051187001234", but_not=member) == []

    def test_earlier_support_of_a_kind_comes_with_line_and_batch(self, records: Records, lists: Lists) -> None:
        household = a_household(records)
        for day in ("2024-05-01", "2026-05-01"):
            paper = {"commune_code": COMMUNE, "batch_no": day, "name": "Bò", "programme_key": "other_local", "decided_on": day}
            batch = create(records, ("support_batch", paper))[0]
            item = {"support_kind": "production_animal", "item_name": "Bò", "unit": "con", "quantity": 1}
            line = create(records, ("support_line", {"batch_id": batch, **item}))[0]
            create(records, ("household_share", {"line_id": line, "batch_id": batch, "household_id": household, "quantity": 1}))
        found = lists.shares_of_kind(household, "production_animal")
        assert [batch.decided_on for _, _, batch in found] == ["2026-05-01", "2024-05-01"]
        assert [(share.household_id, line.unit) for share, line, _ in found] == [(household, "con")] * 2
        assert lists.shares_of_kind(household, "housing_new") == []
