"""The shipped forms and the words, read once."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormDefinition
from poverty_desktop.system.resources import load_texts, resource


@pytest.fixture(scope="session")
def phieu_b() -> FormDefinition:
    return FormDefinition.parse(resource("forms", "phieu_b.xml").read_bytes())


@pytest.fixture(scope="session")
def phieu_b_demo() -> FormDefinition:
    return FormDefinition.parse(resource("forms", "phieu_b_demo.xml").read_bytes())


@pytest.fixture(scope="session")
def texts() -> Texts:
    return load_texts("vi")


@pytest.fixture(scope="session")
def english() -> Texts:
    return load_texts("en")
