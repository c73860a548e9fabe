"""What all tests share."""

from __future__ import annotations

import os

# Windows are drawn on Qt's own offscreen screen unless the run says otherwise; must be set before Qt is imported.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
