"""The ports in memory, for tests of services and presenters. `tests/contracts/records_contract.py` holds them and the real ones
to the same behaviour."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar, cast

from poverty_desktop.domain.class_history import class_on, in_order
from poverty_desktop.domain.merge_rules import unpatchable
from poverty_desktop.domain.names import fold
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import (
    BY_ENTITY,
    ClassRecord,
    Conflict,
    Household,
    HouseholdMember,
    HouseholdShare,
    Record,
    ReviewRound,
    SupportBatch,
    SupportLine,
    Survey,
    Village,
)
from poverty_desktop.protocol.identity import UuidClock, op_id
from poverty_desktop.protocol.patches import patched, value_of
from poverty_desktop.services.ports import Base, Change, Draft, HouseholdLine, Page, Save, Saved, VillageProgress, WorkState

R = TypeVar("R", bound=Record)


class FakeClock:
    """A clock that stands still until told otherwise."""

    def __init__(self, now: datetime = datetime(2026, 11, 23, 3, 42, tzinfo=UTC)) -> None:
        self.instant = now

    def now(self) -> datetime:
        return self.instant

    def today(self) -> date:
        return self.instant.date()

    def monotonic(self) -> float:
        return self.instant.timestamp()


class FakeSettings:
    def __init__(self, **values: Any) -> None:
        self.values: dict[str, Any] = dict(values)

    def get(self, key: str, default: Any = None) -> Any:
        return self.values.get(key, default)

    def put(self, key: str, value: Any) -> None:
        self.values[key] = value


def counting_bytes() -> Callable[[int], bytes]:
    """Bytes that differ each time and are the same in each run."""
    numbers = iter(range(1, 2**60))
    return lambda count: (next(numbers) * 2654435761 % 2 ** (8 * count)).to_bytes(count, "big")


class FakeDrafts:
    def __init__(self, clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock()
        self.kept: dict[str, Draft] = {}

    def open(self, draft: Draft) -> None:
        self.kept[draft.id] = copy.deepcopy(draft)

    def get(self, draft_id: str) -> Draft | None:
        return copy.deepcopy(self.kept.get(draft_id))

    def of(self, subject_id: str) -> Draft | None:
        return next((draft for draft in self.all() if draft.subject_id == subject_id), None)

    def all(self) -> list[Draft]:
        return [copy.deepcopy(draft) for draft in sorted(self.kept.values(), key=lambda one: one.updated_at, reverse=True)]

    def keep(self, draft_id: str, values: Mapping[str, Any], notes: Mapping[str, Any] | None = None) -> datetime:
        draft = self.kept[draft_id]
        draft.values.update(values)
        draft.notes.update(notes or {})
        draft.updated_at = self.clock.now().isoformat()
        return self.clock.now()

    def drop(self, draft_id: str) -> None:
        self.kept.pop(draft_id, None)


class FakeRecords:
    """`Records` on dictionaries. `operations` holds every change that was committed, with its Save."""

    def __init__(self, clock: FakeClock | None = None, drafts: FakeDrafts | None = None) -> None:
        self.clock = clock or FakeClock()
        self.drafts = drafts
        self.bodies: dict[str, tuple[str, dict[str, Any]]] = {}  # record id -> (entity, body without empty fields)
        self.deleted: set[str] = set()
        self.operations: list[tuple[Save, Change]] = []
        self.disk_is_full = False
        self._ids = UuidClock(counting_bytes(), lambda: int(self.clock.now().timestamp() * 1000))

    def base(self) -> Base:
        return Base(1, 0, len(self.operations))

    def new_group(self) -> str:
        return self._ids.uuid7()

    def put(self, *records: Record) -> None:
        """Records that were always there, without operations: the ground of a test."""
        for record in records:
            body = {name: value for name, value in record.model_dump(mode="json").items() if name != "id" and value is not None}
            self.bodies[record.id] = (record.entity, body)

    def get(self, kind: type[R], record_id: str) -> R | None:
        entity, body = self.bodies.get(record_id, ("", {}))
        if entity != kind.entity or record_id in self.deleted:
            return None
        return kind.model_validate({"id": record_id, **copy.deepcopy(body)})

    def last(self, kind: type[R], record_id: str) -> R | None:
        entity, body = self.bodies.get(record_id, ("", {}))
        return kind.model_validate({"id": record_id, **copy.deepcopy(body)}) if entity == kind.entity else None

    def select(self, kind: type[R], **equal: object) -> list[R]:
        found = [record for record in self._living(kind) if all(getattr(record, name) == value for name, value in equal.items())]
        return sorted(found, key=lambda record: (getattr(record, "position", 0), record.id))

    def _living(self, kind: type[R]) -> Iterator[R]:
        for record_id in list(self.bodies):
            record = self.get(kind, record_id)
            if record is not None:
                yield record

    def save(self, save: Save) -> Saved:
        if self.disk_is_full:
            raise KnownProblem("save.disk_full")
        self._refuse_changed_underneath(save)
        before = (copy.deepcopy(self.bodies), set(self.deleted))
        try:
            written = [change for change in (self._apply(save, one) for one in save.changes) if change is not None]
        except Exception:
            self.bodies, self.deleted = before
            raise
        self.operations += [(save, change) for change in written]
        if save.drops_draft and self.drafts:
            self.drafts.drop(save.drops_draft)
        return Saved(len(written), self.clock.now())

    def _refuse_changed_underneath(self, save: Save) -> None:
        changed = [
            key
            for change in save.changes
            for key, value in change.seen.items()
            if key in change.fields and value_of(self._body(change), key) not in (value, change.fields[key])
        ]
        if changed:
            raise KnownProblem("save.changed_underneath", fields=", ".join(changed))

    def _body(self, change: Change) -> dict[str, Any]:
        return self._defaults(change.entity) | self.bodies.get(change.record_id, ("", {}))[1]

    def _defaults(self, entity: str) -> dict[str, Any]:
        fields = BY_ENTITY[entity].model_fields
        return {
            name: field.get_default(call_default_factory=True)
            for name, field in fields.items()
            if not field.is_required() and name != "id"
        }

    def _apply(self, save: Save, change: Change) -> Change | None:
        if change.kind == "c":
            return self._create(save, change)
        if change.kind == "d":
            self.deleted.add(change.record_id)
            return change
        return self._update(change)

    def _create(self, save: Save, change: Change) -> Change:
        if change.record_id != op_id(save.group, change.number) or change.record_id in self.bodies:
            raise ValueError("a created record bears the id of its operation, once")
        given = {name: value for name, value in change.fields.items() if value is not None}
        BY_ENTITY[change.entity].model_validate({"id": change.record_id, **given})
        self.bodies[change.record_id] = (change.entity, copy.deepcopy(given))
        return change

    def _update(self, change: Change) -> Change | None:
        if unpatchable(change.entity, change.fields):
            raise ValueError(f"{change.entity} cannot be patched")
        body = self._body(change)
        fields = {key: value for key, value in change.fields.items() if value_of(body, key) != value}
        if not fields and not change.closes:
            return None
        after = patched(self.bodies[change.record_id][1], fields)
        self.bodies[change.record_id] = (change.entity, after)
        for conflict_id in change.closes:
            entity, conflict = self.bodies[conflict_id]
            self.bodies[conflict_id] = (entity, {**conflict, "state": "resolved"})
        return Change(change.kind, change.entity, change.record_id, change.number, fields, change.seen, change.closes)


class FakeLists:
    """`Lists` computed from the fake's records."""

    def __init__(self, records: FakeRecords, drafts: FakeDrafts | None = None) -> None:
        self.records = records
        self.drafts = drafts or FakeDrafts(records.clock)

    def households(
        self,
        text: str = "",
        *,
        village_id: str | None = None,
        survey_state: str | None = None,
        household_class: str | None = None,
        limit: int = 200,
        offset: int = 0,
        counted: bool = True,
    ) -> Page:
        wanted = {"village_id": village_id, "survey_state": survey_state, "household_class": household_class}
        found = [
            line
            for line in map(self._line, self.records.select(Household, presence="present"))
            if all(value is None or getattr(line, name) == value for name, value in wanted.items())
            and all(word in self._haystack(line) for word in fold(text).split())
        ]
        found.sort(key=lambda line: (fold(line.village_name or ""), fold(line.head_name or ""), line.id))
        known = len(found) if counted else min(len(found), offset + limit + 1)
        return Page(found[offset : offset + limit], known, at_least=known < len(found))

    def household_line(self, household_id: str) -> HouseholdLine | None:
        household = self.records.get(Household, household_id)
        return self._line(household) if household else None

    def work(self, round_id: str | None) -> WorkState:
        shares = self.records.select(HouseholdShare)
        drafts = self.drafts.all()
        return WorkState(
            villages=[self._progress(village, round_id) for village in self.records.select(Village)],
            drafts=drafts,
            shares_pending=sum(share.receipt == "pending" for share in shares),
            shares_absent=sum(share.receipt == "absent" for share in shares),
            conflicts_open=len(self.records.select(Conflict, state="open")),
            quarantined=0,
            waiting=len(self.records.operations),
            oldest_waiting=None,
            last_success=None,
            household_count=len(self.records.select(Household, presence="present")),
            member_count=len(self.records.select(HouseholdMember, presence="present")),
        )

    def class_on(self, household_id: str, day: str) -> str | None:
        return class_on(self.records.select(ClassRecord, household_id=household_id), day)

    def class_history(self, household_ids: Iterable[str] | None = None) -> dict[str, list[Any]]:
        wanted = None if household_ids is None else set(household_ids)
        history: dict[str, list[Any]] = {}
        for entry in in_order(self.records.select(ClassRecord)):
            if wanted is None or entry.household_id in wanted:
                history.setdefault(entry.household_id, []).append(entry)
        return history

    def shares_of_kind(self, household_id: str, support_kind: str) -> list[tuple[Any, Any, Any]]:
        found = []
        for share in self.records.select(HouseholdShare, household_id=household_id):
            line = self.records.get(SupportLine, share.line_id)
            batch = self.records.get(SupportBatch, share.batch_id)
            if line and batch and line.support_kind == support_kind:
                found.append((share, line, batch))
        return sorted(found, key=lambda one: cast("SupportBatch", one[2]).decided_on, reverse=True)

    def find_personal_id(self, personal_id_number: str, *, but_not: str | None = None) -> list[tuple[str, str]]:
        members = self.records.select(HouseholdMember, personal_id_number=personal_id_number)
        return [(member.id, member.household_id) for member in members if member.id != but_not]

    def _line(self, household: Household) -> HouseholdLine:
        members = self.records.select(HouseholdMember, household_id=household.id, presence="present")
        head = next((member for member in members if member.relation_to_head == 1), None)
        village = self.records.get(Village, household.village_id or "")
        history = in_order(self.records.select(ClassRecord, household_id=household.id))
        survey = self._survey(household.id)
        tail = head.personal_id_number[-4:] if head and head.personal_id_number else None
        return HouseholdLine(
            id=household.id,
            household_code=household.household_code,
            head_name=head.full_name if head else None,
            village_id=household.village_id,
            village_name=village.name if village else None,
            member_count=len(members),
            household_class=history[-1].household_class if history else None,
            survey_state=survey.state if survey else ("draft" if self.drafts.of(household.id) else None),
            survey_class=survey.household_class if survey and survey.state == "finished" else None,
            personal_id_tail=tail,
        )

    def _haystack(self, line: HouseholdLine) -> str:
        household = self.records.get(Household, line.id)
        members = self.records.select(HouseholdMember, household_id=line.id)
        words = [line.household_code, line.village_name, household.phone if household else None]
        words += [word for member in members for word in (member.full_name, member.personal_id_number)]
        return fold(" ".join(word for word in words if word))

    def _survey(self, household_id: str) -> Survey | None:
        rounds = self.records.select(ReviewRound, state="open")
        found = self.records.select(Survey, round_id=rounds[-1].id, household_id=household_id) if rounds else []
        return found[-1] if found else None

    def _progress(self, village: Village, round_id: str | None) -> VillageProgress:
        lines = self.households(village_id=village.id, limit=10_000).lines
        surveys = {survey.household_id: survey.state for survey in self.records.select(Survey, round_id=round_id)}
        return VillageProgress(
            village_id=village.id,
            village_name=village.name,
            households=len(lines),
            to_review=sum(line.household_class in ("poor", "near_poor") for line in lines),
            drafts=sum(line.survey_state == "draft" for line in lines),
            finished=sum(surveys.get(line.id) == "finished" for line in lines),
        )
