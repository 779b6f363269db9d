import pytest

from corrosion.comparison import compute
from tests.corrosion.judges import ColourJudge
from tests.corrosion.rows import subscribe


@pytest.fixture
def subscriber(phone):
    """The owner's phone, with an active subscription."""
    subscribe(phone)
    return phone


@pytest.fixture
def judge(monkeypatch):
    """The engine in use today."""
    served = ColourJudge()
    monkeypatch.setattr(compute, "engine_for", lambda **_: served)
    return served
