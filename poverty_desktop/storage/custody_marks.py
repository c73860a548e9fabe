"""What the laptop notes beside own operations that the province keeps aside (sync.md 3.17), inside a caller's transaction.

`why`: the code of the reason. `over`: field keys that the officer wrote again since; the newer value stands, in whatever order
the two come back in the log.
"""

from __future__ import annotations

import json
from typing import Any

from poverty_desktop.protocol.operations import Operation

_KEPT_ASIDE = "SELECT op_id, body FROM sync_op WHERE rec_id = ? AND state = 3 AND outcome IN ('held', 'quarantined')"


def keep_reason(connection: Any, op: str, why: str | None) -> None:
    """Why it is kept aside; None: it is not any more, the province has applied it."""
    if why is None:
        connection.execute("DELETE FROM sync_custody WHERE op_id = ?", (op,))
    else:
        _put(connection, op, "why", why)


def withdraw(connection: Any, op: str, by: str, said: str, at: str) -> None:
    """The province, or another copy of this laptop, decided that it never gets an effect. What the officer decided here before
    stands."""
    connection.execute("INSERT OR IGNORE INTO sync_custody (op_id) VALUES (?)", (op,))
    connection.execute(
        "UPDATE sync_custody SET given_up_at = ?, given_up_by = ?, given_up_why = ? WHERE op_id = ? AND given_up_at IS NULL",
        (at, by, said, op),
    )


def write_over(connection: Any, operation: Operation) -> None:
    """An own operation was saved on a record: what it writes is written over in those kept aside."""
    for op, body in connection.execute(_KEPT_ASIDE, (operation.record_id,)).fetchall():
        keys = operation.fields.keys() & json.loads(body).get("f", {}).keys()
        if keys:
            (known,) = connection.execute("SELECT max(over) FROM sync_custody WHERE op_id = ?", (op,)).fetchone()
            _put(connection, op, "over", json.dumps(sorted(keys | set(json.loads(known or "[]")))))


def _put(connection: Any, op: str, column: str, value: str) -> None:
    known = f"ON CONFLICT (op_id) DO UPDATE SET {column} = excluded.{column}"
    connection.execute(f"INSERT INTO sync_custody (op_id, {column}) VALUES (?, ?) {known}", (op, value))
