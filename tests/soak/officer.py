"""One laptop as a process of its own: an officer types, saves, copies and synchronises until somebody kills it.

The real workspace, drafts, Saves and rounds; only the windows are missing. What the program calls saved, and what it calls in
the province, goes to the journal.
"""

from __future__ import annotations

import random
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from poverty_desktop.app.office import Office
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Conflict, Household, HouseholdMember, Village
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Save, Saved
from poverty_desktop.services.syncing import Syncing
from poverty_desktop.storage import workspace as files
from poverty_desktop.storage.workspace import NewWorkspace, Workspace
from poverty_desktop.system.reference_files import load_reference
from poverty_desktop.system.resources import load_texts
from tests.soak.journal import Journal
from tests.sync.laptops import CHEAP, COMMUNE, PASSWORD

KINDS = {"household": Household, "household_member": HouseholdMember}
DELETED = "deleted"
OTHER_COMMUNE = "99999"  # what is saved under it the province keeps aside
HOT = 30  # households that everybody works on
MINUTES_A_SECOND = 30.0  # so that what the province asks to be waited for passes while the soak runs


@dataclass(frozen=True)
class Post:
    """What an officer is told when the laptop is switched on."""

    folder: Path
    journal: Path
    name: str
    machine: str
    url: str
    code: str
    seed: int
    days_off: float = 0.0  # how wrong the clock is
    promised: dict[str, dict[str, Any]] = field(default_factory=dict)  # drafts: what was called kept of them


class HurriedClock:
    """`services.ports.Clock`: wrong by days, and waiting passes quickly."""

    def __init__(self, days_off: float) -> None:
        self._off = timedelta(days=days_off)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._off

    def today(self) -> date:
        return self.now().date()

    def monotonic(self) -> float:
        return time.monotonic() * 60 * MINUTES_A_SECOND


class ToldRecords:
    """The recorder; each Save is told before it begins and after it is called saved."""

    def __init__(self, records: Any, database: Any, journal: Journal) -> None:
        self._records, self._database, self._journal = records, database, journal

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)

    def save(self, save: Save) -> Saved:
        changes = [self._told(save.group, change) for change in save.changes]
        self._journal.note("saving", group=save.group, draft=save.drops_draft, changes=changes)
        saved = self._records.save(save)
        made = self._database.rows("SELECT op_id, rec_id FROM sync_op WHERE grp = ?", (save.group,))
        self._journal.note("saved", group=save.group, ops=made)
        return saved

    def _told(self, group: str, change: Change) -> dict[str, Any]:
        fields = {DELETED: True} if change.kind == "d" else dict(change.fields)
        return {
            "op": op_id(group, change.number), "kind": change.kind, "entity": change.entity, "record": change.record_id,
            "fields": fields, "saw": self._screen(change),
        }  # fmt: skip

    def _screen(self, change: Change) -> dict[str, list[Any]]:
        """Every value that the officer had on the screen, by field: of a clash both."""
        saw = {name: [value] for name, value in change.seen.items()}
        if change.kind in ("d", "r"):
            found = self._records.get(KINDS.get(change.entity, Household), change.record_id)
            saw |= {name: [value] for name, value in (found.model_dump(mode="json") if found else {}).items()}
        for conflict in (self._records.get(Conflict, cid) for cid in change.closes):
            for side in (conflict.current, conflict.other) if conflict else ():
                values = side if isinstance(side, dict) else {conflict.field: side}
                for name, value in values.items():
                    saw.setdefault(name, []).append(value)
        return saw


def switched_on(post: Post, journal: Journal) -> tuple[Office, Syncing]:
    """The program on this laptop's file, which is made where there is none. The journal hears its Saves."""
    clock = HurriedClock(post.days_off)
    if not files.exists(post.folder):
        new = NewWorkspace(officer_name=post.name, commune_code=COMMUNE, practice=True)
        files.create(post.folder, PASSWORD, new, clock=clock, costs=CHEAP).close()
    workspace = files.open_workspace(post.folder, PASSWORD, clock=clock, machine=post.machine)
    workspace.records = ToldRecords(workspace.records, workspace.database, journal)  # type: ignore[assignment]
    office = Office(workspace, clock, load_reference())
    return office, office.synchronised(lambda: load_texts("vi"), lambda work: work())


def work(post: Post) -> None:
    """The process. Ends by being killed; a bug ends it with its words in the journal."""
    journal = Journal(post.journal)
    try:
        journal.note("start", seed=post.seed)
        Officer(post, journal, *switched_on(post, journal)).work()
    except Exception:
        journal.note("bug", words=traceback.format_exc())
        raise


class Officer:
    def __init__(self, post: Post, journal: Journal, office: Office, syncing: Syncing) -> None:
        self._post, self._journal, self._office, self._syncing = post, journal, office, syncing
        self._chance = random.Random(post.seed)
        self._workspace: Workspace = office.workspace
        self._written = 0
        self._told: set[str] = set()  # operations that the program called in the province
        self._says_yes = False  # to the many deletions that the last round stopped at
        self._pause = threading.Event()

    def work(self) -> None:
        self._look_at_promises()
        self._join()
        self._journal.note("up")
        doing: dict[Callable[[], None], int] = {
            self._add: 22, self._edit: 30, self._edit_over_a_round: 6, self._leave_open: 6, self._go_on: 8, self._rename: 10,
            self._delete: 2, self._settle: 8, self._for_another_commune: 1, self._round: 30, self._copy: 2,
        }  # fmt: skip
        while True:
            act = self._chance.choices(list(doing), list(doing.values()))[0]
            try:
                act()
            except KnownProblem as problem:
                self._journal.note("problem", at=act.__name__, code=problem.code)
            self._journal.note("idle")
            self._pause.wait(self._chance.expovariate(1 / 0.15))

    # --- after switching on --------------------------------------------------------------------------------------------

    def _look_at_promises(self) -> None:
        """A field that was called kept is in its draft, or its draft became a Save."""
        for draft_id, values in self._post.promised.items():
            draft = self._workspace.drafts.get(draft_id)
            if draft is None:
                became = self._workspace.database.value("SELECT count(*) FROM sync_op WHERE grp = ?", (draft_id,))
                if not became:
                    self._journal.note("broken", words=f"draft {draft_id} is gone")
            elif wrong := {key for key, value in values.items() if draft.values.get(key) != value}:
                self._journal.note("broken", words=f"draft {draft_id} lacks {sorted(wrong)}")

    def _join(self) -> None:
        while self._syncing.state(1).server is None:
            try:
                self._syncing.enrol(self._post.url, self._post.code)
            except KnownProblem as problem:
                self._journal.note("problem", at="enrol", code=problem.code)
                self._pause.wait(0.2)

    # --- typing ----------------------------------------------------------------------------------------------------------

    def _word(self) -> str:
        """A value that nobody else ever types."""
        self._written += 1
        return f"{self._post.name} {self._post.seed}.{self._written}"

    def _keep(self, draft_id: str, values: dict[str, Any]) -> None:
        self._journal.note("keeping")
        self._office.registering.keep(draft_id, values)
        self._journal.note("kept", draft=draft_id, values=values)

    def _add(self) -> None:
        if not self._workspace.records.select(Village):
            self._found_village()
            return
        register = self._office.registering
        draft_id = register.open().draft.id
        village = self._workspace.records.select(Village)[0].id
        words = {"household.household_code": self._word(), "household.note": self._word()}
        self._keep(draft_id, {"household.village_id": village, **words})
        for _ in range(self._chance.randint(1, 3)):
            values = {"full_name": self._word(), "birth_date": "1980", "sex": 1}
            row = register.add_member(draft_id, values)
            self._journal.note("kept", draft=draft_id, values={f"member.{row}.{name}": value for name, value in values.items()})
        self._save(draft_id)

    def _found_village(self) -> None:
        group = self._workspace.records.new_group()
        fields = {"commune_code": COMMUNE, "name": self._word()}
        self._save_now(Change("c", "village", op_id(group, 1), 1, fields), group)

    def _some(self, kind: str) -> str | None:
        """A record on this laptop; more often than not one that all work on."""
        own = "household_code NOT LIKE '99999%'" if kind == "household" else "1"
        hot = self._chance.random() < 0.7
        count = int(self._workspace.database.value(f"SELECT count(*) FROM {kind} WHERE {own}"))
        if not count:
            return None
        place = self._chance.randrange(min(count, HOT) if hot else count)
        found = self._workspace.database.value(f"SELECT id FROM {kind} WHERE {own} ORDER BY id LIMIT 1 OFFSET ?", (place,))
        return str(found)

    def _opened(self) -> str | None:
        """A form in which two fields were changed, not saved yet."""
        household = self._some("household")
        if household is None:
            return None
        sheet = self._office.registering.open(household)
        fields = self._chance.sample(["household_code", "phone", "note", "current_address"], 2)
        values = {f"household.{name}": self._word() for name in fields}
        if sheet.members and self._chance.random() < 0.4:
            values[f"member.{self._chance.choice(sheet.members)['id']}.full_name"] = self._word()
        self._keep(sheet.draft.id, values)
        return sheet.draft.id

    def _edit(self) -> None:
        if draft_id := self._opened():
            self._save(draft_id)

    def _edit_over_a_round(self) -> None:
        """The form is open while the exchange goes on underneath."""
        if draft_id := self._opened():
            self._round()
            self._save(draft_id)

    def _leave_open(self) -> None:
        if len(self._workspace.drafts.all()) < 4:
            self._opened()

    def _go_on(self) -> None:
        """With a form that was left open, in this life of the program or in one before."""
        left = self._workspace.drafts.all()
        if left:
            self._save(self._chance.choice(left).id)

    def _save(self, draft_id: str) -> None:
        register = self._office.registering
        try:
            register.save(draft_id)
        except KnownProblem as problem:
            if problem.code != "save.changed_underneath":
                self._journal.note("discarding", draft=draft_id, code=problem.code)
                register.discard(draft_id)
                return
            register.take_current(draft_id)
            register.save(draft_id)

    def _rename(self) -> None:
        member = self._some("household_member")
        found = self._workspace.records.get(HouseholdMember, member) if member else None
        if found is not None:
            change = Change("u", "household_member", found.id, 1, {"full_name": self._word()}, {"full_name": found.full_name})
            self._save_now(change)

    def _delete(self) -> None:
        kind = self._chance.choice(["household", "household_member", "household_member"])
        if record := self._some(kind):
            self._save_now(Change("d", kind, record, 1, reason="nhập trùng"))

    def _for_another_commune(self) -> None:
        group = self._workspace.records.new_group()
        fields = {"commune_code": OTHER_COMMUNE, "household_code": f"99999 {self._word()}"}
        self._save_now(Change("c", "household", op_id(group, 1), 1, fields), group)

    def _save_now(self, change: Change, group: str = "") -> None:
        records = self._workspace.records
        records.save(Save(group or records.new_group(), self._workspace.officer.id, records.base(), [change]))

    def _settle(self) -> None:
        still = self._workspace.records.select(Conflict, state="open")
        if still:
            one = self._chance.choice(still)
            self._syncing.settle(one.id, self._chance.choice([one.current, one.other]), "theo giấy tờ")

    # --- exchanging ------------------------------------------------------------------------------------------------------

    def _round(self) -> None:
        self._journal.note("round begins")
        yes, self._says_yes = self._says_yes, False
        report = self._syncing.round(lambda progress: self._journal.note("phase", phase=progress.phase), allow_deletes=yes)
        self._says_yes = report.problem == "sync.many_deletes"
        taken = {row[0] for row in self._workspace.database.rows("SELECT op_id FROM sync_op WHERE state >= 3")} - self._told
        self._told |= taken
        self._journal.note(
            "round", outcome=report.outcome, problem=report.problem, taken=sorted(taken), rotations=report.rotations,
            salvaged=report.salvaged, repaired=report.repaired,
        )  # fmt: skip

    def _copy(self) -> None:
        self._journal.note("copy begins")
        self._office.keeping.copy()
        self._journal.note("copied")
