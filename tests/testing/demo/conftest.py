from tests.corrosion.conftest import predictor, subscriber

__all__ = ["predictor", "subscriber"]
