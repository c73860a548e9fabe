"""The number of the schema this program writes; the newest script in `migrations/versions` bears it."""

from __future__ import annotations

SCHEMA = 7
