"""The commune of the review's tests, with a survey that was finished."""

from __future__ import annotations

from tests.review.conftest import commune, desk, qapp, texts

__all__ = ["commune", "desk", "qapp", "texts"]
