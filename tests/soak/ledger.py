"""What everybody typed, what the program called saved, and where each of it is in the end."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from poverty_desktop.protocol.log import ConflictEntry
from tests.drill.onlooker import DELETED, Held


@dataclass(frozen=True)
class Typed:
    """One value as somebody typed it. `saw`: every value of each field that was on the screen."""

    op: str
    kind: str
    record: str
    field: str
    value: Any
    saw: Mapping[str, list[Any]]
    saved: bool = False  # it was called saved


@dataclass
class Ledger:
    typed: dict[str, list[Typed]] = field(default_factory=lambda: defaultdict(list))  # by record
    saved: dict[str, str] = field(default_factory=dict)  # operations that a program called saved, by whom
    taken: set[str] = field(default_factory=set)  # operations that a program called in the province
    gone: set[str] = field(default_factory=set)  # on no disk any more, through a disaster that nothing can mend
    broken: list[str] = field(default_factory=list)
    rounds: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    _kept: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))  # by laptop and draft
    _tried: dict[tuple[str, str], list[Typed]] = field(default_factory=dict)  # by laptop and group
    _making: dict[str, str] = field(default_factory=dict)  # group -> draft

    # --- hearing -----------------------------------------------------------------------------------------------------------

    def hear(self, who: str, lines: Iterable[dict[str, Any]]) -> None:
        for line in lines:
            act = getattr(self, "_hear_" + line["what"].replace(" ", "_"), None)
            if act is not None:
                act(who, line)

    def _hear_saving(self, who: str, line: dict[str, Any]) -> None:
        """What an earlier try of the same Save would have written was refused, unless it was called saved."""
        self._forget(self._tried.pop((who, line["group"]), ()))
        tried = self._tried[who, line["group"]] = [
            Typed(change["op"], change["kind"], change["record"], name, value, change["saw"])
            for change in line["changes"]
            for name, value in change["fields"].items()
        ]
        for one in tried:
            self.typed[one.record].append(one)
        if line["draft"]:
            self._making[line["group"]] = line["draft"]

    def _hear_saved(self, who: str, line: dict[str, Any]) -> None:
        """An operation that says nothing new is not made; one whose id was used before bears another."""
        tried = self._tried.pop((who, line["group"]), [])
        self._forget(tried)
        made: dict[str, str] = dict(line["ops"])
        for one in tried:
            others = [op for op, record in made.items() if record == one.record]
            for op in [one.op] if one.op in made else others[-1:]:
                self.typed[one.record].append(replace(one, op=op, saved=True))
        self.saved.update(dict.fromkeys(made, who))
        self._kept[who].pop(self._making.pop(line["group"], ""), None)

    def _forget(self, tried: Iterable[Typed]) -> None:
        for one in tried:
            self.typed[one.record].remove(one)

    def _hear_kept(self, who: str, line: dict[str, Any]) -> None:
        self._kept[who].setdefault(line["draft"], {}).update(line["values"])
        self.counts["fields kept in drafts"] += len(line["values"])

    def _hear_discarding(self, who: str, line: dict[str, Any]) -> None:
        self._kept[who].pop(line["draft"], None)

    def _hear_round(self, who: str, line: dict[str, Any]) -> None:
        self.rounds[line["outcome"]] += 1
        self.taken.update(line["taken"])
        for name in ("rotations", "salvaged", "repaired"):
            self.counts[name] += line[name]
        if line["problem"]:
            self.problems[line["problem"]] += 1

    def _hear_problem(self, who: str, line: dict[str, Any]) -> None:
        self.problems[line["code"]] += 1

    def _hear_broken(self, who: str, line: dict[str, Any]) -> None:
        self.broken.append(f"{who}: {line['words']}")

    _hear_bug = _hear_broken

    def _hear_copied(self, who: str, line: dict[str, Any]) -> None:
        self.counts["copies of laptops"] += 1

    def promised(self, who: str) -> dict[str, dict[str, Any]]:
        """The drafts of this laptop with what was called kept of them."""
        return {draft: dict(values) for draft, values in self._kept[who].items()}

    def forget_promises(self, who: str) -> None:
        """The file is another one now."""
        self._kept[who].clear()

    # --- the end -----------------------------------------------------------------------------------------------------------

    def places(self, held: Held, given_up: set[str]) -> tuple[Counter[str], list[Typed]]:
        """Where the values of all operations are that were called saved, and those that are lost."""
        found: Counter[str] = Counter()
        lost = []
        for values in self.typed.values():
            for one in values:
                if one.saved:
                    place = self._place(one, held, given_up)
                    found[place] += 1
                    lost += [one] if place == "lost" else []
        return found, lost

    def _place(self, one: Typed, held: Held, given_up: set[str]) -> str:
        if one.op in held.custody:
            return "in quarantine"
        if held.log[one.op] == 0:
            return "gone with a disk" if one.op in self.gone else "lost"
        if one.op in given_up:
            return "sent again corrected"
        body, deleted = held.records.get(one.record, ({}, False))
        if deleted if one.field == DELETED else not deleted and body.get(one.field) == one.value:
            return "current"
        if (one.record, one.field, True if one.field == DELETED else one.value) in held.beside:
            return "in a conflict"
        return "knowingly replaced" if self._was_seen(one, held) else "lost"

    def _was_seen(self, one: Typed, held: Held) -> bool:
        """Somebody who wrote the field later, or deleted the record, had the value on the screen."""
        return any(
            later.op != one.op and later.field in (one.field, DELETED) and later.op not in held.custody and held.log[later.op]
            and one.value in later.saw.get(one.field, ())
            for later in self.typed[one.record]
        )  # fmt: skip

    def false_conflicts(self, conflicts: Iterable[ConflictEntry]) -> list[ConflictEntry]:
        """Those of which one writer had the other's value on the screen, directly or through what others made of it."""
        return [one for one in conflicts if self._knew(one)]

    def _knew(self, one: ConflictEntry) -> bool:
        if isinstance(one.current, dict) or isinstance(one.other, dict) or not one.field:
            return False
        values = [typed for typed in self.typed[one.of[1]] if typed.field == one.field and typed.kind != "r"]
        other = [typed for typed in values if typed.op == one.other_op]
        current = [typed for typed in values if typed.value == one.current]
        return one.current in _known(other, values) or one.other in _known(current, values)


def _known(writers: list[Typed], values: list[Typed]) -> set[Any]:
    """The values that these writers had on the screen, and those that stood on the screens of whoever wrote them. What was chosen
    when a conflict was settled says nothing: the same value was there before."""
    known: set[Any] = set()
    waiting = list(writers)
    while waiting:
        one = waiting.pop()
        fresh = {value for value in one.saw.get(one.field, ()) if value != one.value} - known
        known |= fresh
        waiting += [writer for writer in values if writer.value in fresh]
    return known
