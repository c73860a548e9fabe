"""The province's own key: what every laptop pins at enrolment (sync.md 3.19)."""

from __future__ import annotations

import os
from pathlib import Path

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.signatures import Signer

KEY_FILE = "province.key"


def province_signer(data_dir: Path) -> Signer:
    """The signer of this province; made once, readable by its owner only.

    Raises `KnownProblem("server.key_damaged")`: a new key would lock every laptop out, so none is made in its place.
    """
    path = data_dir / KEY_FILE
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # what lies in it is about people
    try:
        return Signer(bytes.fromhex(path.read_text().strip()))
    except FileNotFoundError:
        return _make(path)
    except ValueError as error:
        raise KnownProblem("server.key_damaged", path=str(path)) from error


def _make(path: Path) -> Signer:
    """Under its name stands the whole key or none: half of one would lock this province out of itself."""
    signer = Signer.new()
    making = path.with_name(f"{path.name}.{os.getpid()}.part")
    with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(signer.private.hex())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(making, path)
    except FileExistsError:  # another process was quicker
        return Signer(bytes.fromhex(path.read_text().strip()))
    finally:
        making.unlink()
    return signer
