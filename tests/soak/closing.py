"""When the faults have stopped: everybody synchronises until nothing changes, and then everything is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from poverty_desktop.domain.records import Household, HouseholdMember
from poverty_desktop.protocol.log import ConflictEntry
from poverty_desktop.server import tables as t
from poverty_desktop.storage.sync_store import SqliteSyncStore
from tests.soak.journal import Journal
from tests.soak.laptop import Machine
from tests.soak.ledger import Ledger
from tests.soak.officer import OTHER_COMMUNE, Post, switched_on
from tests.soak.province import ProvinceMachine

MOST_ROUNDS = 12


class Open:
    """A laptop, opened by the soak itself."""

    def __init__(self, machine: Machine, url: str) -> None:
        self.machine = machine
        post = Post(machine.folder, machine.journal, machine.name, machine.hardware, url, machine.code, 0)
        self.office, self.syncing = switched_on(post, Journal(machine.journal))
        self.store = SqliteSyncStore(self.office.workspace.database)

    def round(self) -> str:
        report = self.syncing.round(allow_deletes=True)
        return report.problem or report.outcome

    def shown(self) -> list[list[dict[str, Any]]]:
        """All households and people, but for those that the province keeps aside."""
        select_ = self.office.workspace.records.select
        found = [[one.model_dump() for one in select_(kind)] for kind in (Household, HouseholdMember)]
        ours = [[one for one in rows if one.get("commune_code") != OTHER_COMMUNE] for rows in found]
        return [sorted(rows, key=lambda one: str(one["id"])) for rows in ours]

    def close(self) -> None:
        self.syncing.close()
        self.office.workspace.close()


class Closing:
    def __init__(self, machines: Sequence[Machine], province: ProvinceMachine, ledger: Ledger, url: str) -> None:
        self._machines, self._province, self._ledger, self._url = machines, province, ledger, url
        self._open: list[Open] = []

    def figures(self) -> dict[str, Any]:
        try:
            self._open = [Open(machine, self._url) for machine in self._machines]
            rounds = self._agree()
            self._compare()
            return self._counted() | {"rounds until all agreed": rounds}
        finally:
            for one in self._open:
                one.close()

    def _agree(self) -> int:
        before: list[Any] = []
        for number in range(1, MOST_ROUNDS + 1):
            ended = {one.machine.name: one.round() for one in self._open}
            now = [one.store.standing() for one in self._open]
            if set(ended.values()) == {"done"} and now == before:
                return number
            before = now
        self._ledger.broken.append(f"no agreement after {MOST_ROUNDS} rounds each: {ended}")
        return MOST_ROUNDS

    def _compare(self) -> None:
        digest, first = self._province.digest(), self._open[0].shown()
        for one in self._open:
            standing = one.store.standing()
            self._demand(one.store.sums().digest == digest, f"{one.machine.name} has another state than the province")
            self._demand(standing.waiting == 0, f"{one.machine.name} still has {standing.waiting} operations to send")
            self._demand(one.shown() == first, f"{one.machine.name} shows something else")
            self._demand(not (faults := one.office.workspace.verify().faults), f"{one.machine.name}: {faults}")
            promised = self._ledger.promised(one.machine.name)
            kept = {draft.id for draft in one.office.workspace.drafts.all()}
            self._demand(promised.keys() <= kept | self._saved_groups(one), f"{one.machine.name} lost a draft")

    @staticmethod
    def _saved_groups(one: Open) -> set[str]:
        return {row[0] for row in one.office.workspace.database.rows("SELECT DISTINCT grp FROM sync_op")}

    def _demand(self, holds: bool, words: str) -> None:
        if not holds:
            self._ledger.broken.append(words)

    def _counted(self) -> dict[str, Any]:
        ledger, held = self._ledger, self._province.held()
        given_up = set[str]().union(*(one.machine.given_up() for one in self._open))
        places, lost = ledger.places(held, given_up)
        self._demand(not lost, f"lost: {lost[:3]}")
        unsigned = ledger.taken - set(held.log) - ledger.gone
        self._demand(not unsigned, f"{len(unsigned)} operations were called in the province and are not")
        twice = [op for op, count in held.log.items() if count > 1] + self._twins(held.records)
        self._demand(not twice, f"doubled: {twice[:3]}")
        conflicts = self._conflicts()
        false = ledger.false_conflicts(conflicts)
        by_restore = [one for one in false if self._given_back(one)]
        ledger.broken += self._province.faults[:5]
        return {
            "operations called saved": len(ledger.saved), "values in them": sum(places.values()),
            "in the log": sum(held.log.values()),
            "in quarantine": len(held.custody), "conflicts": len(conflicts), "false conflicts": len(false),
            "of them over what was given back to a restored province": len(by_restore),
            "lost": len(lost), "doubled": len(twice), "values by place": dict(places.most_common()),
            "gone with a disk before anybody else had them": len(ledger.gone & ledger.saved.keys()),
            "rounds": dict(ledger.rounds), "problems": dict(ledger.problems), **dict(ledger.counts), "broken": ledger.broken,
        }  # fmt: skip

    def _given_back(self, one: ConflictEntry) -> bool:
        """Whether a side of it was judged anew when a laptop gave it back (sync.md 3.20)."""
        c = t.change_log.c
        with self._province.looking() as connection:
            bodies = connection.execute(select(c.body).where(or_(c.op_id == one.other_op, c.rev == one.current_rev))).scalars()
            return any("salvaged" in body for body in bodies)

    @staticmethod
    def _twins(records: Any) -> list[str]:
        """Codes of households that nobody typed twice, and that two living households bear."""
        codes = Counter(body.get("household_code") for body, deleted in records.values() if not deleted)
        return [f"code {code}" for code, count in codes.items() if code and count > 1]

    def _conflicts(self) -> list[ConflictEntry]:
        with self._province.looking() as connection:
            bodies = connection.execute(select(t.conflict.c.body)).scalars()
            return [ConflictEntry.model_validate(body) for body in bodies]
