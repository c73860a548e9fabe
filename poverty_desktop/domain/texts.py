"""The words of the program: one catalogue, Vietnamese and English side by side, for windows, prints and command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from poverty_desktop.domain.problems import KnownProblem

Language = Literal["vi", "en"]


@dataclass(frozen=True)
class Texts:
    """Sentences by key in one language. Placeholders are filled with `str.format` after the sentence was chosen."""

    language: Language
    catalogue: Mapping[str, Mapping[str, str]]

    def __call__(self, key: str, **facts: object) -> str:
        """The sentence of `key` with `facts` filled in; an unknown key is a bug (KeyError)."""
        return self.catalogue[key][self.language].format(**facts)

    def problem(self, problem: KnownProblem) -> str:
        """One sentence: what happened, what was kept, what to do."""
        return self(f"problem.{problem.code}", **problem.facts)

    def has(self, key: str) -> bool:
        return key in self.catalogue

    def in_language(self, language: Language) -> Texts:
        return Texts(language, self.catalogue)
