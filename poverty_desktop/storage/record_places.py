"""Where records are, each with what belongs to it, asked in one question for a whole list (sync.md 3.11, the four states)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from poverty_desktop.services.record_places import Where
from poverty_desktop.storage.engine import Database

PARTS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "household": (("household_member", "household_id"), ("survey", "household_id")),
    "survey": (),
    "support_batch": (("support_line", "batch_id"), ("household_share", "batch_id")),
}
"""Kind of record -> the tables of what belongs to it, and the column that names it."""
_ASKED = "SELECT value FROM json_each(?1)"
_WHERE = """
SELECT p.owner,
       max(p.id IN (SELECT rec_id FROM quarantine WHERE state < 4)),
       min((SELECT min(o.state) FROM sync_op o WHERE o.rec_id = p.id AND o.state < 4)),
       max(r.rev > s.stable_rev)
  FROM part p LEFT JOIN sync_rec r ON r.rec_id = p.id LEFT JOIN sync_stream s ON s.sid = r.sid
 GROUP BY p.owner"""


class RecordPlaces:
    """`services.record_places.Places` on the encrypted file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, kind: str, ids: Sequence[str]) -> dict[str, Where]:
        whole = [f"SELECT id AS owner, id FROM {kind} WHERE id IN ({_ASKED})"]
        parts = [f"SELECT {key}, id FROM {table} WHERE {key} IN ({_ASKED})" for table, key in PARTS[kind]]
        rows = self._database.rows(f"WITH part AS ({' UNION ALL '.join([*whole, *parts])}) {_WHERE}", (json.dumps(list(ids)),))
        return {owner: _where(bool(aside), waiting, later) for owner, aside, waiting, later in rows}


def _where(aside: bool, waiting: int | None, later: int | None) -> Where:
    """The worst place of all parts. `waiting`: the state of the own operation that got least far, of those not in the log yet;
    `later`: whether something stands behind the last verified backup, None where nothing is known of the record there."""
    if aside:
        return "kept_aside"
    if waiting is not None:
        return "on_laptop" if waiting == 0 else "handed_on" if waiting < 3 else "in_province"
    return "safe" if later == 0 else "in_province"
