"""Known problems: what the world can do to an officer, told apart from our own mistakes."""

from __future__ import annotations


class KnownProblem(Exception):
    """A problem of the world that a person can understand and act on.

    `code` names the sentence in `resources/texts` (key ``problem.<code>``); `facts` fill its placeholders. Anything that
    is not a `KnownProblem` is a bug and goes to the one hook in `app`.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code}({details})"
