"""Where `bench sync` takes place: a workspace with work, a province in a process of its own, and a line between them."""

from __future__ import annotations

import shutil
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poverty_desktop.bench.asked_child import AskedChild, asked_child
from poverty_desktop.bench.offices import new_office, opened_office
from poverty_desktop.bench.sync_costs import Cost, cost_of
from poverty_desktop.bench.yardstick_office import yardstick_office
from poverty_desktop.domain.records import SYNCED
from poverty_desktop.practice.local_province import LocalProvince
from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.services.practice_commune import PRACTICE_COMMUNE


@dataclass
class Place:
    """A province that runs, the line to it, and a laptop of that commune."""

    province: LocalProvince
    line: AskedChild
    laptop: AskedChild

    def cost(self, verb: str = "round", **given: Any) -> Cost:
        """Raises RuntimeError when the round did not end complete."""
        found = cost_of(lambda: self.laptop.ask(verb, **given), self.line, self.province.pid)
        if found.told["outcome"] != "done":
            raise RuntimeError(f"the round ended {found.told['outcome']}: {found.told['problem']}")
        return found

    @contextmanager
    def another(self, folder: Path) -> Iterator[Place]:
        """Another laptop on the same line."""
        with asked_child("sync_laptop", str(folder)) as laptop:
            yield Place(self.province, self.line, laptop)


@contextmanager
def place_of(folder: Path) -> Iterator[Place]:
    """The laptop `folder/laptop` and the province `folder/province`."""
    with LocalProvince(folder / "province") as province:
        port = str(urllib.parse.urlsplit(province.url).port)
        with asked_child("counted_line", port) as line, asked_child("sync_laptop", str(folder / "laptop")) as laptop:
            yield Place(province, line, laptop)


def url_of(line: AskedChild) -> str:
    return f"http://127.0.0.1:{line.ask('port')}"


def enrolled_place(folder: Path, households: int) -> None:
    """Files of a laptop in which so many households wait, enrolled at a province that has nothing yet."""
    prepare(folder, households)
    with place_of(folder) as place:
        place.laptop.ask("enrol", url=place.province.url, code=code_of(place.province))


def prepare(folder: Path, households: int) -> None:
    """A laptop in which so many households wait, not enrolled yet."""
    yardstick_office(folder / "laptop", households).workspace.close()


def copied_place(prepared: Path, folder: Path) -> Path:
    """The same once more. Both ends are closed; nothing of the machine's memory of the first is copied."""
    shutil.copytree(prepared, folder)
    return folder


def fresh_laptop(folder: Path) -> None:
    """A workspace of the same commune without any work."""
    new_office(folder).workspace.close()


def code_of(province: LocalProvince) -> str:
    return province.code_for(PRACTICE_COMMUNE, "Bench", "Cán bộ Mẫu")


def differing(one: Path, other: Path) -> int:
    """In how many records two closed workspaces do not have the same, field by field."""
    first, second = _records(one), _records(other)
    return sum(first.get(key) != second.get(key) for key in first.keys() | second.keys())


def _records(folder: Path) -> dict[tuple[str, str], bytes]:
    with opened_office(folder) as office:
        records = office.workspace.records
        return {(kind.entity, one.id): canonical(one.model_dump()) for kind in SYNCED for one in records.select(kind)}
