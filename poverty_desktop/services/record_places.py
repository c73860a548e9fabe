"""Where what was saved of a record is: on this laptop, handed on, in the province, safe; or kept aside by the province."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from poverty_desktop.protocol.laptop import PlaceName

Where = PlaceName | Literal["kept_aside"]


class Places(Protocol):
    """Asked on the lane that owns the file."""

    def of(self, kind: str, ids: Sequence[str]) -> dict[str, Where]:
        """The worst place of each record and what belongs to it: a household with its members and surveys, a support batch with
        its lines and shares, a survey. Records that nobody saved are left out."""
        ...
