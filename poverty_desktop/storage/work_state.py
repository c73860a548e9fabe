"""The first screen in one read: progress of the round by village, what waits, what needs an act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from poverty_desktop.services.ports import Draft, VillageProgress, WorkState
from poverty_desktop.storage.engine import Database

# On the list of a periodic review (procedure.md section 2 step 1): poor and near-poor households, and whoever else has a
# survey or a draft of one in the round (those that asked for it). A finished survey with an open draft counts as finished.
_VILLAGES = """
WITH surveyed AS (
    SELECT household_id, max(state = 'finished') AS finished FROM survey
     WHERE deleted = 0 AND round_id IN (
       SELECT r.id FROM review_round r JOIN review_round c
           ON c.id = :round AND r.year = c.year AND r.kind = c.kind AND r.standard_id = c.standard_id AND r.deleted = 0)
     GROUP BY household_id),
drafted AS (SELECT DISTINCT household_id FROM draft WHERE kind = 'survey' AND :round IS NOT NULL)
SELECT l.village_id, coalesce(l.village_name, ''), count(*),
       sum(coalesce(l.household_class, '') IN ('poor', 'near_poor') OR s.household_id IS NOT NULL OR d.household_id IS NOT NULL),
       sum(coalesce(s.finished, 0) = 0 AND (s.household_id IS NOT NULL OR d.household_id IS NOT NULL)),
       coalesce(sum(s.finished), 0), sum(l.member_count)
  FROM household_line l
  LEFT JOIN surveyed s ON s.household_id = l.household_id
  LEFT JOIN drafted d ON d.household_id = l.household_id
 WHERE l.living = 1
 GROUP BY l.village_id, l.village_name ORDER BY min(l.sort)"""
_COUNTS = """
SELECT (SELECT count(*) FROM household_share WHERE deleted = 0 AND receipt = 'pending'),
       (SELECT count(*) FROM household_share WHERE deleted = 0 AND receipt = 'absent'),
       (SELECT count(*) FROM open_conflict),
       (SELECT count(DISTINCT grp) FROM quarantine WHERE outcome = 'quarantined'),
       (SELECT count(*) FROM sync_op WHERE state < 3),
       (SELECT min(at) FROM sync_op WHERE state < 3),
       (SELECT max(ended) FROM sync_session WHERE outcome = 'done')"""


def work_state(database: Database, drafts: list[Draft], round_id: str | None) -> WorkState:
    """Without a round nobody is to be reviewed."""
    rows = database.rows(_VILLAGES, {"round": round_id})
    ((pending, absent, conflicts, quarantined, waiting, oldest, success),) = database.rows(_COUNTS)
    return WorkState(
        villages=[_village(row, round_id is not None) for row in rows],
        drafts=drafts,
        shares_pending=pending,
        shares_absent=absent,
        conflicts_open=conflicts,
        quarantined=quarantined,
        waiting=waiting,
        oldest_waiting=oldest,
        last_success=success,
        household_count=sum(row[2] for row in rows),
        member_count=sum(row[6] for row in rows),
    )


def _village(row: Sequence[Any], in_round: bool) -> VillageProgress:
    village_id, name, households, to_review, drafts, finished, _ = row
    return VillageProgress(village_id, name, households, to_review if in_round else 0, drafts, finished)
