"""The lines of the repeats in a form (instances that the officer adds and removes), beside their answers. No Qt, no file."""

from __future__ import annotations

import secrets

from poverty_desktop.forms import FormSession
from poverty_desktop.forms.definition import Group


def new_instance(taken: tuple[str, ...]) -> str:
    """The key of a new instance: stands behind the others when sorted, and two laptops never make the same."""
    numbers = [int(one[:4]) for one in taken if one[:4].isdigit()]
    return f"{max(numbers, default=0) + 1:04d}-{secrets.token_hex(3)}"


def make_room(session: FormSession, key: str) -> None:
    """Add the instances that the key of an answer or an instance names and the session does not have, as far as it may."""
    path: tuple[str, ...] = (session.definition.plan.root,)
    place = ""
    steps = iter(key.split("/"))
    for step in steps:
        path = (*path, step)
        item = session.definition.plan.items.get(path)
        place = f"{place}/{step}".lstrip("/")
        if isinstance(item, Group) and item.repeat:
            instance = next(steps, "")
            if instance and instance not in session.instances(place):
                session.add(place, instance)
                if instance not in session.instances(place):
                    return  # counted by the form
            place = f"{place}/{instance}"


def lines_of(session: FormSession) -> list[str]:
    """The keys of all instances, outer before inner."""
    return [f"{repeat}/{instance}" for repeat in session.repeats() for instance in session.instances(repeat)]


def take_away(session: FormSession, lines: list[str]) -> None:
    """Remove those of these instances that the session has; the inner ones go with their outer."""
    for line in lines:
        repeat, _, instance = line.rpartition("/")
        if repeat in session.repeats() and instance in session.instances(repeat):
            session.remove(repeat, instance)
