"""The scenarios on PostgreSQL use the cluster of the province's own tests."""

from __future__ import annotations

from tests.server.conftest import cluster

__all__ = ["cluster"]
