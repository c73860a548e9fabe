"""A share that exceeds its line, in the real window: the test of the support screens, collected here with the other bad input."""

from __future__ import annotations

from tests.support.conftest import commune, desk
from tests.support.test_windows import test_a_share_that_exceeds_its_line_is_said_beside_it_and_stays_typed

__all__ = ["commune", "desk", "test_a_share_that_exceeds_its_line_is_said_beside_it_and_stays_typed"]
