"""Test inspections under random steps: their state always equals that of a model."""

import pytest

from testing.lifecycle_model import FreeLife, Life, PaidLife, live

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("life", [PaidLife, FreeLife])
def test_a_life_goes_as_the_model_says(life: type[Life]) -> None:
    live(life, lives=5, derandomize=True)
