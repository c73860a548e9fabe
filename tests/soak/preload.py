"""What every process of the soak needs, imported once in the process that forks them: a start costs hundredths of a second."""

from __future__ import annotations

import requests
import uvicorn

import poverty_desktop.server.app
import poverty_desktop.services.attending
import poverty_desktop.services.keeping
import poverty_desktop.services.registering
import poverty_desktop.services.sync_values
import poverty_desktop.storage.sync_store
import poverty_desktop.sync.province_link
import poverty_desktop.sync.tls
import tests.soak.officer
import tests.soak.province

__all__ = ["poverty_desktop", "requests", "tests", "uvicorn"]
