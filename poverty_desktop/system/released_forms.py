"""The questionnaires that ship with the program: `resources/forms/*.xml`, each an XForm released once and never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.head import head
from poverty_desktop.system.resources import resource

OFFICIAL, DEMONSTRATION = "phieu_b", "phieu_b_demo"


class ShippedForms:
    """`services.review_rounds.ReleasedForms` on the program's own files. `form` is the one that new rounds begin with:
    the official Phieu B, or the demonstration one for practice. Reads the files once."""

    def __init__(self, form: str = OFFICIAL) -> None:
        self._form = form
        self._by_hash: dict[str, bytes] = {}
        self._newest: dict[str, tuple[str, str, str]] = {}

    def newest(self, standard_id: str) -> bytes:
        """The same questions under every standard of resources: indicators are matched by what they ask, and what the form does
        not ask stays undecided (`domain.standards_compared`)."""
        if not resource("standards", f"{standard_id}.json").exists():
            raise KnownProblem("review.form_gone", form=standard_id, version="–")
        return resource("forms", f"{self._form}.xml").read_bytes()

    def files(self, form_hash: str) -> Mapping[str, bytes]:
        """None of them reads a list from a file."""
        return {}

    def of(self, form_id: str) -> bytes | None:
        """The newest shipped version of a form, None where none of that id ships."""
        file = resource("forms", f"{form_id}.xml")
        return file.read_bytes() if form_id in (OFFICIAL, DEMONSTRATION) and file.exists() else None

    def newest_key(self, standard_id: str) -> tuple[str, str, str]:
        """Form id, version and hash of what `newest` gives."""
        if standard_id not in self._newest:
            xml = self.newest(standard_id)
            self._newest[standard_id] = (*head(xml), hashlib.sha256(xml).hexdigest())
        return self._newest[standard_id]

    def xml(self, form_id: str, version: str, form_hash: str) -> bytes:
        if not self._by_hash:
            found = (file.read_bytes() for file in sorted(resource("forms").glob("*.xml")))
            self._by_hash = {hashlib.sha256(data).hexdigest(): data for data in found}
        if form_hash not in self._by_hash:
            raise KnownProblem("review.form_gone", form=form_id, version=version)
        return self._by_hash[form_hash]
