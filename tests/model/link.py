"""The line between a laptop and the province in memory: requests and answers get lost where the scenario says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol import messages
from poverty_desktop.protocol.digests import Sums
from poverty_desktop.protocol.laptop import Cursor, Enrolled
from poverty_desktop.protocol.link import Pushed, Traffic
from poverty_desktop.protocol.snap_pages import SnapPage, read, written
from poverty_desktop.protocol.stream import Fork, Gap
from poverty_desktop.protocol.stream_store import Arrived
from tests.model.laptop import Packet
from tests.model.province import NOW, MemoryStream

T = TypeVar("T")
ENTRIES_A_PAGE = 4


class MemoryLink:
    """`ProvinceLink`. `lost`: after how many good calls the line breaks, and whether the province had heard the last one."""

    def __init__(self, province: MemoryStream, good_calls: int = 1000, heard: bool = False, live: bool = False) -> None:
        """`live`: a hello was answered in this session before, whatever has become of both ends since."""
        self._province, self._good, self._heard, self._live = province, good_calls, heard, live
        self.traffic = Traffic()

    def _over(self, work: Callable[[], T]) -> T:
        self._good -= 1
        if self._good < 0 and not self._heard:
            raise KnownProblem("sync.cut")
        result = work()
        if self._good < 0:
            raise KnownProblem("sync.cut")
        return result

    def has_session(self, enrolled: Enrolled) -> bool:
        return True

    def time(self, *_: Any) -> Any:
        raise AssertionError

    def enrol(self, *_: Any) -> Any:
        raise AssertionError

    def authenticate(self, *_: Any) -> None:
        raise AssertionError

    def close(self) -> None:
        pass

    def hello(self, request: messages.HelloRequest) -> messages.HelloResponse:
        return self._over(lambda: self._answered(request))

    def _answered(self, request: messages.HelloRequest) -> messages.HelloResponse:
        state = self._province.greeted(request.device, request.incarnation, request.streams[0])
        return messages.HelloResponse(
            nonce=request.nonce, time=datetime.now(UTC).isoformat(), schema_versions=[1], practice=True, streams=[state]
        )  # fmt: skip

    @property
    def greeted(self) -> messages.HelloResponse | None:
        if not self._live:
            return None
        return messages.HelloResponse(time="", schema_versions=[1], practice=True, streams=[], taken=["columns"])

    def still(self, mark: str, nonce: str) -> messages.StillAnswer:
        def work() -> messages.StillAnswer:
            ours = self._province.mark(self.device, self.incarnation)
            return messages.StillAnswer(nonce=nonce, same=ours == mark, time=datetime.now(UTC).isoformat())

        return self._over(work)

    def push(self, packet: Any, cursor: Cursor, nonce: str, *, if_expected: bool = False) -> Pushed:
        assert isinstance(packet, Packet)
        answer, log = self._over(lambda: self._pushed(packet, cursor, if_expected))
        if isinstance(answer, Gap):
            raise KnownProblem("sync.gap", have=answer.have)
        if isinstance(answer, Fork):
            raise KnownProblem("sync.fork", have=answer.have)
        return Pushed(answer.model_copy(update={"nonce": nonce}), "", log)

    def _pushed(
        self, packet: Packet, cursor: Cursor, if_expected: bool
    ) -> tuple[messages.Ack | Gap | Fork, messages.LogBatch | None]:
        at = (cursor.epoch, cursor.rev, cursor.chain.hex())
        if if_expected and not self._province.is_expected(packet.id, packet.header, at):
            raise KnownProblem("sync.greet")
        answer = self._province.take(Arrived(packet.id, packet.header, packet.operations, "rw", NOW))
        if isinstance(answer, (Gap, Fork)):
            return answer, None
        if self._province.cursor_state(at) != "ok":
            return answer, None
        return answer, self._province.batch(cursor.epoch, cursor.rev, ENTRIES_A_PAGE, answer.lane.number)

    def log(self, stream: str, cursor: Cursor, most_bytes: int, nonce: str) -> messages.LogBatch:
        def work() -> messages.LogBatch:
            if self._province.cursor_state((cursor.epoch, cursor.rev, cursor.chain.hex())) != "ok":
                raise KnownProblem("sync.rewound")
            return self._province.batch(cursor.epoch, cursor.rev, ENTRIES_A_PAGE, None)

        return self._over(work)

    def manifest(self, stream: str, nonce: str) -> messages.Manifest:
        return self._over(lambda: self._province.manifest(self.device))

    device = incarnation = ""

    def snapshot_parts(self, stream: str, manifest: messages.Manifest) -> Iterator[list[SnapPage]]:
        yield list(read(written(self._over(lambda: self._province.rows(manifest)))))

    def salvage(self, stream: str, epoch: int, entries: Sequence[messages.LogEntry], nonce: str) -> int:
        return self._over(lambda: self._province.salvage(epoch, entries))

    def sums(self, stream: str, rev: int, nonce: str) -> Sums | None:
        raise AssertionError("the stores differ")

    def rows(self, stream: str, buckets: Sequence[int], nonce: str) -> messages.RowsAnswer:
        raise AssertionError("the stores differ")


