"""Rows of a snapshot in columns: what is read is what was written, and bodies come byte for byte as they were hashed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.digests import hashes_of_texts, record_hash
from poverty_desktop.protocol.messages import SnapRow
from poverty_desktop.protocol.snap_pages import NotAPage, read, written

texts = st.text(st.sampled_from('ab"\\%\n,{}: đ\x1e\x1d\u2028'), max_size=6)
scalars = st.one_of(texts, st.integers(-5, 10**6), st.booleans())
keys = st.sampled_from(("a", "b%s", "c/d", 'e"', "đ", "f\n"))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner | st.none(), max_size=4), max_leaves=6
)
ids = st.uuids().map(str)
rows = st.builds(
    lambda **fields: SnapRow(**fields),
    entity=st.sampled_from(("household", "phiếu")), record_id=ids, rev=st.integers(0, 10**6), deleted=st.booleans(),
    body=st.dictionaries(keys, values, max_size=4), meta=st.dictionaries(st.sampled_from(("*", "a")), st.integers(0, 9)),
    last_op=st.one_of(ids, st.just("")), user=texts, at=texts, why=st.none() | texts,
)  # fmt: skip


def told(row: SnapRow) -> SnapRow:
    """Only of a deleted record it is said why."""
    return row if row.deleted else row.model_copy(update={"why": None})


@given(st.lists(rows, max_size=12, unique_by=lambda row: row.record_id))
def test_what_is_written_is_read(given_rows: list[SnapRow]) -> None:
    pages = list(read(written(given_rows)))
    found = {row.record_id: row for page in pages for row in page.rows()}
    assert found == {row.record_id: told(row) for row in given_rows}
    for page in pages:
        assert page.bases == [canonical(found[record_id].body).decode() for record_id in page.ids]
        hashes = hashes_of_texts(page.entity, page.ids, page.bases, page.gone)
        for record_id, value in zip(page.ids, hashes, strict=True):
            row = found[record_id]
            assert int.from_bytes(value, "big") == record_hash(row.entity, record_id, row.body, row.deleted)
        for name, cells in page.fields.items():
            expected = [canonical(found[one].body[name]).decode() if name in found[one].body else "" for one in page.ids]
            assert cells == expected


def test_what_is_no_page_is_refused() -> None:
    row = SnapRow(entity="household", record_id="01900000-0000-7000-8000-000000000001", rev=1, body={"a": "1"}, meta={"*": 1})
    whole = written([row])
    assert len(list(read(whole))) == 1
    longer = whole.replace(b'"household",1', b'"household",x')
    for wrong in (whole[:-8], whole.replace(b"\x1e", b"\x1d", 1), b"[]", b"\xff", longer):
        with pytest.raises(NotAPage):
            list(read(wrong))
