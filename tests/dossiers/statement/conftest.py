"""A fake of a service with the API of OpenAI, and speech."""

from collections.abc import Iterator

import pytest

from dossiers.statement.ports import Speech
from testing.fake_openai import FakeOpenAI
from testing.samples.recordings import tone


@pytest.fixture
def openai() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as openai:
        yield openai


@pytest.fixture
def speech() -> Speech:
    return Speech(tone(2))
