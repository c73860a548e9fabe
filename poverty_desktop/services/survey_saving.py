"""What a Save writes of a survey: the answers, and with them the rule that judged them, stamped for ever. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poverty_desktop.domain.classification import Classification
from poverty_desktop.forms import FormSession
from poverty_desktop.services.explaining import outcome_under
from poverty_desktop.services.points_given import points_given
from poverty_desktop.services.ports import Change
from poverty_desktop.services.survey_sheet import ROSTER, SurveySheet, current_answers

BY_KEY = ("answers", "field_notes")  # dicts that are patched key by key
SURVEYED_ON, ENUMERATOR, CAUSES, NEEDS = "surveyed_on", "enumerator", "causes", "needs"


def survey_fields(sheet: SurveySheet, state: str, judged: Classification | None) -> dict[str, Any]:
    """All fields of the Survey record but its id. `judged` is None for an incomplete survey: it has no class then."""
    session, form = sheet.session, sheet.form
    outcome, _ = outcome_under(session, sheet.standard, sheet.numbered_by)
    return {
        "round_id": sheet.round.id,
        "household_id": sheet.line.id,
        "state": state,
        "surveyed_on": _named(session, SURVEYED_ON) or None,
        "enumerator": _named(session, ENUMERATOR) or None,
        "form_id": form.form_id,
        "form_version": form.version,
        "form_hash": form.hash,
        "standard_id": sheet.round.standard_id,
        "area_class": outcome.area_class or "",
        "b1_score": outcome.b1_score,
        "b1_source": outcome.b1_source,
        "b2_score": judged.b2_score if judged and judged.b2_complete else None,
        "deprivations": dict(outcome.deprivations),
        "deprivation_reasons": {number: reason for number, reason in outcome.reasons.items() if reason},
        "household_class": judged.household_class if judged else None,
        "rule": {**_rule(session, judged), "members": list(session.instances(ROSTER))},
        "causes": _named(session, CAUSES).split(),
        "needs": _named(session, NEEDS).split(),
        "accepted_doubts": dict(sheet.draft.notes.get("doubts", {})),
        "field_notes": dict(sheet.draft.notes.get("field_notes", {})),
        "started_from": sheet.draft.notes.get("started_from"),
        "answers": {**current_answers(sheet.draft), **session.answers()},
    }


def _rule(session: FormSession, judged: Classification | None) -> dict[str, Any]:
    """The rule that judged, with the points of every answer where B1 was summed from them: a table that is mended later never
    changes what was decided."""
    if judged is None:
        return {}
    if judged.rule["b1_source"] != "points":
        return judged.rule
    return {**judged.rule, "b1_points": {one.key: one.points for one in points_given(session)}}


def _named(session: FormSession, name: str) -> str:
    """The answer of the question of this name, outside of the roster; "" when the form has none."""
    paths = (one.path for one in session.definition.questions() if one.name == name and not one.path.startswith(ROSTER))
    path = next(paths, None)
    return session.value(path) if path else ""


def changes_of(sheet: SurveySheet, fields: Mapping[str, Any]) -> list[Change]:
    """The one operation of the Save: the whole survey the first time, afterwards only what differs from what was opened."""
    draft = sheet.draft
    if draft.notes.get("new"):
        return [Change("c", "survey", draft.subject_id, 1, {name: value for name, value in fields.items() if value is not None})]
    opened: Mapping[str, Any] = draft.opened["fields"]
    updates = {name: value for name, value in fields.items() if name not in BY_KEY and value != opened.get(name)}
    seen = {name: opened.get(name) for name in updates}
    for name in BY_KEY:
        before, now = (draft.opened["answers"] if name == "answers" else opened.get(name) or {}), fields[name]
        for key in sorted({*before, *now}):
            if before.get(key) != now.get(key):
                updates[f"{name}.{key}"], seen[f"{name}.{key}"] = now.get(key), before.get(key)
    return [Change("u", "survey", draft.subject_id, 1, updates, seen)] if updates else []
