"""The two parties of a handover."""

import pytest

from testing.phone import Phone
from tests.vessels.handovers.acts import verified


@pytest.fixture
def seller(db) -> Phone:
    return verified(email="seller@example.org")


@pytest.fixture
def buyer(db) -> Phone:
    return verified(email="buyer@example.org")
