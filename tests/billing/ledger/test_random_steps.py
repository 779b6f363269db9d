"""Test random steps in random order: the books balance, and every balance equals a recount."""

from random import Random

import pytest

from billing.ledger.journal import CREDIT
from billing.models import LedgerEntry, Order
from drills.money.random_steps import Owner, walk

STEPS = 400


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_random_steps_keep_the_books_balanced(owner, stranger, seed):
    rng = Random(seed)
    taken, faults = walk([Owner(owner, rng), Owner(stranger, rng)], rng, STEPS)
    assert not faults
    assert {"buy", "hold", "spend", "give_back", "refund", "dispute", "decide", "repeat_event"} <= set(taken)
    assert LedgerEntry.objects.filter(unit=CREDIT).exists()
    assert {"refunded", "fulfilled", "lost"} <= set(Order.objects.values_list("status", flat=True))
