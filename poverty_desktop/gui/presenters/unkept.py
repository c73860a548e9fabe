"""What was typed and could not be committed (a full disk): it goes with the next commit, so that "saved" stays true. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from typing import Any

Commit = Callable[[dict[Any, Any]], datetime]


class Unkept:
    """Values by draft whose commit failed. Used on the storage lane only."""

    def __init__(self) -> None:
        self._values: dict[str, dict[Hashable, Any]] = {}

    def keep(self, draft_id: str, values: Mapping[Any, Any], commit: Commit) -> datetime:
        """Commit `values` and those that failed before them; what `commit` raises keeps them all for the next time."""
        pending = self._values.setdefault(draft_id, {})
        pending.update(values)
        at = commit(dict(pending))
        del self._values[draft_id]
        return at

    def settle(self, draft_id: str, commit: Commit) -> None:
        """Before a Save: nothing that is shown may be missing from it."""
        if draft_id in self._values:
            self.keep(draft_id, {}, commit)
