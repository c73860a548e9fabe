"""`report rescoring --year Y --standard ID`: the finished surveys of a year under another standard. Looks, changes nothing."""

from __future__ import annotations

import argparse
import json
from typing import Any

from poverty_desktop.commands.workspace import opened_workspace
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.services.rescoring_rounds import HouseholdRescored, Rescoring, Target, transitions
from poverty_desktop.services.rescoring_words import ComparedTable, compared_round, summary
from poverty_desktop.storage.workspace import Workspace
from poverty_desktop.system.clock import SystemClock
from poverty_desktop.system.reference_files import load_reference

NEXT = "mdp_2027_2030"


def run(args: argparse.Namespace, texts: Texts) -> int:
    """Exit code 0 whatever would change: a difference is no fault."""
    with opened_workspace(args, texts) as workspace:
        rescoring = _rescoring(workspace)
        target = _target(rescoring, args)
        standard = load_reference().standard(target.standard_id)
        found = rescoring.rescored(rescoring.surveys(args.year), target)
        table = compared_round(found, standard, args.year, texts)
        if args.out:
            from poverty_desktop.documents.comparison_workbook import save_comparison

            save_comparison(args.out, table)
    print(json.dumps(_figures(found), ensure_ascii=False, indent=2) if args.json else _words(found, table, texts))
    return 0


def _rescoring(workspace: Workspace) -> Rescoring:
    from poverty_desktop.services.released_forms import WorkspaceForms
    from poverty_desktop.system.released_forms import ShippedForms

    forms = WorkspaceForms(workspace.records, ShippedForms(), workspace.practice)
    return Rescoring(workspace.records, workspace.lists, SystemClock(), load_reference(), forms)


def _target(rescoring: Rescoring, args: argparse.Namespace) -> Target:
    """A released form is looked at under its own standard where none is named."""
    if not args.form:
        return Target(args.standard or NEXT)
    found = next((one for one in rescoring.targets() if one.form_hash == args.form), None)
    if found is None:
        raise KnownProblem("review.form_gone", form=args.form, version="–")
    return Target(args.standard or found.standard_id, found.form_hash, found.form)


def _figures(found: list[HouseholdRescored]) -> dict[str, Any]:
    moves = [{"before": one.before, "after": one.after, "households": one.households} for one in transitions(found)]
    return {"surveys": len(found), "classes": moves, "households": [_household(one) for one in found]}


def _household(one: HouseholdRescored) -> dict[str, Any]:
    rows = [
        {
            "what": row.what,
            "indicator": row.indicator.key if row.indicator else None,
            "before": row.before,
            "after": row.after,
            "why": list(row.why),
        }
        for row in one.rescored.differences
    ]
    return {"household": one.line.household_code or one.line.id, "survey": one.rescored.survey_id, "differences": rows}


def _words(found: list[HouseholdRescored], table: ComparedTable, texts: Texts) -> str:
    return "\n".join([table.title, *table.notes, *summary(transitions(found), texts)])
