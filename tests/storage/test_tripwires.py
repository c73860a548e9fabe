"""No statement changes a synchronised record without its operation, one row or thousands at once (sync.md 3.4 rule 2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlcipher3.dbapi2 as driver
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from poverty_desktop.storage.tables import BY_ENTITY, TABLES
from poverty_desktop.storage.workspace import Workspace

HOUSEHOLD = TABLES.metadata.tables["household"]
AN_OPERATION = "(SELECT op_id FROM sync_op WHERE entity = 'village')"
BULK = (
    "UPDATE household SET phone = '0'",
    f"UPDATE household SET phone = '0', last_op = {AN_OPERATION}",
    "UPDATE household SET phone = '0', last_op = (SELECT op_id FROM sync_op o WHERE o.rec_id <> household.id LIMIT 1)",
    "UPDATE OR REPLACE household SET id = (SELECT max(id) FROM household), phone = '0'",
    "UPDATE household SET deleted = 1 WHERE id IN (SELECT id FROM household)",
    "DELETE FROM household",
    "DELETE FROM household_member WHERE household_id IN (SELECT id FROM household)",
    f"REPLACE INTO household ({', '.join(BY_ENTITY['household'].columns)})"
    f" SELECT {', '.join(BY_ENTITY['household'].columns)} FROM household",
    f"INSERT INTO household ({', '.join(BY_ENTITY['household'].columns)})"
    f" SELECT {', '.join(BY_ENTITY['household'].columns)} FROM household WHERE true"
    " ON CONFLICT (id) DO UPDATE SET phone = '0'",
    "INSERT INTO household (id, commune_code, presence, last_op, rev, deleted)"
    " SELECT 'x' || id, commune_code, presence, last_op, rev, deleted FROM household",
    f"WITH all_of AS (SELECT id FROM household) UPDATE household SET phone = '0', last_op = {AN_OPERATION}"
    " FROM all_of WHERE all_of.id = household.id",
)


@pytest.fixture
def as_it_was(workspace: Workspace, register: Callable[..., str], household: str) -> list[Any]:
    for number in range(20):
        register("household", commune_code="21001", household_code=str(number))
    return workspace.database.rows("SELECT * FROM household ORDER BY id")


@pytest.mark.parametrize("statement", BULK)
def test_a_statement_over_many_rows_is_refused_whole(workspace: Workspace, as_it_was: list[Any], statement: str) -> None:
    with pytest.raises(driver.IntegrityError, match=r"operation|deletion is a state"):
        workspace.database.connection.execute(statement)
    assert workspace.database.rows("SELECT * FROM household ORDER BY id") == as_it_was


def test_many_values_at_once_are_refused(workspace: Workspace, as_it_was: list[Any]) -> None:
    rows = [(f"0{number}", row[0]) for number, row in enumerate(as_it_was)]
    with pytest.raises(driver.IntegrityError, match="operation"):
        workspace.database.connection.executemany("UPDATE household SET phone = ? WHERE id = ?", rows)
    assert workspace.database.rows("SELECT * FROM household ORDER BY id") == as_it_was


@pytest.mark.parametrize(
    "statement",
    [
        update(HOUSEHOLD).values(phone="0"),
        delete(HOUSEHOLD),
        insert(HOUSEHOLD).values(id="x", commune_code="21001", presence="present", last_op="x", rev=0, deleted=False),
    ],
    ids=["update", "delete", "insert"],
)
def test_statements_of_sqlalchemy_are_refused_too(workspace: Workspace, as_it_was: list[Any], statement: Any) -> None:
    with pytest.raises(IntegrityError), workspace.database.engine.begin() as connection:
        connection.execute(statement)
    assert workspace.database.rows("SELECT * FROM household ORDER BY id") == as_it_was
