"""The ports the use cases need. Adapters implement them; the tests hold a fake and the real one to the same contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol, TypeVar

from poverty_desktop.domain.records import Record

T = TypeVar("T")
R = TypeVar("R", bound=Record)


class Clock(Protocol):
    def now(self) -> datetime:
        """The wall clock as an aware UTC instant. Evidence and display only, never order."""
        ...

    def today(self) -> date:
        """The local day."""
        ...

    def monotonic(self) -> float: ...


class Tasks(Protocol):
    """The one door to the background, as presenters see it. `done` and `failed` come back on the caller's thread."""

    def storage(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run `work` on the lane that owns the file; in order, one at a time."""
        ...

    def network(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run `work` on the lane that may wait for a link."""
        ...


# --- writing -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Base:
    """What was on screen when the edit began (sync.md 3.5 `b`): epoch and stream revision, and the last own operation seen, as
    its number in the lane of incarnation `inc` ("": the present one)."""

    epoch: int
    rev: int
    own_seq: int
    inc: str = ""


@dataclass(frozen=True)
class Change:
    """One operation of a Save. `number` is its place in the group (from 1); a created record bears the id made from it."""

    kind: Literal["c", "u", "d", "r", "z"]
    entity: str
    record_id: str
    number: int
    fields: Mapping[str, Any] = field(default_factory=dict)  # "answers.house/floor_area" addresses one key of a dict field
    seen: Mapping[str, Any] = field(default_factory=dict)  # the values the officer saw for these fields when the form was opened
    closes: tuple[str, ...] = ()  # conflicts that an "r" settles
    reason: str = ""  # why an "r" settled them so, or why a "d" or "z" was made; `Operation.reason`


@dataclass(frozen=True)
class Save:
    """One Save: all its changes and their operations stand or fall in one transaction (sync.md 3.4)."""

    group: str  # UUIDv7 made when the draft was opened (amendment A1)
    user: str
    base: Base
    changes: Sequence[Change]
    drops_draft: str | None = None


@dataclass(frozen=True)
class Saved:
    """What one Save left behind: how many operations wait because of it, and when it was committed."""

    operations: int
    at: datetime


class Records(Protocol):
    """The synchronised records as the officer sees them: what the province confirmed, with our own waiting work on top."""

    def base(self) -> Base: ...

    def new_group(self) -> str:
        """A fresh UUIDv7 for one Save."""
        ...

    def get(self, kind: type[R], record_id: str) -> R | None: ...

    def last(self, kind: type[R], record_id: str) -> R | None:
        """The record as it last was, also when it is deleted: for its name."""
        ...

    def select(self, kind: type[R], **equal: object) -> list[R]:
        """Living records with these column values, ordered by `position` where there is one, else by id."""
        ...

    def save(self, save: Save) -> Saved:
        """Commit all changes with their operations. Raises `KnownProblem("save.changed_underneath", fields=…)` when a field
        to be written holds another value now than `seen` says, `KnownProblem("save.disk_full")` when nothing could be kept."""
        ...


@dataclass
class Draft:
    """A half-filled form. Every field that was left is here, on disk, before the status bar says so (sync.md 3.4 rule 4)."""

    id: str  # = the group of its first Save
    kind: Literal["household", "survey", "double_entry"]
    subject_id: str  # the record it edits or will create
    title: str
    owner: str
    base: Base
    opened: dict[str, Any] = field(default_factory=dict)  # key -> value seen when it was opened
    values: dict[str, Any] = field(default_factory=dict)  # key -> value typed since
    notes: dict[str, Any] = field(default_factory=dict)  # household_id, new member ids and their numbers, place of the cursor …
    updated_at: str = ""


class Drafts(Protocol):
    def open(self, draft: Draft) -> None:
        """Put a draft on disk; one of the same id is replaced whole or, on a full disk, left as it was."""
        ...

    def get(self, draft_id: str) -> Draft | None: ...

    def of(self, subject_id: str) -> Draft | None: ...

    def all(self) -> list[Draft]:
        """Newest first."""
        ...

    def keep(self, draft_id: str, values: Mapping[str, Any], notes: Mapping[str, Any] | None = None) -> datetime:
        """Commit these fields (one transaction, one flush) and say when. The values given replace those of the same key."""
        ...

    def drop(self, draft_id: str) -> None: ...


# --- reading -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HouseholdLine:
    """One line of the household list."""

    id: str
    household_code: str | None
    head_name: str | None
    village_id: str | None
    village_name: str | None
    member_count: int
    household_class: str | None  # newest entry of the class history
    survey_state: str | None  # in the newest review: None | "draft" | "saved" | "finished"
    survey_class: str | None  # class by the finished survey of the newest review
    personal_id_tail: str | None  # last four digits of the head's id, never more
    reason: str = ""  # what matched: "name" | "code" | "personal_id" | "village" | "phone" | ""


@dataclass(frozen=True)
class Page:
    lines: list[HouseholdLine]
    total: int  # of all that match, counted up to 10,000
    at_least: bool = False  # more match than `total`: nobody asked to have them counted


@dataclass(frozen=True)
class VillageProgress:
    village_id: str | None
    village_name: str
    households: int
    to_review: int  # on the list of the round
    drafts: int
    finished: int


@dataclass(frozen=True)
class WorkState:
    """The first screen, in one read."""

    villages: list[VillageProgress]
    drafts: list[Draft]
    shares_pending: int
    shares_absent: int
    conflicts_open: int
    quarantined: int
    waiting: int  # operations the province has not acknowledged
    oldest_waiting: str | None
    last_success: str | None
    household_count: int
    member_count: int


class Lists(Protocol):
    """Reads that lists and reports need; each one query or a few, never a walk over records."""

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
        """Empty text: all in village and name order. Else diacritic- and đ-blind over name, code, id, village, phone.
        `counted` False answers a search as soon as the lines are there: the total may then be said as `at_least`."""
        ...

    def household_line(self, household_id: str) -> HouseholdLine | None: ...

    def work(self, round_id: str | None) -> WorkState: ...

    def class_on(self, household_id: str, day: str) -> str | None:
        """The class of the household on an ISO day by its class history."""
        ...

    def class_history(self, household_ids: Iterable[str] | None = None) -> dict[str, list[Any]]:
        """household id -> its ClassRecords in the order of `effective_on`."""
        ...

    def shares_of_kind(self, household_id: str, support_kind: str) -> list[tuple[Any, Any, Any]]:
        """(share, line, batch) of earlier support of this kind, newest first; for the guard on double support."""
        ...

    def find_personal_id(self, personal_id_number: str, *, but_not: str | None = None) -> list[tuple[str, str]]:
        """(member id, household id) of everybody who bears this number."""
        ...


# --- settings and accounts of one workspace ---------------------------------------------------------------------------


OWN_CODE_WANTED = "sync.own_code_wanted"
"""Setting: this enrolled file was brought here from another machine, which may still use it."""


class Settings(Protocol):
    """Local, unsynchronised choices of the workspace (commune, officer, language, window, last village …)."""

    def get(self, key: str, default: Any = None) -> Any: ...

    def put(self, key: str, value: Any) -> None: ...
