"""The floor of `bench sync`: what the same records cost with none of the promises. No product.

One POST of the zstd block of columns, `executemany` into plain tables on the other end. No sign-in, no signature, no history, no
conflicts, no encryption; an edit sends the changed fields and nothing else. Both ends are processes of their own.
"""

from __future__ import annotations

import http.client
import json
import random
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from poverty_desktop.bench.asked_child import answer_questions, forget_peak, peak_mib
from poverty_desktop.bench.yardstick import ANSWERS, SEED, Made, edited_answers, households
from poverty_desktop.domain.records import BY_ENTITY

LEVEL = 9
_ENTITIES = ("household", "household_member", "survey", "household_share")
Columns = dict[str, list[list[Any]]]


def columns_of(entity: str) -> list[str]:
    names = [name for name in BY_ENTITY[entity].model_fields if name != "answers"]
    return names + ANSWERS if entity == "survey" else names


class Tables:
    """Plain tables, a column a field, with SQLite's own flush at each commit."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        for entity in _ENTITIES:
            names = ", ".join(f'"{name}"' for name in columns_of(entity))
            self._connection.execute(f'CREATE TABLE IF NOT EXISTS {entity} ({names}, dirty, PRIMARY KEY ("id"))')

    def put(self, found: Columns, dirty: int) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for entity, columns in found.items():
            names = ", ".join(f'"{name}"' for name in columns_of(entity))
            marks = "?, " * len(columns)
            rows = zip(*columns, strict=True)
            self._connection.executemany(f"INSERT OR REPLACE INTO {entity} ({names}, dirty) VALUES ({marks}{dirty})", rows)
        self._connection.execute("COMMIT")

    def all(self, where: str = "") -> Columns:
        found: Columns = {}
        for entity in _ENTITIES:
            names = ", ".join(f'"{name}"' for name in columns_of(entity))
            rows = self._connection.execute(f"SELECT {names} FROM {entity} {where}").fetchall()
            found[entity] = [list(column) for column in zip(*rows, strict=True)] if rows else []
        return found

    def set(self, edits: list[list[Any]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for record_id, *pairs in edits:
            for key, value in pairs:
                self._connection.execute(f'UPDATE survey SET "{key}" = ? WHERE id = ?', (value, record_id))
        self._connection.execute("COMMIT")

    def sent(self) -> None:
        for entity in _ENTITIES:
            self._connection.execute(f"UPDATE {entity} SET dirty = 0")

    def surveys(self, count: int) -> list[tuple[Any, ...]]:
        names = ", ".join(f'"{name}"' for name in ("id", *ANSWERS))
        rows = self._connection.execute(f"SELECT {names} FROM survey").fetchall()
        return random.Random(SEED + 1).sample(rows, min(count, len(rows)))


def packed(value: Any) -> bytes:
    from backports import zstd

    return zstd.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), level=LEVEL)


def unpacked(data: bytes) -> Any:
    from backports import zstd

    return json.loads(zstd.decompress(data))


class _Client:
    def __init__(self, path: Path) -> None:
        self._tables = Tables(path)
        self._line: http.client.HTTPConnection | None = None

    def fill(self, count: int) -> None:
        chance = random.Random(SEED)
        ids = {name: _random_id(chance) for name in ("village", "round", "batch", "line")}
        found: dict[str, list[list[Any]]] = {entity: [] for entity in _ENTITIES}
        for saves in households(count, "00001", ids):
            made = [_random_id(chance) for save in saves for _ in save]
            for record_id, one in zip(made, (one for save in saves for one in save), strict=True):
                found[one.entity].append(list(_row(one, record_id, made)))
        self._tables.put({entity: [list(c) for c in zip(*rows, strict=True)] for entity, rows in found.items() if rows}, 1)

    def connect(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port)

    def push(self) -> dict[str, Any]:
        def work() -> None:
            self._post("/all", packed(self._tables.all("WHERE dirty = 1")))
            self._tables.sent()

        return self._timed(work)

    def still(self) -> dict[str, Any]:
        return self._timed(lambda: self._post("/since", b"7"))

    def edit(self, count: int) -> dict[str, Any]:
        edits = []
        for record_id, *answers in self._tables.surveys(count):
            given = edited_answers(random.Random(SEED), dict(zip(ANSWERS, answers, strict=True)))
            edits.append([record_id, *(list(pair) for pair in given.items())])
        self._tables.set(edits)
        return self._timed(lambda: self._post("/edits", packed(edits)))

    def pull(self, path: str) -> dict[str, Any]:
        fresh = Tables(Path(path))
        return self._timed(lambda: fresh.put({e: c for e, c in unpacked(self._post("/pull", b"")).items() if c}, 0))

    def _post(self, path: str, body: bytes) -> bytes:
        assert self._line is not None
        self._line.putrequest("POST", path, skip_host=True, skip_accept_encoding=True)
        self._line.putheader("Content-Length", str(len(body)))
        self._line.endheaders(body)
        return self._line.getresponse().read()

    def _timed(self, work: Any) -> dict[str, Any]:
        forget_peak()
        started, worked = time.perf_counter(), time.process_time()
        work()
        worked, wall = time.process_time() - worked, time.perf_counter() - started
        return {"wall": wall, "cpu": worked, "peak": peak_mib()}


def _row(one: Made, record_id: str, made: Sequence[str]) -> Iterator[Any]:
    fields = one.fields | {name: made[place] for name, place in one.refers.items()} | {"id": record_id}
    fields |= fields.pop("answers", {})
    for name in columns_of(one.entity):
        value = fields.get(name)
        yield json.dumps(value) if isinstance(value, dict | list) else value


def _random_id(chance: random.Random) -> str:
    text = f"{chance.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def serve(path: Path) -> None:
    """Prints its port, then answers until it is ended."""
    tables = Tables(path)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body, answer = self.rfile.read(int(self.headers["Content-Length"])), b""
            if self.path == "/all":
                tables.put({entity: columns for entity, columns in unpacked(body).items() if columns}, 0)
            elif self.path == "/edits":
                tables.set(unpacked(body))
            elif self.path == "/pull":
                answer = packed(tables.all())
            self.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(answer)}\r\n\r\n".encode() + answer)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    print(json.dumps(server.server_port), flush=True)
    server.serve_forever()


def main() -> None:
    if sys.argv[1] == "serve":
        serve(Path(sys.argv[2]))
        return
    client = _Client(Path(sys.argv[2]))
    answer_questions({verb: getattr(client, verb) for verb in ("fill", "connect", "push", "still", "edit", "pull")})


if __name__ == "__main__":
    main()
