import pytest

from corrosion.comparison import answers, compute
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
    monkeypatch.setattr(compute, "engine_for", lambda **_: engine)
    monkeypatch.setattr(answers, "model_version_of", lambda **_: engine.model_version)
    return engine
