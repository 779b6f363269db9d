"""Test inspections under random steps: their state always equals that of a model."""

import pytest

from testing.lifecycle_model import FreeLife, Life, PaidLife, SubscribedLife, live

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("life", "lives"), [(PaidLife, 5), (FreeLife, 5), (SubscribedLife, 10)])
def test_random_steps_follow_the_model(life: type[Life], lives: int) -> None:
    live(life, lives=lives, derandomize=True)
