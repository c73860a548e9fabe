"""A commune in memory: laptops, clones, backups, a courier, one province; and an onlooker who knows who had seen what.

Every verb takes small numbers, taken modulo what there is, so that any list of verbs is a scenario: a random one, a shrunk
one, or one kept as a regression test. `check()` asks after each verb what must hold always, `settle()` and `check_end()` what
must hold when faults stop (the invariants of sync.md 4.1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from poverty_desktop.domain import merge_rules
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.identity import derived_id, op_id
from poverty_desktop.protocol.log import WITHDRAWN
from poverty_desktop.protocol.patches import value_of
from poverty_desktop.protocol.rounds import Round
from poverty_desktop.protocol.salvaging import tells_all
from poverty_desktop.protocol.stream_store import Arrived
from tests.model.laptop import IN_CUSTODY, Change, Form, MemoryLaptop, Packet
from tests.model.link import MemoryLink
from tests.model.province import NOW, POISON, MemoryStream

FIELDS = ("household_code", "phone", "presence", "left_on")  # a person's field, a soft one, two of one merge group
Verb = tuple[str, int, int, int]


class Broken(AssertionError):
    """An invariant does not hold; the message begins with its name."""


@dataclass(frozen=True)
class Written:
    """One value as it was typed, and what its writer had on screen."""

    op: str
    record_id: str
    field: str  # "" for a delete
    value: Any
    knew: frozenset[str]
    saw: Mapping[str, Any]  # the record on the screen


class StillClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 24, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


@dataclass
class World:
    province: MemoryStream = field(default_factory=MemoryStream)
    laptops: list[MemoryLaptop] = field(default_factory=list)
    courier: list[Packet] = field(default_factory=list)
    written: dict[str, list[Written]] = field(default_factory=dict)  # by operation
    poisoned: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)  # operations that a disk which was destroyed or put back took with it
    lost_at_owner: set[str] = field(default_factory=set)  # no longer on the disk that made them, through a disaster there
    disasters: bool = False
    new_laptop: Callable[[str, str, str], MemoryLaptop] = MemoryLaptop  # (name, device, incarnation)
    _ids: int = 0

    def __post_init__(self) -> None:
        for number in range(2):
            self.laptops.append(self.new_laptop(f"laptop {number}", self._id(), self._id()))

    def _id(self) -> str:
        self._ids += 1
        return derived_id("world", str(self._ids))

    # --- verbs -----------------------------------------------------------------------------------------------------

    def do(self, verb: Verb) -> None:
        name, *numbers = verb
        act: Callable[..., None] = getattr(self, f"do_{name}")
        act(*numbers)
        self.check()

    def _laptop(self, number: int) -> MemoryLaptop:
        return self.laptops[number % len(self.laptops)]

    def _save(self, laptop: MemoryLaptop, form: Form, changes: list[Change], closes: Sequence[str] = ()) -> None:
        group = self._id()
        for number, (kind, _, record_id, fields) in enumerate(changes):
            op = op_id(group, number)
            knew = form.knew | {op_id(group, earlier) for earlier in range(number)}
            values = fields or {"": kind}
            self.written[op] = [
                Written(op, record_id or op, key, value, knew, form.bodies.get(record_id, {}))
                for key, value in values.items()
            ]
        laptop.write(form, group, changes, closes)

    def do_create(self, who: int, value: int, _: int) -> None:
        laptop = self._laptop(who)
        form = laptop.open()
        self._save(laptop, form, [("c", "household", "", {"household_code": f"a{value}", "phone": f"p{value}"})])

    def do_open(self, who: int, record: int, _: int) -> None:
        laptop = self._laptop(who)
        here = laptop.records()
        if here and len(laptop.disk.forms) < 3:
            laptop.disk.forms.append(laptop.open(here[record % len(here)]))

    def do_save(self, who: int, form: int, value: int) -> None:
        laptop = self._laptop(who)
        if not laptop.disk.forms:
            return
        opened = laptop.disk.forms.pop(form % len(laptop.disk.forms))
        known = laptop.working(opened.record_id)
        key = FIELDS[value % len(FIELDS)]
        if known is None or known.deleted or value_of(known.body, key) != opened.shows(opened.record_id, key):
            return  # the officer is asked here and now (3.4)
        entity = known.entity
        self._save(laptop, opened, [("u", entity, opened.record_id, {key: f"v{self._ids}"})])

    def do_edit(self, who: int, record: int, value: int) -> None:
        """Two fields of two records in one Save, opened and saved at once."""
        laptop = self._laptop(who)
        here = [key for key in laptop.records() if not (laptop.working(key) or _NONE).deleted]
        if not here:
            return
        first, second = here[record % len(here)], here[(record + 1) % len(here)]
        form = laptop.open(first, second)
        changes = [("u", "household", first, {FIELDS[value % 2]: f"e{self._ids}"})]
        if second != first:
            changes.append(("u", "household", second, {FIELDS[(value + 1) % 2]: f"f{self._ids}"}))
        self._save(laptop, form, [(kind, self._entity(laptop, key), key, fields) for kind, _, key, fields in changes])

    def _entity(self, laptop: MemoryLaptop, record_id: str) -> str:
        known = laptop.working(record_id)
        return known.entity if known else "household"

    def do_same(self, who: int, record: int, value: int) -> None:
        """A value that somebody else may type too: equal values are agreement."""
        laptop = self._laptop(who)
        here = [key for key in laptop.records() if not (laptop.working(key) or _NONE).deleted]
        if here:
            key = here[record % len(here)]
            form = laptop.open(key)
            if form.shows(key, "phone") != f"same{value % 2}":  # a Save that changes nothing is none
                self._save(laptop, form, [("u", self._entity(laptop, key), key, {"phone": f"same{value % 2}"})])

    def do_delete(self, who: int, record: int, stale: int) -> None:
        laptop = self._laptop(who)
        if stale % 2 and laptop.disk.forms:
            form = laptop.disk.forms.pop(0)
        else:
            here = laptop.records()
            if not here:
                return
            form = laptop.open(here[record % len(here)])
        known = laptop.working(form.record_id)
        if known is not None and not known.deleted:
            self._save(laptop, form, [("d", known.entity, form.record_id, {})])

    def do_poison(self, who: int, _: int, __: int) -> None:
        laptop = self._laptop(who)
        form = laptop.open()
        group = self._id()
        laptop.write(form, group, [("c", POISON, "", {"phone": "x"})])
        self.poisoned.add(op_id(group, 0))
        self.written[op_id(group, 0)] = []

    def do_resolve(self, who: int, which: int, choice: int) -> None:
        laptop = self._laptop(who)
        still = [cid for cid, is_open in laptop.disk.open_conflicts.items() if is_open]
        if not still:
            return
        cid = sorted(still)[which % len(still)]
        entry = self.province.tables.conflicts.get(cid)
        if entry is None or not entry[0].field or "+" in entry[0].field:
            return
        conflict = entry[0]
        known = laptop.working(conflict.of[1])
        if known is None or known.deleted:
            return
        chosen = conflict.other if choice % 2 else value_of(known.body, conflict.field)
        form = laptop.open(conflict.of[1])
        self._save(laptop, form, [("r", known.entity, conflict.of[1], {conflict.field: chosen})], [cid])

    def do_withdraw(self, which: int, _: int, __: int) -> None:
        """The province's operator leaves something in custody without effect for good."""
        kept = sorted(op for op, row in self.province.tables.custody.items() if row.open)
        if kept:
            self.province.withdraw([kept[which % len(kept)]])

    def do_give_up(self, who: int, which: int, _: int) -> None:
        """The officer gives up what is kept aside, and says so on a record that the province has."""
        laptop = self._laptop(who)
        mine = sorted(own.operation.op for own in laptop.disk.own.values() if own.outcome in IN_CUSTODY)
        known = [key for key, known in laptop.disk.base.items() if not known.deleted and known.entity != POISON]
        if mine and known:
            form, op = laptop.open(sorted(known)[0]), mine[which % len(mine)]
            group = self._id()
            self.written[op_id(group, 0)] = []
            laptop.write(form, group, [("r", self._entity(laptop, form.record_id), form.record_id, {})], [op])

    # --- the line ---------------------------------------------------------------------------------------------------

    def do_sync(self, who: int, good_calls: int, heard: int) -> None:
        self._sync(self._laptop(who), MemoryLink(self.province, good_calls % 12, bool(heard % 2), heard % 4 >= 2))

    def do_good_sync(self, who: int, live: int, _: int) -> None:
        self._sync(self._laptop(who), MemoryLink(self.province, live=bool(live % 2)))

    def _sync(self, laptop: MemoryLaptop, link: MemoryLink) -> None:
        link.device, link.incarnation = laptop.disk.device, laptop.inc
        enrolled = laptop.enrolled()
        steps = Round(
            link, laptop, _call, StillClock(), lambda: "nonce", self._id, lambda _: None, lambda: False  # type: ignore[arg-type]
        )
        try:
            steps.run(enrolled)
        except KnownProblem as problem:
            if problem.code != "sync.cut":
                raise Broken(f"I10 a good line ends in {problem.code}") from problem
        laptop.disk.knows |= self._seen_in_base(laptop)

    def _seen_in_base(self, laptop: MemoryLaptop) -> set[str]:
        """What a snapshot brought: everything that the province has up to the cursor."""
        return {row.item.operation.op for row in self.province.tables.log[: laptop.disk.cursor.rev]}

    def do_hand_over(self, who: int, _: int, __: int) -> None:
        """A copy of what is sealed travels by another road, and may arrive at any time, twice, or never."""
        packet = self._laptop(who).next_packet(None, 0)
        if packet is not None and len(self.courier) < 6:
            self.courier.append(packet)

    def do_deliver(self, which: int, keep: int, _: int) -> None:
        if self.courier:
            place = which % len(self.courier)
            packet = self.courier[place] if keep % 2 else self.courier.pop(place)
            self.province.take(Arrived(packet.id, packet.header, packet.operations, "rw", NOW))

    # --- disasters ----------------------------------------------------------------------------------------------------

    def do_backup_laptop(self, who: int, _: int, __: int) -> None:
        laptop = self._laptop(who)
        laptop.backups = [*laptop.backups[-1:], laptop.disk.copy()]

    def do_restore_laptop(self, who: int, which: int, _: int) -> None:
        laptop = self._laptop(who)
        if laptop.backups:
            self.disasters = True
            before = self._everywhere()
            had = {own.operation.op for own in laptop.disk.own.values()}
            laptop.disk = laptop.backups[which % len(laptop.backups)].copy()
            self.lost_at_owner |= had - {own.operation.op for own in laptop.disk.own.values()}
            self.gone |= before - self._everywhere()

    def do_clone(self, who: int, _: int, __: int) -> None:
        if len(self.laptops) < 4:
            self.disasters = True
            original = self._laptop(who)
            clone = self.new_laptop(f"clone {len(self.laptops)}", original.disk.device, original.inc)
            clone.disk = original.disk.copy()
            self.laptops.append(clone)

    def do_backup_province(self, _: int, __: int, ___: int) -> None:
        self.province.backup()

    def do_restore_province(self, which: int, _: int, __: int) -> None:
        if self.province.backups:
            self.disasters = True
            before = self._everywhere()
            self.province.restore(which % len(self.province.backups))
            vanished = before - self._everywhere()
            had = {op for laptop in self.laptops for op in laptop.disk.had}
            excused = vanished & self.lost_at_owner - had  # its laptop was destroyed, nobody else had received it (3.20)
            self.gone |= excused
            if vanished - excused:
                raise Broken(f"I9 {len(vanished - excused)} operations were on one machine only")

    def do_time_passes(self, _: int, __: int, ___: int) -> None:
        """Two weeks: parked packets are taken as they are."""
        while parked := self.province.tables.parked:
            _number, arrived = next(iter(parked.values()))
            self.province.take_abandoned(arrived)

    # --- what must hold always ----------------------------------------------------------------------------------------

    def _everywhere(self) -> set[str]:
        """Operations that could still come back: from the province, a disk, the road, or an entry that says what they did."""
        found = {row.item.operation.op for row in self.province.tables.log}
        found |= {operation.op for _, arrived in self.province.tables.parked.values() for operation in arrived.operations}
        for laptop in self.laptops:
            found |= {own.operation.op for own in laptop.disk.own.values()}
            found |= {one.entry.op for one in laptop.disk.received if tells_all(one.entry)}
        return found | {operation.op for packet in self.courier for operation in packet.operations}

    def check(self) -> None:
        found = self._everywhere()
        missing = set(self.written) - found - self.gone
        if missing:
            raise Broken(f"I9 {len(missing)} operations are nowhere")
        self.gone -= found
        log = self.province.tables.log
        if [row.entry.rev for row in log] != list(range(1, len(log) + 1)):
            raise Broken("I7 the revisions have holes")
        once = Counter((row.item.operation.op, row.entry.replay) for row in log)
        effects = Counter(row.item.operation.op for row in log if row.entry.effect)
        if any(count > 1 for count in once.values()) or any(count > 1 for count in effects.values()):
            raise Broken("I4 an operation has two effects")

    # --- the end --------------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Faults stop, everybody greets until nothing changes."""
        for packet in self.courier:
            self.province.take(Arrived(packet.id, packet.header, packet.operations, "rw", NOW))
        self.courier = []
        self.do_time_passes(0, 0, 0)
        for _ in range(2):
            for laptop in self.laptops:
                self._sync(laptop, MemoryLink(self.province))

    def check_end(self) -> None:
        self.settle()
        self.check()
        self._check_convergence()
        self._check_nothing_lost()
        self._check_nothing_overwritten()
        if not self.disasters:
            self._check_no_false_conflict()

    def _check_convergence(self) -> None:
        for laptop in self.laptops:
            standing = laptop.standing()
            if standing.waiting or laptop.lane.acknowledged != laptop.lane.last:
                raise Broken(f"I1 {laptop.name} still has something to send")
            if laptop.sums().digest != self.province.digest:
                raise Broken(f"I1 {laptop.name} has another state")
            custody = self.province.tables.custody
            asked = {own.operation.op for own in laptop.disk.own.values() if own.outcome in IN_CUSTODY}
            if any(op in custody and not custody[op].open for op in asked):
                raise Broken(f"I1 {laptop.name} asks about what is decided")
            for record_id in laptop.records():
                shown, base = laptop.working(record_id), laptop.disk.base.get(record_id)
                if shown != base and not any(own.outcome in IN_CUSTODY for own in laptop.disk.own.values()):
                    raise Broken(f"I1 {laptop.name} shows another state than it has")

    def _check_nothing_lost(self) -> None:
        known = {row.item.operation.op for row in self.province.tables.log}
        lost = set(self.written) - known - self.gone
        if lost:
            raise Broken(f"I2 {len(lost)} operations did not arrive")
        waiting = [row for row in self.province.tables.custody.values() if row.open and row.reason == "held"]
        if any(row.waits_for in self.province.tables.records for row in waiting):
            raise Broken("I10 an operation waits for what has arrived")

    def _check_nothing_overwritten(self) -> None:
        """I3: each value is current, kept in a conflict, in custody, or was on the screen of whoever wrote after it."""
        custody = {op for op, row in self.province.tables.custody.items() if row.open or row.reason == WITHDRAWN}
        kept = self._kept_in_conflicts()
        effective = {row.item.operation.op for row in self.province.tables.log} - custody
        for op, values in self.written.items():
            if op not in effective:
                continue
            for value in values:
                if not self._accounted(value, kept, effective):
                    raise Broken(f"I3 {value.field or 'a delete'} of {op[-4:]} vanished silently")

    def _accounted(self, one: Written, kept: set[tuple[str, str, str]], effective: set[str]) -> bool:
        state = self.province.tables.records.get(one.record_id)
        if state is None or state.entity == POISON:
            return True
        deleted = state.deleted_rev is not None
        if one.field == "":
            return deleted or (one.record_id, "", "deleted") in kept
        if not deleted and value_of(state.body, one.field) == one.value:
            return True
        if (one.record_id, one.field, str(one.value)) in kept:
            return True
        later = [other for other in self._later(one) if other.op in effective]
        same = {other.op for other in later if (other.field, other.value) == (one.field, one.value)} | {one.op}
        for other in later:
            if other.field in (one.field, "") and same & other.knew:  # it, or whoever wrote the same
                return True
            if other.field in (one.field, "") and value_of(other.saw, one.field) == one.value:  # the value was seen
                return True
        return False

    def _later(self, one: Written) -> list[Written]:
        return [
            other for values in self.written.values() for other in values
            if other.record_id == one.record_id and other.op != one.op
        ]  # fmt: skip

    def _kept_in_conflicts(self) -> set[tuple[str, str, str]]:
        kept = set()
        for entry, _ in self.province.tables.conflicts.values():
            for side in (entry.other, entry.current):
                values = side if isinstance(side, dict) else {entry.field: side}
                for key, value in values.items():
                    kept.add((entry.of[1], "" if key == "deleted" else key, "deleted" if key == "deleted" else str(value)))
        return kept

    def _check_no_false_conflict(self) -> None:
        for entry, _ in self.province.tables.conflicts.values():
            written = self.written.get(entry.other_op, [])
            fields = set(merge_rules.merge_group("household", entry.field.split("+")[0])) if entry.field else None
            knew = written[0].knew if written else frozenset()
            unseen = [
                other for values in self.written.values() for other in values
                if other.record_id == entry.of[1] and (fields is None or other.field in (*fields, ""))
                and other.op not in knew and other.op != entry.other_op
            ]  # fmt: skip
            if not unseen:
                raise Broken(f"I8 {entry.other_op[-4:]} had seen everything, and is in conflict")


@dataclass(frozen=True)
class _Nothing:
    deleted: bool = True


_NONE = _Nothing()


def _call(work: Callable[[], Any]) -> Any:
    return work()


VERBS = {
    "create": 3, "open": 4, "save": 5, "edit": 4, "same": 1, "delete": 2, "poison": 1, "resolve": 1, "sync": 6, "good_sync": 5,
    "hand_over": 2, "deliver": 2, "backup_laptop": 2, "restore_laptop": 2, "clone": 1, "backup_province": 2,
    "restore_province": 2, "time_passes": 1, "withdraw": 1, "give_up": 1,
}  # fmt: skip
"""The verbs and how often each comes."""
