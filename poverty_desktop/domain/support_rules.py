"""Who may receive, and what looks like giving twice. Warnings, never blocks; only sums that do not hold are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from poverty_desktop.domain.class_history import NEWLY_ESCAPED, ON_LIST, class_on, newly_escaped
from poverty_desktop.domain.dates import add_months
from poverty_desktop.domain.money import add_up, allocate
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import ClassRecord, Household, HouseholdShare, SupportBatch, SupportLine
from poverty_desktop.domain.texts import Texts

DEFAULT_WINDOW_MONTHS = 36  # a proposal of this program; a setting of the workspace, since no text was seen


@dataclass(frozen=True)
class Eligibility:
    """The class on the decision date; "newly_escaped_poverty" where that is the ground. `eligible` by support.md section 2."""

    class_on_decision: str | None
    eligible: bool


@dataclass(frozen=True)
class Earlier:
    """An earlier share with its line and batch."""

    share: HouseholdShare
    line: SupportLine
    batch: SupportBatch


@dataclass(frozen=True)
class SupportWarning:
    """A doubt about giving; its sentence is `domain.support.<code>`. `earlier` names the record that stands against it."""

    code: str  # not_eligible | same_kind | house_twice | household_left
    facts: dict[str, object] = field(default_factory=dict)
    earlier: Earlier | None = None

    def sentence(self, texts: Texts) -> str:
        return texts(f"domain.support.{self.code}", **self.facts)


def eligibility(history: Iterable[ClassRecord], day: str, months: int = 36) -> Eligibility:
    """Poor, near-poor, or newly escaped on the decision date; the history decides, not today's class."""
    entries = list(history)
    on_day = class_on(entries, day)
    if on_day in ON_LIST:
        return Eligibility(on_day, True)
    if newly_escaped(entries, day, months):
        return Eligibility(NEWLY_ESCAPED, True)
    return Eligibility(on_day, False)


def check_presence(household: Household) -> list[SupportWarning]:
    """Warn when the household is no longer on the living lists."""
    if household.presence == "present":
        return []
    return [SupportWarning("household_left", {"left_on": household.left_on or "?"})]


def check_twice(
    earlier: Sequence[Earlier], line_id: str, day: str, *, is_house: bool, window_months: int = DEFAULT_WINDOW_MONTHS
) -> list[SupportWarning]:
    """Earlier support of the same kind (houses: of any housing kind, ever; else decided within the window before or after)."""
    code = "house_twice" if is_house else "same_kind"
    since, until = add_months(day, -window_months), add_months(day, window_months)
    return [
        SupportWarning(code, facts_of(one), one)
        for one in earlier
        if one.line.id != line_id and (is_house or since <= one.batch.decided_on <= until)
    ]


def facts_of(earlier: Earlier) -> dict[str, object]:
    """What names an earlier record to a person: batch, day, paper, item, receiver."""
    batch, share = earlier.batch, earlier.share
    return {
        "batch_no": batch.batch_no,
        "batch_name": batch.name,
        "decided_on": "/".join(reversed(batch.decided_on.split("-"))),
        "decision_no": batch.decision_no or "?",
        "item": earlier.line.item_name,
        "quantity": share.quantity,
        "unit": earlier.line.unit,
        "receiver": share.receiver_name or "?",
    }


def refuse_excess(line_quantity: int, quantities: Sequence[int], item: str, unit: str) -> None:
    """Raise when shares are negative or exceed their line: "support.share_negative", "support.share_exceeds_line"."""
    if any(quantity < 0 for quantity in quantities):
        raise KnownProblem("support.share_negative", item=item)
    given = sum(quantities)
    if given > line_quantity:
        facts = {"given": given, "quantity": line_quantity, "over": given - line_quantity}
        raise KnownProblem("support.share_exceeds_line", item=item, unit=unit, **facts)


def remaining(line: SupportLine, shares: Sequence[HouseholdShare]) -> tuple[int, dict[str, int]]:
    """Quantity and money (source -> dong) of a line that no share has yet."""
    given = add_up([share.funding for share in shares])
    money = {source: amount - given.get(source, 0) for source, amount in _amounts(line).items()}
    return line.quantity - sum(share.quantity for share in shares), money


def divide(
    line: SupportLine, given: Sequence[tuple[str, int]], settled: Mapping[str, Mapping[str, int]]
) -> list[dict[str, int]]:
    """The funding (source -> dong) of each (household id, quantity), to the dong. `settled` holds the funding of whose
    share was handed over: a rounding may not touch it afterwards. The quantities must not exceed the line (`refuse_excess`)."""
    fixed = {household: dict(settled[household]) for household, _ in given if household in settled}
    kept = add_up(list(fixed.values()))
    rest = {source: amount - kept.get(source, 0) for source, amount in _amounts(line).items()}
    open_ones = [quantity for household, quantity in given if household not in fixed]
    not_given = line.quantity - sum(quantity for _, quantity in given)
    parts = iter(allocate(rest, [*open_ones, not_given]) if sum(open_ones) + not_given else [{} for _ in open_ones])
    return [fixed[household] if household in fixed else next(parts) for household, _ in given]


def _amounts(line: SupportLine) -> Mapping[str, int]:
    return line.funding
