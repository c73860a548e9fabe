"""What is spared from the collector while the file is open is given back when the window is closed."""

from __future__ import annotations

import gc

from tests.attacks.conftest import Desk


def test_what_stays_is_spared_from_the_collector_until_the_window_is_closed(desk: Desk) -> None:
    assert gc.get_freeze_count() > 0
    desk.close()
    assert gc.get_freeze_count() == 0
