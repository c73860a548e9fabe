"""The line between laptops and province: passes everything on, and cuts some connections after a random number of bytes."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading

Pair = tuple[socket.socket, socket.socket]


class Line:
    """Forwards to `port` of this machine, also while nobody listens there. `badness`: the share of connections that are cut."""

    def __init__(self, port: int, seed: int) -> None:
        self.badness, self.cuts = 0.0, 0
        self._port, self._chance, self._lock = port, random.Random(seed), threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                pair = client, socket.create_connection(("127.0.0.1", self._port))
            except OSError:
                client.close()
                continue
            for number, limit in enumerate(self._fate()):
                threading.Thread(target=self._pump, args=(pair, number, limit), daemon=True).start()

    def _fate(self) -> tuple[float, float]:
        """How many bytes may go up, and down, before the connection ends."""
        with self._lock:
            if self._chance.random() >= self.badness:
                return float("inf"), float("inf")
            some = self._chance.expovariate(1 / 8000)
            return (some, float("inf")) if self._chance.random() < 0.5 else (float("inf"), some)

    def _pump(self, pair: Pair, number: int, limit: float) -> None:
        source, target = pair[number], pair[1 - number]
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data[: int(min(limit, len(data)))])
                limit -= len(data)
                if limit <= 0:
                    self.cuts += 1
                    break
        for one in pair:
            with contextlib.suppress(OSError):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                one.shutdown(socket.SHUT_RDWR)
            one.close()
