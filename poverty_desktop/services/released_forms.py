"""The questionnaires a commune may work with: those released in its workspace first, then those that ship with the program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from poverty_desktop.domain.records import FormRelease
from poverty_desktop.domain.release_rules import contents, is_checked, is_whole
from poverty_desktop.forms.head import VersionKey, version_key
from poverty_desktop.services.ports import Records

ReleaseKey = tuple[str, str, str]  # form id, version, hash


class Shipped(Protocol):
    """The forms of the program itself."""

    def newest(self, standard_id: str) -> bytes: ...

    def newest_key(self, standard_id: str) -> ReleaseKey: ...

    def xml(self, form_id: str, version: str, form_hash: str) -> bytes: ...

    def files(self, form_hash: str) -> Mapping[str, bytes]: ...

    def of(self, form_id: str) -> bytes | None:
        """The newest shipped version of a form, None where none of that id ships."""
        ...


class WorkspaceForms:
    """`services.review_rounds.ReleasedForms`. A demonstration form begins rounds in practice only."""

    def __init__(self, records: Records, shipped: Shipped, practice: bool = False) -> None:
        self._records, self._shipped, self._practice = records, shipped, practice
        self._whole: set[str] = set()  # ids of releases

    def newest(self, standard_id: str) -> bytes:
        """The XForm to begin a round of this standard with. Raises KnownProblem "review.form_gone"."""
        best = self._best(standard_id)
        return best.xform.encode() if best else self._shipped.newest(standard_id)

    def newest_key(self, standard_id: str) -> ReleaseKey:
        """Which release `newest` gives, without reading the form."""
        best = self._best(standard_id)
        if best is not None:
            return best.form_id, best.version, best.form_hash
        return self._shipped.newest_key(standard_id)

    def xml(self, form_id: str, version: str, form_hash: str) -> bytes:
        """Exactly this release, for ever, also once it was withdrawn. Raises KnownProblem "review.form_gone" (form, version)
        where neither the workspace nor the program has it: it may still arrive from another laptop."""
        found = self._kept(form_hash)
        return found.xform.encode() if found else self._shipped.xml(form_id, version, form_hash)

    def files(self, form_hash: str) -> Mapping[str, bytes]:
        """The lists of exactly this release, by file name."""
        found = self._kept(form_hash)
        return contents(found.files) if found else self._shipped.files(form_hash)

    def _kept(self, form_hash: str) -> FormRelease | None:
        return next((one for one in self._records.select(FormRelease, form_hash=form_hash) if self._is_whole(one)), None)

    def _is_whole(self, release: FormRelease) -> bool:
        """Asked whenever a survey is opened, so only once of each: what a release holds is never patched."""
        if release.id not in self._whole and is_whole(release.model_dump()):
            self._whole.add(release.id)
        return release.id in self._whole

    def _best(self, standard_id: str) -> FormRelease | None:
        found = self._records.select(FormRelease, standard_id=standard_id, state="released")
        allowed = [one for one in found if one.official or self._practice]
        usable = [one for one in allowed if is_checked(one.model_dump()) and self._is_whole(one)]
        newest: dict[str, FormRelease] = {}
        for one in sorted(usable, key=lambda one: (one.checked_at or "", one.form_hash), reverse=True):
            there = newest.get(one.form_id)
            if there is None or _order(one) >= _order(there):  # of two with one version the one that was checked first
                newest[one.form_id] = one
        return max(newest.values(), key=lambda one: (one.checked_at or "", one.form_id), default=None)


def _order(release: FormRelease) -> VersionKey:
    return version_key(release.version)
