"""What a province is started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """`data_dir` holds the province's key and, without `database_url`, the SQLite file."""

    data_dir: Path
    database_url: str | None = None
    practice: bool = False
    guard: Path | None = None  # best on another disk than the database
    metrics_token: str | None = None  # who bears it reads /metrics; without one, whoever asks from this machine

    @property
    def guard_path(self) -> Path:
        return self.guard or self.data_dir / "province.guard"
