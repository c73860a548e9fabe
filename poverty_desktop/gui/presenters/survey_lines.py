"""The lines of the repeats in a form (instances that the officer adds and removes), beside their answers. No Qt, no file."""

from __future__ import annotations

import secrets

from poverty_desktop.forms import FormSession


def new_instance(taken: tuple[str, ...]) -> str:
    """The key of a new instance: stands behind the others when sorted, and two laptops never make the same."""
    numbers = [int(one[:4]) for one in taken if one[:4].isdigit()]
    return f"{max(numbers, default=0) + 1:04d}-{secrets.token_hex(3)}"


def make_room(session: FormSession, key: str) -> None:
    """Add the instances that the key of an answer or an instance names and the session does not have, as far as it may."""
    for _, place, instance in session.definition.plan.split(key)[1]:
        if instance not in session.instances(place):
            session.add(place, instance)
        if instance not in session.instances(place):
            return  # counted by the form


def lines_of(session: FormSession) -> list[str]:
    """The keys of all instances, outer before inner."""
    return [f"{repeat}/{instance}" for repeat in session.repeats() for instance in session.instances(repeat)]


def take_away(session: FormSession, lines: list[str]) -> None:
    """Remove those of these instances that the session has; the inner ones go with their outer."""
    for line in lines:
        repeat, _, instance = line.rpartition("/")
        if repeat in session.repeats() and instance in session.instances(repeat):
            session.remove(repeat, instance)
