"""Releasing a questionnaire: one officer proposes a workbook, another one looks at points and differences and releases it.

A release is a record of the commune: it travels to its other laptops. Once written, what it holds never changes; the same form
and version with another content is refused. The rule of two people rests on two accounts: that two people stand behind them is
for the office to see to, and both names stand in the record.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from poverty_desktop.domain.names import nfc
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import FormRelease, OfficerAccount
from poverty_desktop.domain.release_rules import attached, contents, is_whole
from poverty_desktop.forms import FormDefinition
from poverty_desktop.forms.checks.book import setting_fault
from poverty_desktop.forms.differences import Difference, differences
from poverty_desktop.forms.head import head, version_key
from poverty_desktop.forms.lists import LAST_SAVED
from poverty_desktop.forms.points import point_table
from poverty_desktop.forms.sheets import FormFault
from poverty_desktop.forms.workbooks import kind_of
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Clock, Records, Save, Settings
from poverty_desktop.services.released_forms import Shipped
from poverty_desktop.services.review_rounds import STANDARD_2026

MOST_BYTES = 3 << 20
"""XForm, workbook and lists together; a Save must fit into one packet of the province."""
SHORTEST_HASH = 8
SETTING = "attribute::standard"


@dataclass(frozen=True)
class Examined:
    """A workbook looked at. With `faults` there is no form; else `differences` are those to `previous` (None: a first version),
    `points` the table of B1 ("{}": typed) and `known` the release that this very form already is."""

    source: bytes
    standard_id: str | None
    faults: tuple[FormFault, ...] = ()
    form: FormDefinition | None = None
    previous: str | None = None
    differences: tuple[Difference, ...] = ()
    known: FormRelease | None = None

    @property
    def points(self) -> dict[str, Any]:
        return point_table(self.form) if self.form else {}


class Releasing:
    """Synchronous; runs on the storage lane. The officer is the one of `settings`; `standards` are the ids of those there are."""

    def __init__(
        self,
        records: Records,
        settings: Settings,
        clock: Clock,
        shipped: Shipped,
        standards: Collection[str],
        practice: bool = False,
    ) -> None:
        self._records, self._settings, self._clock = records, settings, clock
        self._shipped, self._standards, self._practice = shipped, standards, practice

    def all(self) -> list[FormRelease]:
        """Newest version first, form by form."""
        found = self._records.select(FormRelease)
        newest = sorted(found, key=lambda one: (version_key(one.version), one.made_at, one.id), reverse=True)
        return sorted(newest, key=lambda one: one.form_id)

    def examine(self, source: bytes, standard_id: str | None = None, beside: Mapping[str, Path] | None = None) -> Examined:
        """Check and convert a workbook, and compare it with the last version. `beside` are the files beside it, by name: the
        lists that the form reads are taken into the release. Raises KnownProblem of `forms` (unreadable) and
        form_release.workbook_needed, .needs_files, .last_saved, .no_version, .immutable, .shipped, .older_version,
        .demonstration, .too_large."""
        from poverty_desktop.forms import release

        if kind_of(source) == ".xml":
            raise KnownProblem("form_release.workbook_needed")
        found = release.inspect(source, beside or {})
        faults = tuple(fault for fault in found.faults if fault.level == "fault")
        if faults or found.xform is None:
            return Examined(source, standard_id, faults)
        form = release.as_released(found.xform, found.files)
        unnamed = self._standard_fault(source, form, standard_id)
        if unnamed is not None:
            return Examined(source, standard_id, (unnamed,))
        self._refuse_unfit(form, source)
        known = next((one for one in self._records.select(FormRelease, form_hash=form.hash) if one.state != "withdrawn"), None)
        if known is None:
            self._refuse_taken(form)
        before = self._previous(form)
        told = differences(before, form) if before else []
        return Examined(source, standard_id, (), form, before.version if before else None, tuple(told), known)

    def propose(self, seen: Examined) -> FormRelease:
        """Store the proposal; a proposal of the same version that nobody confirmed is withdrawn for it. Gives the release it
        already is, where there is one. Raises KnownProblem form_release.faulty (count), .other_standard (standard)."""
        if seen.form is None:
            raise KnownProblem("form_release.faulty", count=len(seen.faults))
        known = seen.known
        if known is not None and known.standard_id == seen.standard_id:
            return known
        if known is not None and known.state == "released":
            raise KnownProblem("form_release.other_standard", form=known.form_id, standard=known.standard_id or "–")
        group, form = self._records.new_group(), seen.form
        fields = {
            "form_id": form.form_id,
            "version": form.version,
            "form_hash": form.hash,
            "title": form.title,
            "standard_id": seen.standard_id,
            "state": "proposed",
            "xform": form.xml.decode(),
            "source": base64.b64encode(seen.source).decode(),
            "made_by": self._officer(),
            "made_at": self._now(),
            "differences": list(seen.differences),
            "points": seen.points,
            "official": form.official,
            "files": attached(form.files),
        }
        waiting = self._records.select(FormRelease, form_id=form.form_id, version=form.version, state="proposed")
        changes = [Change("c", FormRelease.entity, op_id(group, 1), 1, fields)]
        changes += [_to_state(one, "withdrawn", number) for number, one in enumerate(waiting, 2)]
        self._save(group, changes)
        return self._records.select(FormRelease, id=changes[0].record_id)[0]

    def find(self, start: str) -> FormRelease:
        """The release of a hash, or of its first eight letters or more. Raises KnownProblem form_release.unknown (hash)."""
        every = self._records.select(FormRelease) if len(start) >= SHORTEST_HASH else []
        found = [one for one in every if one.form_hash.startswith(start)]
        living = [one for one in found if one.state != "withdrawn"] or found
        if len({one.form_hash for one in living}) != 1:
            raise KnownProblem("form_release.unknown", hash=start)
        return sorted(living, key=lambda one: (one.state == "released", one.made_at), reverse=True)[0]

    def get(self, release_id: str) -> FormRelease:
        """Raises KnownProblem form_release.unknown (hash)."""
        found = self._records.get(FormRelease, release_id)
        if found is None:
            raise KnownProblem("form_release.unknown", hash=release_id)
        return found

    def is_mine(self, release: FormRelease) -> bool:
        """Whether this officer made it, and so cannot be the one who checks it."""
        return release.made_by == self._officer()

    def form(self, release: FormRelease) -> FormDefinition:
        """The form as it will be used, so that whoever checks sees what was stored. Raises KnownProblem form_release.damaged."""
        if not is_whole(release.model_dump()):
            raise KnownProblem("form_release.damaged", form=release.form_id, version=release.version)
        form = _definition(release)
        if (form.form_id, form.version) != (release.form_id, release.version):
            raise KnownProblem("form_release.damaged", form=release.form_id, version=release.version)
        return form

    def confirm(self, release: FormRelease) -> FormRelease:
        """Release what another officer proposed. Raises KnownProblem form_release.withdrawn, .same_person (name), .damaged,
        .immutable; a release that is released already is given back."""
        if release.state == "released":
            return release
        if release.state != "proposed":
            raise KnownProblem("form_release.withdrawn", form=release.form_id, version=release.version)
        if release.made_by == self._officer():
            raise KnownProblem("form_release.same_person", name=self.name_of(release.made_by))
        self._refuse_taken(self.form(release))
        group = self._records.new_group()
        checked = {"checked_by": self._officer(), "checked_at": self._now()}
        self._save(group, [_to_state(release, "released", 1, **checked)])
        return self._records.select(FormRelease, id=release.id)[0]

    def withdraw(self, release: FormRelease) -> FormRelease:
        """Offer it to no new survey any more; surveys made with it still open."""
        if release.state != "withdrawn":
            self._save(self._records.new_group(), [_to_state(release, "withdrawn", 1)])
        return self._records.select(FormRelease, id=release.id)[0]

    def name_of(self, user: str | None) -> str:
        """An account by name; the end of its id where no laptop introduced it."""
        if user == self._officer():
            return str(self._settings.get("officer_name", "") or user)
        known = self._records.select(OfficerAccount, user_id=user or "")
        return known[0].full_name if known else f"…{(user or '')[-6:]}"

    # --- what may not be ---------------------------------------------------------------------------------------------------

    def _refuse_unfit(self, form: FormDefinition, source: bytes) -> None:
        if not form.version.strip():
            raise KnownProblem("form_release.no_version", form=form.form_id)
        if not form.official and not self._practice:
            raise KnownProblem("form_release.demonstration", form=form.form_id)
        if LAST_SAVED in form.external:
            raise KnownProblem("form_release.last_saved", form=form.form_id)
        missing = sorted({*form.external.values()} - {*form.files})
        if missing:
            raise KnownProblem("form_release.needs_files", form=form.form_id, files=", ".join(missing))
        if len(form.xml) + len(source) + sum(map(len, form.files.values())) > MOST_BYTES:
            raise KnownProblem("form_release.too_large", form=form.form_id, most=MOST_BYTES >> 20)

    def _standard_fault(self, source: bytes, form: FormDefinition, standard_id: str | None) -> FormFault | None:
        """A form numbers its indicators in the order of one standard. One that names none is read by the default, so that under
        another its deprivations could be judged by the wrong numbers, and nobody would see it."""
        known = {"known": ", ".join(self._standards)}
        if form.standard and form.standard not in self._standards:
            return setting_fault(source, SETTING, "form_release.standard_unknown", standard=form.standard, **known)
        if not form.standard and standard_id not in (None, STANDARD_2026):
            return setting_fault(source, SETTING, "form_release.standard_unsaid", standard=str(standard_id), **known)
        return None

    def _refuse_taken(self, form: FormDefinition) -> None:
        """A version is released once, and never before the last one."""
        same = {"form": form.form_id, "version": form.version}
        others = {(one.version, one.form_hash) for one in self._released(form.form_id) if one.form_hash != form.hash}
        shipped = self._shipped.of(form.form_id)
        if shipped is not None:
            others.add((head(shipped)[1], hashlib.sha256(shipped).hexdigest()))
        if (form.version, form.hash) in others:
            raise KnownProblem("form_release.shipped", **same)
        if any(version == form.version for version, _ in others):
            raise KnownProblem("form_release.immutable", **same)
        last = max((version for version, _ in others), key=version_key, default="")
        if version_key(last) > version_key(form.version):
            raise KnownProblem("form_release.older_version", last=last, **same)

    def _previous(self, form: FormDefinition) -> FormDefinition | None:
        """The last version that was released here or ships with the program."""
        others = [one for one in self._released(form.form_id) if one.form_hash != form.hash]
        last = max(others, key=lambda one: version_key(one.version), default=None)
        shipped = self._shipped.of(form.form_id)
        if shipped and (last is None or version_key(head(shipped)[1]) > version_key(last.version)):
            return FormDefinition.parse(shipped)
        return _definition(last) if last else None

    def _released(self, form_id: str) -> list[FormRelease]:
        return self._records.select(FormRelease, form_id=form_id, state="released")

    # --- writing -----------------------------------------------------------------------------------------------------------

    def _save(self, group: str, changes: list[Change]) -> None:
        """With the first release an officer makes or checks, the other laptops learn the name of the account."""
        user, name = self._officer(), nfc(str(self._settings.get("officer_name", "") or ""))
        if name and not self._records.select(OfficerAccount, user_id=user):
            number = max(change.number for change in changes) + 1
            fields = {"user_id": user, "full_name": name}
            changes = [*changes, Change("c", OfficerAccount.entity, op_id(group, number), number, fields)]
        self._records.save(Save(group, user, self._records.base(), changes))

    def _officer(self) -> str:
        return str(self._settings.get("officer", ""))

    def _now(self) -> str:
        return self._clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _definition(release: FormRelease) -> FormDefinition:
    return FormDefinition.parse(release.xform.encode(), contents(release.files))


def _to_state(release: FormRelease, state: str, number: int, **checked: str) -> Change:
    seen = {"state": release.state, "checked_by": release.checked_by, "checked_at": release.checked_at}
    fields = {"state": state, **checked}
    return Change("u", FormRelease.entity, release.id, number, fields, {name: seen[name] for name in fields})
