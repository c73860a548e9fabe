"""Instants as text: UTC with Z, to the second where they are evidence, to the microsecond where they order."""

from __future__ import annotations

from datetime import UTC, datetime


def instant(moment: datetime) -> str:
    """ "2026-06-03T02:11:09Z" (sync.md 3.3)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def fine_instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
