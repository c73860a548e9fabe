"""What all tests share."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# How fast a machine draws examples is not what the tests judge; a slow or shared one must not fail them.
settings.register_profile("judged_by_content", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("judged_by_content")

# Windows are drawn on Qt's own offscreen screen unless the run says otherwise; must be set before Qt is imported.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
