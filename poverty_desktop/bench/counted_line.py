"""A line of its own process between laptop and province: it counts, it is as slow as it is told, and it breaks.

Counted are the bytes that the two ends hand to TCP and take from it (no TLS, no packet headers), in each direction.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import sys
import threading
import time
from typing import Any

from poverty_desktop.bench.asked_child import answer_questions

_PIECE = 1 << 16
_SLOW_PIECE = 256  # bytes; so that a slow line is even
_Timed = tuple[float, bytes]


class Line:
    """Forwards to `port`. All limits hold for all connections together."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._passed = {"up": 0, "down": 0}
        self._rates: dict[str, float] = {}
        self._free_at = {"up": 0.0, "down": 0.0}
        self._delay = 0.0
        self._cut_at: int | None = None
        self._every: int | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    def passed(self) -> dict[str, int]:
        """What went through since the last time this was asked."""
        with self._lock:
            found, self._passed = self._passed, {"up": 0, "down": 0}
        return found

    def be(
        self, up: float = 0, down: float = 0, delay: float = 0, cut_at: int | None = None, every: int | None = None
    ) -> None:
        """Bytes a second each way (0: as they come), seconds on the way there or back; break once when so many bytes more went
        up, and again `every` so many."""
        with self._lock:
            self._rates = {way: rate for way, rate in (("up", up), ("down", down)) if rate}
            self._delay, self._every = delay, every
            self._cut_at = cut_at if cut_at is not None else every

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            server = socket.create_connection(("127.0.0.1", self._port))
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            pair = (client, server)
            for source, target, way in ((client, server, "up"), (server, client, "down")):
                waiting: queue.Queue[_Timed] = queue.Queue()
                threading.Thread(target=self._take, args=(pair, source, way, waiting), daemon=True).start()
                threading.Thread(target=self._give, args=(pair, target, waiting), daemon=True).start()

    def _take(self, pair: Any, source: socket.socket, way: str, waiting: queue.Queue[_Timed]) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_SLOW_PIECE if self._rates else _PIECE):
                allowed, breaks = self._allowed(way, data)
                arrives = self._arrival(way, len(allowed))
                waiting.put((arrives, allowed))
                if breaks:
                    break
        waiting.put((0.0, b""))

    def _allowed(self, way: str, data: bytes) -> tuple[bytes, bool]:
        with self._lock:
            breaks = way == "up" and self._cut_at is not None and len(data) >= self._cut_at
            if way == "up" and self._cut_at is not None:
                data = data[: self._cut_at]
                self._cut_at = self._every if breaks else self._cut_at - len(data)
            self._passed[way] += len(data)
        return data, breaks

    def _arrival(self, way: str, count: int) -> float:
        """When these bytes are on the other end; waits until the line takes the next."""
        with self._lock:
            rate, delay = self._rates.get(way), self._delay
            if rate is None:
                return time.monotonic() + delay if delay else 0.0
            self._free_at[way] = max(self._free_at[way], time.monotonic()) + count / rate
            free = self._free_at[way]
        time.sleep(max(0.0, free - time.monotonic()))
        return free + delay

    def _give(self, pair: Any, target: socket.socket, waiting: queue.Queue[_Timed]) -> None:
        with contextlib.suppress(OSError):
            while True:
                arrives, data = waiting.get()
                if not data:
                    break
                if arrives:
                    time.sleep(max(0.0, arrives - time.monotonic()))
                target.sendall(data)
        for end in pair:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def main() -> None:
    line = Line(int(sys.argv[1]))
    answer_questions({"port": lambda: line.port, "passed": line.passed, "be": line.be})


if __name__ == "__main__":
    main()
