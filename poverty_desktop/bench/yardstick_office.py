"""The yardstick's work in a real workspace: written by the recorder, as an officer's Saves are, many in one transaction."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from poverty_desktop.app.office import Office
from poverty_desktop.bench.offices import new_office
from poverty_desktop.bench.yardstick import SEED, Registration, edited_answers, households
from poverty_desktop.domain.records import Survey
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Base, Change, Save

_AT_ONCE = 300  # Saves in one transaction: the work is prepared, not measured


def yardstick_office(folder: Path, count: int) -> Office:
    """A workspace in which so many households wait to be sent."""
    office = new_office(folder)
    writer = _Writer(office)
    ids = writer.common()
    for saves in households(count, office.commune_code, ids):
        writer.household(saves)
    writer.flush()
    return office


def edit_surveys(office: Office, count: int, seed: int = SEED + 1) -> None:
    """So many surveys corrected in three answers, one Save each."""
    chance = random.Random(seed)
    records = office.workspace.records
    surveys = records.select(Survey)
    for survey in chance.sample(surveys, min(count, len(surveys))):
        answers = edited_answers(chance, survey.answers)
        seen = {f"answers.{key}": survey.answers[key] for key in answers}
        fields = {f"answers.{key}": value for key, value in answers.items()}
        change = Change("u", Survey.entity, survey.id, 1, fields, seen)
        records.save(Save(records.new_group(), office.workspace.officer.id, records.base(), [change]))


class _Writer:
    """Creates records in Saves, as `services.practising` does, but writes many Saves in one transaction."""

    def __init__(self, office: Office) -> None:
        self._at = office.workspace
        self._commune = office.commune_code
        self._base = self._at.records.base()
        self._done = 0
        self._saves: list[Save] = []

    def common(self) -> dict[str, str]:
        """What all households refer to."""
        code = self._commune
        village = {"commune_code": code, "name": "Nà Lùng"}
        days = {"starts_on": "2026-09-01", "ends_on": "2026-12-14"}
        form = {"form_id": "phieu_b", "form_version": "1", "form_hash": "0" * 64}
        review = {"commune_code": code, "year": 2026, "standard_id": "2022-2025", **days, **form}
        batch = {"commune_code": code, "batch_no": "1", "name": "Tết", "programme_key": "tet", "decided_on": "2026-01-05"}
        line = {"support_kind": "rice", "item_name": "Gạo", "unit": "kg", "quantity": 100_000}
        made: list[tuple[str, dict[str, Any]]] = [("village", village), ("review_round", review), ("support_batch", batch)]
        found = [self._save([(entity, fields)])[0] for entity, fields in made]
        names = dict(zip(("village", "round", "batch"), found, strict=True))
        return names | {"line": self._save([("support_line", {**line, "batch_id": names["batch"]})])[0]}

    def household(self, saves: list[Registration]) -> None:
        made: list[str] = []
        for save in saves:
            group = self._at.records.new_group()
            ids = [op_id(group, number) for number in range(1, len(save) + 1)]
            made += ids
            records = [(one.entity, one.fields | {name: made[place] for name, place in one.refers.items()}) for one in save]
            self._save(records, group)

    def _save(self, records: list[tuple[str, dict[str, Any]]], group: str = "") -> list[str]:
        group = group or self._at.records.new_group()
        base = Base(self._base.epoch, self._base.rev, self._base.own_seq + self._done, self._base.inc)
        changes = [
            Change("c", entity, op_id(group, number), number, {key: value for key, value in fields.items() if value is not None})
            for number, (entity, fields) in enumerate(records, start=1)
        ]
        self._saves.append(Save(group, self._at.officer.id, base, changes))
        self._done += len(changes)
        if len(self._saves) >= _AT_ONCE:
            self.flush()
        return [change.record_id for change in changes]

    def flush(self) -> None:
        with self._at.database.transaction() as connection:
            for save in self._saves:
                self._at.records.write(connection, save)
        self._saves.clear()
