"""What an operation does to a record: merged field by field, three ways; nothing is overwritten silently (sync.md 3.6, 3.8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.patches import last_rev, patched, revs_of, value_of, written

FieldClass = Callable[[str, str], str]  # (entity, field) -> person | soft | union | append | lattice
MergeGroup = Callable[[str, str], tuple[str, ...]]  # (entity, field) -> the fields that are only true together


@dataclass(frozen=True)
class Rules:
    """The registry of `domain.merge_rules`, passed in."""

    field_class: FieldClass
    merge_group: MergeGroup
    climbs: Callable[[str, str, object, object], bool]  # (entity, field, current, other): other is reachable upwards


@dataclass(frozen=True)
class RecordState:
    """A record as the province holds it. `meta`: "*" the rev of its creation, and exceptions per field key."""

    entity: str
    body: Mapping[str, Any]
    meta: Mapping[str, int]
    deleted_rev: int | None = None


@dataclass(frozen=True)
class Clash:
    """Two values written without seeing each other. `field` as in `domain.records.Conflict`."""

    field: str
    current: Any
    current_rev: int
    other: Any
    saw: Any


def on_screen(operation: Operation, clash: Clash) -> list[Any] | None:
    """What the writer of the present value had on screen for it, as a list of one; None where the operation does not say."""
    seen = dict(operation.seen or {})
    keys = list(clash.current) if not clash.field or "+" in clash.field else [clash.field]
    if operation.kind == "c":
        seen = dict.fromkeys(keys)
    found = {key: seen[key] for key in keys if key in seen}
    if not found:
        return None
    return [found[clash.field]] if clash.field in found else [found]


@dataclass(frozen=True)
class Applied:
    """`state` is the record afterwards (None: none exists). `effect` the values set; `reason` the code of a quarantine."""

    outcome: str
    state: RecordState | None
    effect: dict[str, Any] = field(default_factory=dict)
    clashes: tuple[Clash, ...] = ()
    reason: str = ""


def clamped_base(operation: Operation, shared: int | None) -> int:
    """The base rev as far as it proves anything: numbers of another history do not. `shared`: the last revision that the
    history of the operation's base has in common with the present one; None where it is the present one (`epochs.shared`)."""
    return operation.base_rev if shared is None else min(operation.base_rev, shared)


def apply(
    operation: Operation,
    state: RecordState | None,
    *,
    rev: int,
    base: int,
    in_lane: Callable[[int], bool],
    rules: Rules,
) -> Applied:
    """Apply at stream revision `rev`. `base` is the clamped base; `in_lane(rev)` says whether the operation that wrote `rev`
    stands in this operation's own lane before what its form had not seen (told by operation id, never by number).
    """

    def seen(other: int) -> bool:
        return other <= base or in_lane(other)

    return _Merge(operation, rev, seen, rules).run(state)


class _Merge:
    def __init__(self, operation: Operation, rev: int, seen: Callable[[int], bool], rules: Rules) -> None:
        self.operation = operation
        self.rev = rev
        self.seen = seen
        self.rules = rules

    def run(self, state: RecordState | None) -> Applied:
        if self.operation.kind == "c":
            return self._create(state)
        if state is None:
            return Applied("held", None)
        if state.entity != self.operation.entity:
            return Applied("quarantined", state, reason="schema")
        if self.operation.kind == "d":
            return self._delete(state)
        if self.operation.kind == "z":
            return self._undelete(state)
        return self._update(state)

    def _create(self, state: RecordState | None) -> Applied:
        if state is not None:
            return Applied("quarantined", state, reason="exists")
        fields = self.operation.fields
        return Applied("applied", RecordState(self.operation.entity, patched({}, fields), {"*": self.rev}), dict(fields))

    def _delete(self, state: RecordState) -> Applied:
        if state.deleted_rev is not None:
            return Applied("merged", state)
        unseen = self._unseen_values(state)
        if unseen:
            newest = max(state.meta.values())
            return Applied("conflict", state, clashes=(Clash("", unseen, newest, {"deleted": True}, None),))
        return Applied("applied", replace(state, deleted_rev=self.rev))

    def _unseen_values(self, state: RecordState) -> dict[str, Any]:
        """What a delete would take away that its author never saw: the fields written since."""
        if not self.seen(state.meta["*"]):
            return dict(state.body)
        return {key: value_of(state.body, key) for key, rev in state.meta.items() if key != "*" and not self.seen(rev)}

    def _undelete(self, state: RecordState) -> Applied:
        if state.deleted_rev is None or not self.seen(state.deleted_rev):
            return self._update(state)
        return self._update(replace(state, deleted_rev=None))

    def _update(self, state: RecordState) -> Applied:
        fields = self.operation.fields
        if state.deleted_rev is not None and fields:
            clash = Clash("", {"deleted": True}, state.deleted_rev, dict(fields), self._saw(fields))
            return Applied("conflict", state, clashes=(clash,))
        effect: dict[str, Any] = {}
        clashes: list[Clash] = []
        for unit in self._units(fields):
            outcome = self._unit(state, unit)
            if isinstance(outcome, Clash):
                clashes.append(outcome)
            elif isinstance(outcome, Refused):
                return Applied("quarantined", state, reason=outcome.reason)
            else:
                effect |= outcome
        after = replace(state, body=patched(state.body, effect), meta=written(state.meta, effect, self.rev))
        return Applied(self._outcome(effect, clashes), after, effect, tuple(clashes))

    def _outcome(self, effect: dict[str, Any], clashes: list[Clash]) -> str:
        if clashes:
            return "conflict"
        return "applied" if effect == self.operation.fields else "merged"

    def _units(self, fields: Iterable[str]) -> list[tuple[str, ...]]:
        """Each field, or the merge group it belongs to, once, in the order sent."""
        units: dict[tuple[str, ...], None] = {}
        for key in fields:
            units[self.rules.merge_group(self.operation.entity, key) or (key,)] = None
        return list(units)

    def _unit(self, state: RecordState, unit: tuple[str, ...]) -> dict[str, Any] | Clash | Refused:
        sent = {key: self.operation.fields[key] for key in unit if key in self.operation.fields}
        current = {key: value_of(state.body, key) for key in unit}
        kind = self.rules.field_class(self.operation.entity, next(iter(sent))) if len(unit) == 1 else "person"
        seen = self._saw_all(state, unit)
        if kind == "union":
            return self._union(state, unit[0], seen)
        if kind == "append":
            return {} if current == sent else Refused("immutable")
        if seen:
            return sent
        if all(current[key] == value for key, value in sent.items()):
            return {}
        if self._came_back(state, unit, sent, current):
            return sent
        if kind == "lattice":
            key = unit[0]
            if self.rules.climbs(self.operation.entity, key, current[key], sent[key]):
                return sent
            if self.rules.climbs(self.operation.entity, key, sent[key], current[key]):
                return {}
        return self._clash(state, unit, sent, current)

    def _came_back(self, state: RecordState, unit: tuple[str, ...], sent: dict[str, Any], current: dict[str, Any]) -> bool:
        """A -> B -> A while away: what is there now is what the officer saw. The rest of a merge group must be unchanged."""
        saw = self.operation.seen or {}
        if any(key not in saw or saw[key] != current[key] for key in sent):
            return False
        return self._saw_all(state, [key for key in unit if key not in sent])

    def _saw_all(self, state: RecordState, keys: Iterable[str]) -> bool:
        """Whether every value of these fields was on screen; a field that nobody ever wrote has none."""
        written = [
            key for key in keys if value_of(state.body, key) is not None or list(revs_of(state.meta, key)) != [state.meta["*"]]
        ]
        return all(self.seen(rev) for key in written for rev in revs_of(state.meta, key))

    def _clash(self, state: RecordState, unit: tuple[str, ...], sent: dict[str, Any], current: dict[str, Any]) -> Clash:
        rev = max(last_rev(state.meta, key) for key in unit)
        if len(unit) == 1:
            key = unit[0]
            return Clash(key, current[key], rev, sent[key], (self.operation.seen or {}).get(key))
        return Clash("+".join(unit), current, rev, sent, self._saw(sent))

    def _saw(self, keys: Iterable[str]) -> dict[str, Any] | None:
        saw = self.operation.seen or {}
        return {key: saw[key] for key in keys if key in saw} or None

    def _union(self, state: RecordState, key: str, seen: bool) -> dict[str, Any]:
        """Elements are added and removed one by one; an element that somebody else holds stays (add wins)."""
        current = list(value_of(state.body, key) or [])
        sent = self.operation.fields[key]
        if isinstance(sent, dict):
            added, removed = sent.get("+", []), sent.get("-", [])
        elif seen:
            return {key: sent}
        else:
            before = (self.operation.seen or {}).get(key) or []
            added = [element for element in sent or [] if element not in before]
            removed = [element for element in before if element not in (sent or [])]
        kept = [element for element in current if element not in removed or element in added]
        value = kept + [element for element in added if element not in kept]
        return {} if value == current else {key: value}


@dataclass(frozen=True)
class Refused:
    """A field that may not be changed this way; `reason` is the code of the quarantine."""

    reason: str
