"""Runs the province behind uvicorn."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.server.settings import Settings
from poverty_desktop.server.tls import certificate_file


def serve(settings: Settings, *, host: str, port: int, port_file: Path | None = None) -> None:
    """Serve until told to stop, by TLS where a certificate was made. `port` 0 takes a free one; `port_file` gets the number once
    connections are accepted.

    Raises `KnownProblem` server.port_in_use, server.database, server.folder, server.key_damaged.
    """
    import uvicorn
    from sqlalchemy.exc import DBAPIError

    from poverty_desktop.server.app import create_app

    try:
        app = create_app(settings)
    except DBAPIError as error:
        raise KnownProblem("server.database") from error
    except OSError as error:
        raise KnownProblem("server.folder", path=str(settings.data_dir)) from error
    listener = _listen(host, port)
    if port_file is not None:
        _write_whole(port_file, str(listener.getsockname()[1]))
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, date_header=False, timeout_graceful_shutdown=10,
        ssl_certfile=certificate_file(settings.data_dir),
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise KnownProblem("server.port_in_use", host=host, port=port) from error


def _write_whole(path: Path, text: str) -> None:
    """A reader finds nothing or all of it."""
    partial = path.with_name(path.name + ".part")
    partial.write_text(text)
    os.replace(partial, path)
