"""A fake Lob, and the settings of an account there."""

from collections.abc import Iterator

import pytest

from testing.fake_lob import FakeLob
from testing.letters import posting


@pytest.fixture
def lob(settings) -> Iterator[FakeLob]:
    with posting(settings) as fake:
        yield fake
