"""`forms release FILE`, `forms release --confirm HASH`, `forms list`: a questionnaire from the workbook to the surveys."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from poverty_desktop.commands.form_files import read_bytes, words_of
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.system.form_folder import files_beside

if TYPE_CHECKING:
    from poverty_desktop.domain.records import FormRelease
    from poverty_desktop.services.releasing import Examined, Releasing
    from poverty_desktop.storage.workspace import Workspace

NO_STANDARD = "none"


def add_arguments(doings: Any, common: argparse.ArgumentParser) -> None:
    releasing = doings.add_parser("release", help="propose a workbook; --confirm HASH by another officer releases it")
    releasing.add_argument("file", type=Path, nargs="?", metavar="FILE", help="an XLSForm (.xlsx)")
    releasing.add_argument(
        "--standard",
        metavar="ID",
        help=f"the standard whose rounds begin with this form; by default the one its settings name, {NO_STANDARD!r}: none",
    )
    releasing.add_argument("--confirm", metavar="HASH", help="release a proposal that another officer made")
    releasing.add_argument("--withdraw", metavar="HASH", help="offer a release to no new survey any more")
    releasing.add_argument("--yes", action="store_true", help="the points and differences were checked: do not ask")
    add_workspace_arguments(releasing)


def add_workspace_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of every verb about the releases of a workspace."""
    parser.add_argument("--workspace", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="the data folder")
    parser.add_argument("--account", metavar="NAME", help="refuse a password that belongs to anybody else")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--language", "--lang", choices=("vi", "en"), default=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """0, or 1 with the faults of the form or one sentence."""
    texts = words_of(args)
    if sum(1 for one in (args.file, args.confirm, args.withdraw) if one) != 1:
        raise KnownProblem("form_release.file_or_hash")
    source = read_bytes(args.file) if args.file else b""
    with workspace_of(args, texts) as workspace:
        releasing = releasing_of(workspace)
        if args.confirm:
            return _confirm(args, texts, releasing)
        if args.withdraw:
            return _withdraw(args, texts, releasing)
        standard_id = _standard(args.standard)
        seen = releasing.examine(source, standard_id, files_beside(args.file))
        if args.standard is None and seen.form is not None:  # what the form says of itself
            seen = replace(seen, standard_id=_standard(seen.form.standard or NO_STANDARD))
        return _propose(args, texts, releasing, seen)


def workspace_of(args: argparse.Namespace, texts: Texts) -> Any:
    """The workspace under its lock, opened with the password of `--account` where one is named."""
    from poverty_desktop.commands.workspace import opened_workspace

    return opened_workspace(args, texts)


def releasing_of(workspace: Workspace) -> Releasing:
    from poverty_desktop.services.releasing import Releasing
    from poverty_desktop.system.clock import SystemClock
    from poverty_desktop.system.released_forms import ShippedForms

    return Releasing(workspace.records, workspace.settings, SystemClock(), ShippedForms(), _standards(), workspace.practice)


def _standard(standard_id: str | None) -> str | None:
    if standard_id in (None, NO_STANDARD):
        return None
    if standard_id not in _standards():
        raise KnownProblem("form_release.unknown_standard", standard=standard_id, known=", ".join(_standards()))
    return standard_id


def _standards() -> list[str]:
    from poverty_desktop.system.reference_files import load_reference

    return [one.id for one in load_reference().standards]


def _propose(args: argparse.Namespace, texts: Texts, releasing: Releasing, seen: Examined) -> int:
    if seen.form is None:
        listed = [{"cell": at.cell, "message": at.sentence(texts)} for at in seen.faults]
        lines = [texts("forms.check_fault", cell=at["cell"], sentence=at["message"]) for at in listed]
        problem = texts.problem(KnownProblem("form_release.faulty", count=len(listed)))
        _show(args, {"ok": False, "faults": listed}, [*lines, problem])
        return 1
    was, release = seen.known, releasing.propose(seen)
    is_new = was is None or was.id != release.id
    if was is None or is_new:
        said = texts("form_release.proposed_now", name=releasing.name_of(release.made_by), hash=release.form_hash[:12])
    elif was.state == "released":
        said = texts("form_release.already_released", form=was.form_id, version=was.version)
    else:
        said = texts("form_release.already_proposed", name=releasing.name_of(was.made_by))
    _show(args, {**facts_of(release, releasing, texts), "new": is_new}, [*lines_of(release, releasing, texts), said])
    return 0


def _confirm(args: argparse.Namespace, texts: Texts, releasing: Releasing) -> int:
    release = releasing.find(args.confirm)
    if release.state == "released":
        said = texts("form_release.already_released", form=release.form_id, version=release.version)
        _show(args, facts_of(release, releasing, texts), [said])
        return 0
    if not args.yes:
        print("\n".join(lines_of(release, releasing, texts)), file=sys.stderr if args.json else sys.stdout)
        if not _is_yes(texts):
            print(texts("form_release.not_released"), file=sys.stderr)
            return 1
    released = releasing.confirm(release)
    names = {"made": releasing.name_of(released.made_by), "checked": releasing.name_of(released.checked_by)}
    said = texts("form_release.released_now", form=released.form_id, version=released.version, **names)
    shown = [*lines_of(release, releasing, texts), said] if args.yes else [said]
    _show(args, facts_of(released, releasing, texts), shown)
    return 0


def _withdraw(args: argparse.Namespace, texts: Texts, releasing: Releasing) -> int:
    release = releasing.withdraw(releasing.find(args.withdraw))
    said = texts("form_release.withdrawn_now", form=release.form_id, version=release.version)
    _show(args, facts_of(release, releasing, texts), [said])
    return 0


def _is_yes(texts: Texts) -> bool:
    try:
        typed = input(texts("form_release.ask"))
    except EOFError:
        return False
    return typed.strip().casefold() in {texts.in_language(language)("form_release.answer_yes") for language in ("vi", "en")}


def facts_of(release: FormRelease, releasing: Releasing, texts: Texts) -> dict[str, Any]:
    """A release for a script; without the form itself."""
    from poverty_desktop.services.release_words import difference_words

    facts = release.model_dump(exclude={"id", "xform", "source", "differences", "points", "files"})
    names = {"made_by_name": releasing.name_of(release.made_by), "checked_by_name": None}
    if release.checked_by:
        names["checked_by_name"] = releasing.name_of(release.checked_by)
    told = zip(release.differences, difference_words(release.differences, texts), strict=True)
    changes = [{**one, "words": words} for one, words in told]
    hashes = {name: file["sha256"] for name, file in sorted(release.files.items())}
    return {"ok": True, **facts, **names, "differences": changes, "points": release.points, "files": hashes}


def lines_of(release: FormRelease, releasing: Releasing, texts: Texts) -> list[str]:
    """A release for a person who has to check it: what it is, its points, its differences."""
    from poverty_desktop.services.release_words import release_lines

    return release_lines(release, releasing.form(release), texts)


def _show(args: argparse.Namespace, facts: Mapping[str, Any], lines: Iterable[str]) -> None:
    print(json.dumps(facts, ensure_ascii=False, indent=2) if args.json else "\n".join(lines))
