"""Where the program keeps its data unless it is told otherwise."""

from __future__ import annotations

from pathlib import Path

APPLICATION = "poverty-desktop"


def default_workspace() -> Path:
    """The data folder of this user that does not roam: on Windows below %LOCALAPPDATA%, which no cloud client keeps."""
    return _local_data() / "workspace"


def practice_workspace() -> Path:
    return _local_data() / "practice"


def _local_data() -> Path:
    from platformdirs import user_data_path

    return user_data_path(APPLICATION, appauthor=False, roaming=False)
