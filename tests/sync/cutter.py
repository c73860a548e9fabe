"""A TCP proxy that cuts: it passes so many bytes of one connection's direction, then both ends are gone."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from typing import Literal

Direction = Literal["up", "down"]
Pair = tuple[socket.socket, socket.socket]


class Cutter:
    """Forwards to `port`. `cut_after(direction, count)` ends everything after `count` bytes in that direction, counted over all
    connections from then on; after `heal()` it only forwards. `passed` counts what went through."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._lock = threading.Lock()
        self._pairs: list[Pair] = []
        self._limits: dict[str, int] = {}
        self.passed = {"up": 0, "down": 0}
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def cut_after(self, direction: Direction, count: int) -> None:
        with self._lock:
            self.passed = {"up": 0, "down": 0}
            self._limits = {direction: count}

    def heal(self) -> None:
        with self._lock:
            self.passed = {"up": 0, "down": 0}
            self._limits = {}

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            pairs = list(self._pairs)
        for pair in pairs:
            _drop(pair)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._port))
            except OSError:
                return
            with self._lock:
                self._pairs.append((client, server))
            for source, target, direction in ((client, server, "up"), (server, client, "down")):
                thread = threading.Thread(target=self._pump, args=((client, server), source, target, direction), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _pump(self, pair: Pair, source: socket.socket, target: socket.socket, direction: str) -> None:
        try:
            while data := source.recv(65536):
                allowed, spent = self._allowed(direction, data)
                target.sendall(allowed)
                if spent:
                    break
        except OSError:
            pass
        _drop(pair)

    def _allowed(self, direction: str, data: bytes) -> tuple[bytes, bool]:
        """What may still pass of `data`, and whether the connection ends now."""
        with self._lock:
            limit = self._limits.get(direction)
            part = data if limit is None else data[: max(0, limit - self.passed[direction])]
            self.passed[direction] += len(part)
            return part, limit is not None and self.passed[direction] >= limit


def _drop(pair: Pair) -> None:
    """Both ends are gone at once, without a farewell; a second time does nothing."""
    for one in pair:
        with contextlib.suppress(OSError):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.shutdown(socket.SHUT_RDWR)
        one.close()
