"""Every version that ever shipped stays openable: surveys were made with it."""

from __future__ import annotations

import hashlib

import pytest

from poverty_desktop.forms.head import head, version_key
from poverty_desktop.system.released_forms import ShippedForms
from poverty_desktop.system.resources import resource

SHIPPED = {
    ("phieu_b", "2026112301"): "e675fc37080a7008e06d8194ca1b12f014d830db6545d1862f1f124538ed03b7",
    ("phieu_b_demo", "2026112301"): "649743455eb7fe7584a446643a72b8f3434ee3bf0408651a3d954022cd8968f1",
}
"""Version and hash of what earlier programs shipped."""

KEPT = sorted(file.name for file in resource("forms").glob("*.*.xml"))


@pytest.mark.parametrize("name", KEPT)
def test_a_kept_version_is_what_its_name_says_and_older_than_the_present_one(name: str) -> None:
    form_id, version, _ = name.split(".")
    xml = resource("forms", name).read_bytes()
    assert head(xml) == (form_id, version)
    assert version_key(version) < version_key(head(resource("forms", f"{form_id}.xml").read_bytes())[1])
    assert ShippedForms().xml(form_id, version, hashlib.sha256(xml).hexdigest()) == xml


@pytest.mark.parametrize(("form", "form_hash"), SHIPPED.items(), ids=lambda one: one[0] if isinstance(one, tuple) else "")
def test_what_an_earlier_program_shipped_is_found_by_its_hash(form: tuple[str, str], form_hash: str) -> None:
    assert head(ShippedForms().xml(*form, form_hash)) == form
