import pytest

from tests.corrosion.rows import subscribe


@pytest.fixture
def subscriber(phone):
    """The owner's phone, with an active subscription."""
    subscribe(phone)
    return phone
