"""The parts of a snapshot: fetched from where they were cut, kept until the snapshot is taken in (sync.md 3.14).

What is kept on disk is sealed with a key of this laptop's: the workspace is encrypted, and so is what is on its way into it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.messages import Manifest
from poverty_desktop.protocol.snap_pages import NotAPage, SnapPage, read
from poverty_desktop.sync.problems import known_problem
from poverty_desktop.sync.session import Question, Session, refusal_in
from poverty_desktop.sync.transport import Answer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

LARGEST_PART = 64 << 20  # bytes unpacked
_NONCE = 12


class PartFiles:
    """Whole and begun parts by their hash, in a folder, sealed. Without a folder: in memory."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._memory: dict[str, bytes] = {}

    def read(self, sha: str, key: bytes) -> bytes:
        """What is here of it; nothing of what was damaged or is another laptop's."""
        if self._folder is None or sha in self._memory:
            return self._memory.get(sha, b"")
        from cryptography.exceptions import InvalidTag

        try:
            sealed = (self._folder / sha).read_bytes()
            return _cipher(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], sha.encode())
        except (OSError, InvalidTag, ValueError):
            return b""

    def write(self, sha: str, data: bytes, key: bytes) -> None:
        """A reader finds what was there or all of this. Where the disk is full it is kept in memory: that costs another journey
        after a restart, nothing else."""
        if self._folder is None:
            self._memory[sha] = data
            return
        self._memory.pop(sha, None)
        nonce = os.urandom(_NONCE)
        partial = self._folder / f"{sha}.new"
        try:
            self._folder.mkdir(exist_ok=True)
            partial.write_bytes(nonce + _cipher(key).encrypt(nonce, data, sha.encode()))
            partial.replace(self._folder / sha)
        except OSError:
            partial.unlink(missing_ok=True)
            self._memory[sha] = data

    def keep_only(self, shas: set[str]) -> None:
        self._memory = {sha: data for sha, data in self._memory.items() if sha in shas}
        if self._folder is None or not self._folder.exists():
            return
        for file in self._folder.iterdir():
            if file.name not in shas:
                file.unlink(missing_ok=True)
        if not shas:
            self._folder.rmdir()


class Parts:
    def __init__(self, session: Session, folder: Path | None) -> None:
        self._session = session
        self._files = PartFiles(folder)
        self._empty = False

    def fetched(self, stream: str, manifest: Manifest) -> Iterator[Part]:
        """All parts of the snapshot in order. Raises `KnownProblem`; what has arrived by then is not fetched again."""
        self._empty = False
        self._files.keep_only({sha for sha, _ in manifest.parts})
        for sha, size in manifest.parts:
            self._bring(stream, sha, size)
            yield Part(self._files, sha, self._session.enrolled.private_key)

    def forget(self) -> None:
        """The snapshot is taken in, or not wanted any more."""
        if not self._empty:
            self._files.keep_only(set())
            self._empty = True

    def _bring(self, stream: str, sha: str, size: int) -> None:
        """The part, whole, into the files."""
        key = self._session.enrolled.private_key
        have = bytearray(self._files.read(sha, key))
        if len(have) < size:
            before = len(have)
            try:
                self._fetch(stream, sha, size, have)
            finally:
                if len(have) != before:
                    self._files.write(sha, bytes(have[:size]), key)
        if len(have) != size or hashlib.sha256(have).hexdigest() != sha:
            self._files.write(sha, b"", key)
            raise KnownProblem("sync.not_our_server")

    def _fetch(self, stream: str, sha: str, size: int, have: bytearray) -> None:
        """Adds to `have` what is missing, as far as it arrives."""
        nonce = secrets.token_hex(16)
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers |= {"Range": f"bytes={len(have)}-", "If-Range": f'"{sha}"'}

        def taking(status: int, said: Mapping[str, str]) -> bytearray | None:
            if said.get("etag", "") != f'"{sha}"' or said.get("content-encoding", "identity") != "identity":
                return None
            if status == 206 and said.get("content-range", "") == f"bytes {len(have)}-{size - 1}/{size}":
                return have
            if status == 200:
                have.clear()
                return have
            return None

        def understood(answer: Answer, key: bytes) -> None:
            refusal = refusal_in(answer, key, nonce)
            if refusal is not None:
                raise known_problem(refusal, answer)
            if not answer.taken:
                raise KnownProblem("sync.not_our_server")

        path = f"/v1/streams/{stream}/snapshot/{sha}"
        self._session.ask(Question("GET", path, nonce, headers=headers, taking=taking), understood)


class Part:
    """A part that is here: its pages, read anew each time, so that memory holds one part."""

    def __init__(self, files: PartFiles, sha: str, key: bytes) -> None:
        self._files, self._sha, self._key = files, sha, key

    def __iter__(self) -> Iterator[SnapPage]:
        """Raises `KnownProblem("sync.answer_damaged")` for what the province signed and no reader understands, and
        `KnownProblem("sync.cut")` when the part is no longer here."""
        data = self._files.read(self._sha, self._key)
        if hashlib.sha256(data).hexdigest() != self._sha:
            raise KnownProblem("sync.cut")
        try:
            yield from read(_unpacked(data))
        except NotAPage as error:
            raise KnownProblem("sync.answer_damaged") from error


def _unpacked(part: bytes) -> bytes:
    from backports import zstd

    unpacker = zstd.ZstdDecompressor()
    try:
        text = unpacker.decompress(part, max_length=LARGEST_PART)
    except zstd.ZstdError as error:
        raise KnownProblem("sync.answer_damaged") from error
    if not unpacker.eof:
        raise KnownProblem("sync.answer_damaged")
    return text


def _cipher(key: bytes) -> ChaCha20Poly1305:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    return ChaCha20Poly1305(hashlib.sha256(b"qlx parts\n" + key).digest())
