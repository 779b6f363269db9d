"""Test random steps of services and their payees: the books balance, and match a model that counts without them."""

from random import Random

import pytest

from billing.models import Order, PayeePayout
from drills.money._payouts import sending
from drills.money.service_steps import Owner, crowd, disable_guard, walk
from testing.deliverer import delivering

STEPS = 500
SEEDS = (1, 3)


def walked(seed: int) -> tuple[set[str], list[str]]:
    rng = Random(seed)
    with delivering() as app, sending(rng) as sender:
        taken, faults = walk(crowd(3, rng, app, sender), rng, STEPS)
    return set(taken), faults


@pytest.mark.django_db
def test_random_steps_keep_the_books_balanced():
    taken: set[str] = set()
    for seed in SEEDS:
        names, faults = walked(seed)
        assert not faults
        taken |= names
    assert taken == set(Owner.STEPS)
    assert {"refunded", "fulfilled", "disputed"} <= set(Order.objects.values_list("status", flat=True))
    states = set(PayeePayout.objects.values_list("state", flat=True))
    assert {"scheduled", "settled", "failed", "cancelled"} <= states
    assert PayeePayout.objects.filter(netted_minor__gt=0).exists()


@pytest.mark.django_db
def test_a_share_that_does_not_follow_refunds_is_found():
    """The control."""
    with disable_guard():
        assert walked(1)[1]
