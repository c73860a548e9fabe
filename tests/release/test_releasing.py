"""Two people release a form; what is released never changes (issue: "A released form is immutable")."""

from __future__ import annotations

import base64
import hashlib

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import FormRelease, OfficerAccount
from poverty_desktop.forms.head import head, version_key
from poverty_desktop.system.resources import load_texts, resource
from tests.forms.making import q
from tests.release.conftest import BINH, LAN, ROWS, STANDARDS, TOILET, Office, small


def test_one_proposes_and_another_releases_with_both_names_kept(office: Office) -> None:
    source = small()
    proposed = office.proposed(source, "mdp_2022_2025")
    assert (proposed.state, proposed.made_by, proposed.checked_by) == ("proposed", "lan", None)
    released = office.as_(BINH).confirm(proposed)
    assert (released.state, released.made_by, released.checked_by) == ("released", "lan", "binh")
    assert released.form_hash == hashlib.sha256(released.xform.encode()).hexdigest()
    assert base64.b64decode(released.source) == source
    assert head(released.xform.encode()) == ("visit", "1")
    names = {one.user_id: one.full_name for one in office.records.select(OfficerAccount)}
    assert names == {"lan": "Nguyễn Thị Lan", "binh": "Trần Văn Bình"}


def test_the_maker_cannot_check_and_is_told_so_by_name(office: Office) -> None:
    proposed = office.proposed(small())
    with pytest.raises(KnownProblem) as refused:
        office.as_(LAN).confirm(proposed)
    assert (refused.value.code, refused.value.facts) == ("form_release.same_person", {"name": "Nguyễn Thị Lan"})
    assert office.records.select(FormRelease)[0].state == "proposed"


def test_the_same_form_again_changes_nothing_and_says_what_it_is(office: Office) -> None:
    released = office.released(small())
    seen = office.as_(LAN).examine(small())
    assert seen.known == released
    assert office.as_(LAN).propose(seen) == released
    assert len(office.records.select(FormRelease)) == 1
    assert office.as_(BINH).confirm(released) == released


def test_a_released_form_does_not_change_the_standard_it_is_for(office: Office) -> None:
    source = small(**{"attribute::standard": "mdp_2022_2025"})
    office.released(source, "mdp_2022_2025")
    with pytest.raises(KnownProblem, match=r"form_release\.other_standard"):
        office.proposed(source, "mdp_2027_2030")
    assert office.proposed(source, "mdp_2022_2025").state == "released"


def test_a_form_for_another_standard_than_the_default_says_which_one_numbers_its_indicators(office: Office) -> None:
    lan = office.as_(LAN)
    (fault,) = lan.examine(small(), "mdp_2027_2030").faults
    assert (fault.cell, fault.facts["standard"]) == ("settings", "mdp_2027_2030")
    assert "attribute::standard" in fault.sentence(load_texts("vi"))
    for silent in ("mdp_2022_2025", None):  # the default numbers it, or no review begins with it
        assert lan.examine(small(), silent).faults == ()
    for named in STANDARDS:  # a form of the old numbers may serve a review under the new standard
        assert lan.examine(small(**{"attribute::standard": named}), "mdp_2027_2030").faults == ()


def test_a_form_that_names_a_standard_nobody_knows_is_refused_at_its_cell(office: Office) -> None:
    """Every survey of it would be refused when it is opened."""
    (fault,) = office.as_(LAN).examine(small(**{"attribute::standard": "mdp_2027"}), "mdp_2022_2025").faults
    assert (fault.cell, fault.facts["standard"]) == ("settings!D2", "mdp_2027")


def test_a_released_version_is_refused_with_another_content(office: Office) -> None:
    office.released(small())
    with pytest.raises(KnownProblem, match=r"form_release\.immutable"):
        office.as_(LAN).examine(small([*ROWS, q("text", "note")]))


def test_of_two_proposals_of_one_version_only_the_first_confirmed_is_released(office: Office) -> None:
    """Two laptops proposed apart; both proposals arrived here."""
    first = office.proposed(small())
    other = Office().proposed(small([*ROWS, q("text", "remark")])).model_copy(update={"id": "from-another-laptop"})
    office.records.put(other)
    office.as_(BINH).confirm(first)
    with pytest.raises(KnownProblem, match=r"form_release\.immutable"):
        office.as_(BINH).confirm(other)


def test_a_second_proposal_of_one_version_takes_the_place_of_the_first(office: Office) -> None:
    first = office.proposed(small())
    second = office.proposed(small([*ROWS, q("text", "remark")]))
    assert {one.id: one.state for one in office.records.select(FormRelease)} == {first.id: "withdrawn", second.id: "proposed"}
    with pytest.raises(KnownProblem, match=r"form_release\.withdrawn"):
        office.as_(BINH).confirm(office.records.get(FormRelease, first.id))


def test_an_older_version_is_refused(office: Office) -> None:
    office.released(small(version="1.10"))
    with pytest.raises(KnownProblem, match=r"form_release\.older_version"):
        office.as_(LAN).examine(small([*ROWS, q("text", "remark")], version="1.9"))


@pytest.mark.parametrize(
    ("earlier", "later"), [("1.9", "1.10"), ("2026112302", "2026120101"), ("", "1"), ("1", "1.1"), ("v1", "v2")]
)
def test_versions_in_order(earlier: str, later: str) -> None:
    assert version_key(earlier) < version_key(later)


def test_a_faulty_form_is_not_stored_and_its_cells_are_named(office: Office) -> None:
    seen = office.as_(LAN).examine(small([*ROWS, q("text", "remark", relevant="${nowhere} = 1")]))
    assert [fault.cell for fault in seen.faults] == ["survey!D5"]
    with pytest.raises(KnownProblem, match=r"form_release\.faulty"):
        office.as_(LAN).propose(seen)
    assert office.records.select(FormRelease) == []


def test_the_form_that_ships_needs_no_release_and_its_version_cannot_be_taken(office: Office) -> None:
    shipped = resource("forms", "phieu_b.xlsx").read_bytes()
    with pytest.raises(KnownProblem, match=r"form_release\.shipped"):
        office.as_(LAN).examine(shipped)


def test_a_demonstration_is_released_in_practice_only(office: Office) -> None:
    demonstration = small(**{"attribute::official": "no"})
    with pytest.raises(KnownProblem, match=r"form_release\.demonstration"):
        office.as_(LAN).examine(demonstration)
    assert Office(practice=True).released(demonstration).official is False


def test_a_form_without_a_version_is_refused(office: Office) -> None:
    with pytest.raises(KnownProblem, match=r"form_release\.no_version"):
        office.as_(LAN).examine(small(version=""))


def test_a_proposal_whose_content_was_tampered_with_is_not_released(office: Office) -> None:
    proposed = office.proposed(small())
    office.records.bodies[proposed.id][1]["xform"] = proposed.xform.replace("Latrine", "Toilet")
    with pytest.raises(KnownProblem, match=r"form_release\.damaged"):
        office.as_(BINH).confirm(office.records.get(FormRelease, proposed.id))


def test_what_a_release_holds_is_never_patched(office: Office) -> None:
    from poverty_desktop.services.ports import Change, Save

    released = office.released(small())
    change = Change("u", "form_release", released.id, 1, {"xform": "<other/>"})
    with pytest.raises(ValueError, match="patched"):
        office.records.save(Save(office.records.new_group(), "lan", office.records.base(), [change]))


def test_a_release_is_found_by_the_beginning_of_its_hash(office: Office) -> None:
    released = office.released(small())
    assert office.as_(LAN).find(released.form_hash[:8]) == released
    for start in ("", released.form_hash[:7], "z" * 12):
        with pytest.raises(KnownProblem, match=r"form_release\.unknown"):
            office.as_(LAN).find(start)


def test_the_list_has_the_newest_version_first(office: Office) -> None:
    for version in ("1.2", "1.10"):
        office.released(small(TOILET and [*ROWS, q("text", f"v{len(version)}")], version=version))
    assert [one.version for one in office.as_(LAN).all()] == ["1.10", "1.2"]


def test_text_typed_with_another_keyboard_is_stored_composed(office: Office) -> None:
    decomposed = "Chu\u031b\u0301ng"
    released = office.released(small([*ROWS, q("text", "remark", label=decomposed)]))
    assert decomposed not in released.xform


def test_what_cannot_travel_whole_is_refused(office: Office) -> None:
    pulled = [*ROWS, q("calculate", "price", calculation="pulldata('prices', 'price', 'name', ${toilet})")]
    (fault,) = office.as_(LAN).examine(small(pulled)).faults
    assert (fault.cell, fault.facts) == ("survey!D5", {"file": "prices.csv"})
    last = [*ROWS, q("text", "before", default="${last-saved#respondent}")]  # the answers of the survey before: on phones only
    with pytest.raises(KnownProblem, match=r"form_release\.last_saved") as refused:
        office.as_(LAN).examine(small(last))
    assert "${last-saved#…}" in load_texts("vi").problem(refused.value)
    with pytest.raises(KnownProblem, match=r"form_release\.workbook_needed"):
        office.as_(LAN).examine(resource("forms", "phieu_b.xml").read_bytes())
