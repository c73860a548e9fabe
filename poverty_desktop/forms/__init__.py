"""Questionnaires: an XForm in, an engine that answers what applies, what is wrong and what follows. Pure: no Qt, no files.

definition = FormDefinition.parse(xml)
session = FormSession(definition, answers, today=date(2026, 11, 22), repeat_keys={"roster": member_ids})
changed = session.set("house/floor_area", "24")
outcome = read_outcome(session)
"""

from __future__ import annotations

from poverty_desktop.forms.definition import Choice, FormDefinition, Group, Question, Range, Words
from poverty_desktop.forms.entities import Entity
from poverty_desktop.forms.outcome import INDICATORS, FormOutcome, read_outcome
from poverty_desktop.forms.session import FormSession, Snapshot
from poverty_desktop.forms.state import FormProblem, GroupState, InstanceState, QuestionState, RepeatState, SectionState

__all__ = [
    "INDICATORS",
    "Choice",
    "Entity",
    "FormDefinition",
    "FormOutcome",
    "FormProblem",
    "FormSession",
    "Group",
    "GroupState",
    "InstanceState",
    "Question",
    "QuestionState",
    "Range",
    "RepeatState",
    "SectionState",
    "Snapshot",
    "Words",
    "read_outcome",
]
