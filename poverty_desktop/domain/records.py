"""The one definition of each record's fields.

These classes have no tables. The laptop's tables (`storage`), the check of what comes over the wire (`server`, `sync`) and
the columns of spreadsheets (`documents`) are made from them. Field names are frozen on the wire: append, never rename.

Shapes used throughout: ids are lower-case UUID text; days are ISO dates as text; a birth date is a *partial* ISO date
("1987", "1987-05" or "1987-05-02"), so it carries its own precision; money is whole dong in integers; text is NFC.
Only JSON types stand in the fields, because the canonical form of sync (sync.md 3.3) is made of them.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from sqlmodel import Field, SQLModel

HouseholdClass = Literal["poor", "near_poor", "average_living_standard", "not_poor"]
AreaClass = Literal["rural", "urban"]


class Record(SQLModel):
    """What every synchronised record has. Who wrote it and when stands in its operations, not in its fields."""

    entity: ClassVar[str]
    id: str = Field(primary_key=True, max_length=36)


class Village(Record):
    """A village or residential group. Local, versioned reference data: no official code list exists (reference.json)."""

    entity: ClassVar[str] = "village"
    commune_code: str = Field(max_length=5)
    name: str
    kind: str = "thôn"
    area_class: str = "rural"
    position: int = 0
    valid_from: str | None = None
    valid_to: str | None = None


class Household(Record):
    """A household of the commune. `presence` other than "present" keeps the record and takes it off the living lists."""

    entity: ClassVar[str] = "household"
    commune_code: str = Field(max_length=5)
    village_id: str | None = Field(default=None, index=True, max_length=36)
    household_code: str | None = None
    permanent_address: str | None = None
    current_address: str | None = None
    phone: str | None = None
    has_merit_member: bool | None = None
    no_labour_capacity: bool | None = None
    presence: str = "present"  # present | moved_out | dissolved | merged
    joined_on: str | None = None
    joined_reason: str | None = None  # birth of the record for 7.2 column 8: move_in | split | merge | None (always here)
    left_on: str | None = None
    left_reason: str | None = None  # for 7.2 column 4: death | move_out | split | merge
    note: str | None = None


class HouseholdMember(Record):
    """A person of a household. Codes from `resources/reference` (sex 1/2, relation 1 = head, ethnic group "01".."54")."""

    entity: ClassVar[str] = "household_member"
    household_id: str = Field(index=True, max_length=36)
    position: int = 0
    full_name: str | None = None
    relation_to_head: int | None = None
    sex: int | None = None
    birth_date: str | None = None
    personal_id_number: str | None = None
    id_issued_on: str | None = None
    ethnic_group: str | None = None
    activity_status: int | None = None
    presence: str = "present"  # present | died | moved_out | removed
    left_on: str | None = None
    note: str | None = None


class ReviewRound(Record):
    """A review round of the commune (Decision 24/2021/QĐ-TTg Art. 4): the year's periodic review under one standard."""

    entity: ClassVar[str] = "review_round"
    commune_code: str = Field(max_length=5)
    year: int
    kind: str = "periodic"  # periodic | regular
    standard_id: str
    starts_on: str
    ends_on: str
    form_id: str
    form_version: str
    form_hash: str
    decision_no: str | None = None
    decided_on: str | None = None
    state: str = "open"  # open | recognised

    def is_same_review(self, other: ReviewRound) -> bool:
        """Whether both stand for one review: two laptops that had not met may each have begun it, with a record of its own."""
        names = ("commune_code", "year", "kind", "standard_id")
        return all(getattr(self, name) == getattr(other, name) for name in names)


class Survey(Record):
    """A finished or saved Phieu B of one household in one round, with the rule that judged it.

    `answers` maps an answer key ("house/floor_area", "roster/<member id>/schooling") to the answer as text; select-many
    answers are names separated by one blank, as in XForms. `deprivations` maps the indicator's number "1".."12" to
    "deprived" | "not_deprived" | "not_applicable" | "not_asked"; `deprivation_reasons` the same numbers to who or what.
    """

    entity: ClassVar[str] = "survey"
    round_id: str = Field(index=True, max_length=36)
    household_id: str = Field(index=True, max_length=36)
    state: str = "saved"  # saved (incomplete) | finished
    surveyed_on: str | None = None
    enumerator: str | None = None
    form_id: str
    form_version: str
    form_hash: str
    standard_id: str
    area_class: str
    answers: dict[str, Any] = Field(default_factory=dict)
    b1_score: int | None = None
    b1_source: str | None = None  # typed | points
    b2_score: int | None = None
    deprivations: dict[str, Any] = Field(default_factory=dict)
    deprivation_reasons: dict[str, Any] = Field(default_factory=dict)
    household_class: str | None = None
    rule: dict[str, Any] = Field(default_factory=dict)  # standard, cut-off, least B2 and points per indicator that were used
    causes: list[str] = Field(default_factory=list)
    needs: list[str] = Field(default_factory=list)
    accepted_doubts: dict[str, Any] = Field(default_factory=dict)  # answer key -> reason given for an amber doubt
    field_notes: dict[str, Any] = Field(default_factory=dict)  # answer key -> what the officer noted beside it
    started_from: str | None = None  # id of the earlier survey whose answers began this one ("as last year")


class ClassRecord(Record):
    """One entry of a household's class history: class is history, never one field (support.md section 2)."""

    entity: ClassVar[str] = "class_record"
    household_id: str = Field(index=True, max_length=36)
    household_class: str
    effective_on: str
    decided_on: str | None = None
    decision_no: str | None = None
    survey_id: str | None = None
    round_id: str | None = None
    origin: str = "review"  # opening (list taken over) | review
    member_count: int | None = None  # people of the household on that day, for the people lines of 7.2


class SupportBatch(Record):
    """A delivery decided together: batch -> lines -> household shares (support.md section 4)."""

    entity: ClassVar[str] = "support_batch"
    commune_code: str = Field(max_length=5)
    batch_no: str
    name: str
    programme_key: str
    project_no: str | None = None
    decision_no: str | None = None
    decided_on: str  # eligibility is the class on this day
    handover_on: str | None = None
    handover_place: str | None = None
    supplier: str | None = None
    note: str | None = None


class SupportLine(Record):
    """One item of a batch. `funding` maps a funding source to whole dong; its sum is the value of the line."""

    entity: ClassVar[str] = "support_line"
    batch_id: str = Field(index=True, max_length=36)
    position: int = 0
    support_kind: str
    item_name: str
    specification: str | None = None
    unit: str
    quantity: int
    funding: dict[str, Any] = Field(default_factory=dict)


class HouseholdShare(Record):
    """What one household gets of a line. `funding` adds up over the shares to the line's, source by source, to the dong."""

    entity: ClassVar[str] = "household_share"
    line_id: str = Field(index=True, max_length=36)
    batch_id: str = Field(index=True, max_length=36)
    household_id: str = Field(index=True, max_length=36)
    receiver_name: str | None = None
    receiver_member_id: str | None = None
    position: int = 0
    quantity: int = 0
    funding: dict[str, Any] = Field(default_factory=dict)
    class_on_decision: str | None = None
    override_reason: str | None = None  # why it is given although a warning stood
    receipt: str = "pending"  # pending | signed | fingerprint | absent
    received_on: str | None = None
    receipt_note: str | None = None


class Conflict(Record):
    """Two values that two people wrote without seeing each other (sync.md 3.8). Made by the province, settled by a person."""

    entity: ClassVar[str] = "conflict"
    of_entity: str
    of_id: str = Field(index=True, max_length=36)
    field: str  # a field, a merge group's fields joined by "+", or "" for a whole record (delete against edit)
    current: Any = None
    current_rev: int = 0
    current_by: str | None = None
    current_at: str | None = None
    other: Any = None
    other_op: str
    other_by: str | None = None
    other_at: str | None = None
    saw: Any = None  # what the writer of `other` had on screen; None also where nobody must judge the field (`merge_rules`)
    current_saw: list[Any] | None = None  # the same of `current`, as a list of one value; None where it is not known
    state: str = "open"  # open | resolved
    chosen: Any = None
    reason: str | None = None


class OfficerAccount(Record):
    """Who a user id is, so that every laptop of the commune can say by name who wrote a value. `user_id` stands in operations."""

    entity: ClassVar[str] = "account"
    user_id: str = Field(max_length=36)
    full_name: str


class FormRelease(Record):
    """One version of a questionnaire. What it holds is written once; only its state climbs, with who confirmed it.

    `form_hash` is the SHA-256 of `xform` in UTF-8. `source` is the workbook in base64. `differences` are those to the version
    before, as data of `forms.differences`: words are made at print. `points` is the table of B1 by question, choice and column,
    with its own hash (`forms.points`); empty where B1 is typed. `files` are the lists that the form reads, by file name:
    ``{"sha256", "data": base64}`` (`domain.release_rules`).
    """

    entity: ClassVar[str] = "form_release"
    form_id: str = Field(index=True)
    version: str
    form_hash: str
    title: str
    standard_id: str | None = None  # the standard whose rounds this form begins; None for a form that begins none
    state: str = "proposed"  # proposed | released | withdrawn
    xform: str
    source: str
    made_by: str
    made_at: str
    checked_by: str | None = None  # another account than `made_by`
    checked_at: str | None = None
    differences: list[dict[str, Any]] = Field(default_factory=list)
    points: dict[str, Any] = Field(default_factory=dict)
    official: bool = True
    files: dict[str, dict[str, str]] = Field(default_factory=dict)


class DoubleEntry(Record):
    """A survey keyed a second time by somebody else, blind, to measure the quality of keying; compared and settled by key.

    `settlement` maps an answer key to ``{"value", "reason", "by", "at"}``.
    """

    entity: ClassVar[str] = "double_entry"
    round_id: str = Field(index=True, max_length=36)
    household_id: str = Field(index=True, max_length=36)
    survey_id: str | None = Field(default=None, max_length=36)
    form_id: str
    form_version: str
    form_hash: str
    answers: dict[str, Any] = Field(default_factory=dict)
    keyed_by: str
    keyed_on: str
    state: str = "open"  # open | settled
    settlement: dict[str, Any] = Field(default_factory=dict)


SYNCED: tuple[type[Record], ...] = (
    Village,
    Household,
    HouseholdMember,
    ReviewRound,
    Survey,
    ClassRecord,
    SupportBatch,
    SupportLine,
    HouseholdShare,
    Conflict,
    OfficerAccount,
    FormRelease,
    DoubleEntry,
)
BY_ENTITY: dict[str, type[Record]] = {record.entity: record for record in SYNCED}
