"""Faults that have been made in programs like this one, each planted alone (sync.md 4.2): the model must notice every one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from poverty_desktop.protocol import lanes, merging, recovery, rounds, salvaging, staging, stream
from poverty_desktop.protocol.merging import Applied
from poverty_desktop.protocol.recovery import Plan
from tests.model import laptop as memory
from tests.model import province as memory_province

Plant = Callable[[pytest.MonkeyPatch], None]


def last_write_wins(patch: pytest.MonkeyPatch) -> None:
    """The later arrival replaces what it never saw."""
    patch.setattr(merging._Merge, "_saw_all", lambda *_: True)


def ignore_own_lane(patch: pytest.MonkeyPatch) -> None:
    """What the same laptop wrote before counts as a stranger's."""
    patch.setattr(staging, "stands_before", lambda *_: False)


def base_taken_when_saved(patch: pytest.MonkeyPatch) -> None:
    """A form claims to have seen what came in underneath it."""
    write = memory.MemoryLaptop.write

    def late(self: Any, form: Any, group: str, changes: Any, closes: Any = ()) -> None:
        cursor = self.disk.cursor
        write(self, replace(form, epoch=cursor.epoch, rev=cursor.rev), group, changes, closes)

    patch.setattr(memory.MemoryLaptop, "write", late)


def own_later_operations_count_as_seen(patch: pytest.MonkeyPatch) -> None:
    """A form that was open while its laptop saved something else claims to have seen that."""
    write = memory.MemoryLaptop.write

    def blind(self: Any, form: Any, group: str, changes: Any, closes: Any = ()) -> None:
        write(self, replace(form, own_seq=self.lane.last), group, changes, closes)

    patch.setattr(memory.MemoryLaptop, "write", blind)


def delete_beats_unseen_edit(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(merging._Merge, "_unseen_values", lambda *_: {})


def edit_of_a_deleted_record_dropped(patch: pytest.MonkeyPatch) -> None:
    update = merging._Merge._update

    def drop(self: Any, state: Any) -> Applied:
        return Applied("merged", state) if state.deleted_rev is not None else update(self, state)

    patch.setattr(merging._Merge, "_update", drop)


def create_revives_a_deleted_record(patch: pytest.MonkeyPatch) -> None:
    update = merging._Merge._update

    def revive(self: Any, state: Any) -> Applied:
        return update(self, replace(state, deleted_rev=None))

    patch.setattr(merging._Merge, "_update", revive)


def poison_answers_with_an_error(patch: pytest.MonkeyPatch) -> None:
    """A crash of the handler refuses the packet, and what stands behind it waits for ever."""

    def crash(*_: Any) -> None:
        raise AssertionError("500")

    patch.setattr(memory_province, "CHECKS", replace(memory_province.CHECKS, crashed=crash))


def prune_on_ack(patch: pytest.MonkeyPatch) -> None:
    """What was acknowledged is thrown away before a backup has it."""
    patch.setattr(memory.MemoryLaptop, "caught_up", _pruned_after(memory.MemoryLaptop.caught_up))


def _pruned_after(caught_up: Any) -> Any:
    def prune(self: Any, rev: int) -> None:
        caught_up(self, rev)
        self.disk.received = []
        for inc, lane in self.disk.lanes.items():
            self.disk.lanes[inc] = replace(lane, stable=lane.acknowledged)
        for key, own in list(self.disk.own.items()):
            if own.state == memory.CONFIRMED and key[1] < self.disk.lanes[key[0]].stable:
                del self.disk.own[key]

    return prune


def prune_by_stable_revision(patch: pytest.MonkeyPatch) -> None:
    """An operation is thrown away because its revision is in the backup, though the backup's lane is older."""
    keep = memory.MemoryLaptop.keep_stable

    def by_rev(self: Any, rev: int, marks: Any) -> None:
        keep(self, rev, marks)
        for key, own in list(self.disk.own.items()):
            if own.state == memory.CONFIRMED and 0 < (own.rev or 0) <= rev and key[1] < self.disk.lanes[key[0]].last:
                del self.disk.own[key]

    patch.setattr(memory.MemoryLaptop, "keep_stable", by_rev)


def no_lane_chain(patch: pytest.MonkeyPatch) -> None:
    """Numbers alone say where a lane stands: a restored laptop's new work is taken for what is there already."""

    def by_number(store: Any, lane: Any, header: Any, chains: Any) -> Any:
        if header.lane_from > lane.last + 1:
            return lanes.Nowhere(gap=True)
        return lanes.Place(lane)

    patch.setattr(stream, "place", by_number)
    patch.setattr(recovery, "common_position", lambda lane, state, _: min(lane.last, state.last))
    patch.setattr(rounds.Round, "_check", lambda *_: None)


def no_cursor_check(patch: pytest.MonkeyPatch) -> None:
    """A laptop reads on in a history that is no longer the one it began in."""
    patch.setattr(memory_province.MemoryStream, "cursor_state", lambda *_: "ok")
    patch.setattr(rounds.Round, "_differs", lambda *_: False)


def base_of_a_dead_epoch_trusted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(staging, "clamped_base", lambda operation, _: operation.base_rev)


def only_the_order_of_epochs_counts(patch: pytest.MonkeyPatch) -> None:
    """The first sketch: an epoch's numbers hold up to where the next one began, whichever backup that came from."""

    def by_order(self: Any, epoch: int) -> int | None:
        later = [origin.start for number, origin in self.origins.items() if epoch < number <= self.tables.epoch]
        return min(later) if later else None

    patch.setattr(memory_province.MemoryStream, "shared", by_order)


def no_dedupe_by_operation(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(memory_province.MemoryStream, "known_operations", lambda *_: {})


def no_salvage(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(memory.MemoryLaptop, "salvage", lambda *_: iter(()))


def salvaged_once_only(patch: pytest.MonkeyPatch) -> None:
    """What was given back is forgotten at once; but the province may be restored again before it is in a backup."""
    take = memory.MemoryLaptop.take_snapshot

    def forget(self: Any, *facts: Any) -> None:
        take(self, *facts)
        self.disk.received = []

    patch.setattr(memory.MemoryLaptop, "take_snapshot", forget)


def held_operations_not_replayed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(staging.Staging, "_replay_for", lambda *_: None)


def forked_packet_dropped(patch: pytest.MonkeyPatch) -> None:
    """A late packet of a lane that parted is refused, and the courier throws it away."""
    put = stream.place

    def refuse(*facts: Any) -> Any:
        found = put(*facts)
        return Gone() if isinstance(found, lanes.Nowhere) or found.forked else found

    class Gone(lanes.Nowhere):
        def __init__(self) -> None:
            super().__init__(False)

    patch.setattr(stream, "place", refuse)
    patch.setattr(memory_province.MemoryStream, "park", lambda *_: None)


def salvage_under_old_lane_numbers(patch: pytest.MonkeyPatch) -> None:
    """Salvaged entries stand where they stood in their lanes, whose numbers a laptop may have given again."""

    def places(self: Any, op: str) -> list[tuple[int, int]]:
        told = [(row.entry.lane, row.entry.seq) for row in self.tables.log if row.item.operation.op == op]
        salvaged = [tuple(row.item.operation.more["lane"]) for row in self.tables.log
                    if row.item.operation.op == op and "lane" in row.item.operation.more]  # fmt: skip
        return [*told, *salvaged]

    operation_of = salvaging._operation_of

    def with_lane(entry: Any, epoch: int) -> Any:
        made = operation_of(entry, epoch)
        return replace(made, more={**made.more, "lane": [entry.lane, entry.seq]})

    def found_by_number(lanes_: Any, lane: Any, before: int, found: Any) -> bool:
        return any(number == lane.number and seq < before for number, seq in found)

    patch.setattr(salvaging, "_operation_of", with_lane)
    patch.setattr(memory_province.MemoryStream, "places", places)
    patch.setattr(staging, "stands_before", found_by_number)


def salvage_has_seen_its_conflicts(patch: pytest.MonkeyPatch) -> None:
    """An entry that was in conflict comes back as one that had seen everything before it, and wins."""
    operation_of = salvaging._operation_of
    patch.setattr(
        salvaging, "_operation_of",
        lambda entry, epoch: replace(operation_of(entry, epoch), base_rev=entry.rev - 1, not_seen=0),
    )  # fmt: skip
    patch.setattr(salvaging, "_place", lambda entry: entry.rev)


def rotation_without_forms(patch: pytest.MonkeyPatch) -> None:
    """A form that is open while the laptop goes on in a new incarnation keeps its old position."""
    patch.setattr(memory, "own_position", lambda position, _: position)


def fork_taken_for_lost_answer(patch: pytest.MonkeyPatch) -> None:
    """A laptop that forgot what it sent goes on under the same incarnation."""
    plan = recovery.plan

    def never(*facts: Any) -> Plan:
        return replace(plan(*facts), rotate=False)

    patch.setattr(rounds, "plan", never)


def never_caught_up(patch: pytest.MonkeyPatch) -> None:
    """What was acknowledged without its log entry stays on top of what others wrote since."""
    patch.setattr(memory.MemoryLaptop, "caught_up", lambda *_: None)


def withdrawn_without_a_word(patch: pytest.MonkeyPatch) -> None:
    """What is decided about custody stays at the province: its laptops go on asking."""

    def silently(self: Any, rows: Any, decision: Any) -> None:
        for row in rows:
            row.open, row.reason, row.waits_for = False, "withdrawn", None
            self.staged.custody[row.item.operation.op] = row
            self._waiting.pop(row.item.operation.op, None)

    patch.setattr(staging.Staging, "withdraw", silently)


MUTANTS: dict[str, Plant] = {
    plant.__name__: plant
    for plant in (
        last_write_wins, ignore_own_lane, base_taken_when_saved, own_later_operations_count_as_seen, delete_beats_unseen_edit,
        edit_of_a_deleted_record_dropped, create_revives_a_deleted_record, poison_answers_with_an_error, prune_on_ack,
        prune_by_stable_revision, no_lane_chain, no_cursor_check, base_of_a_dead_epoch_trusted, only_the_order_of_epochs_counts,
        no_dedupe_by_operation, no_salvage, salvaged_once_only, held_operations_not_replayed, forked_packet_dropped,
        salvage_under_old_lane_numbers, salvage_has_seen_its_conflicts, rotation_without_forms, fork_taken_for_lost_answer,
        never_caught_up, withdrawn_without_a_word,
    )
}  # fmt: skip
