import pytest

from corrosion.comparison import answers
from tests.corrosion.predictors import ColourPredictor
from tests.corrosion.rows import subscribe


@pytest.fixture
def subscriber(phone):
    """The owner's phone, with an active subscription."""
    subscribe(phone)
    return phone


@pytest.fixture
def predictor(monkeypatch):
    """The engine in use today."""
    engine = ColourPredictor()
    monkeypatch.setattr(answers, "engine_for", lambda **_: engine)
    return engine
