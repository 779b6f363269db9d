"""Test the osmosis credit account."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from billing.errors import OsmosisCreditRequired
from billing.ledger import inspection_credits, journal
from billing.vocabulary import Account, EntryKind
from tests.billing.buying import paid_order, unpaid_order

pytestmark = pytest.mark.django_db


def test_every_movement_changes_the_balance(owner):
    inspection, other = uuid4(), uuid4()
    first, second, unpaid = paid_order(owner), paid_order(owner), unpaid_order(owner)
    steps = [
        (lambda: inspection_credits.grant(order=second, source=f"order:{second.pk}"), (2, 0)),
        (lambda: inspection_credits.hold(owner=owner, inspection_id=inspection), (1, 1)),
        (lambda: inspection_credits.hold(owner=owner, inspection_id=other), (0, 2)),
        (lambda: inspection_credits.spend(owner=owner, inspection_id=inspection), (0, 1)),
        (lambda: inspection_credits.give_back(owner=owner.pk, inspection_id=other), (1, 0)),
        (lambda: inspection_credits.give_back(owner=owner, inspection_id=other), (1, 0)),
        (lambda: inspection_credits.spend(owner=owner, inspection_id=other), (1, 0)),
        (lambda: inspection_credits.give_back(owner=owner, inspection_id=inspection), (1, 0)),
        (lambda: inspection_credits.spend(owner=owner, inspection_id=uuid4()), (1, 0)),
        (lambda: inspection_credits.revoke(order=unpaid, source="refund:1"), (1, 0)),
        (lambda: inspection_credits.revoke(order=second, source="refund:2"), (0, 0)),
        (lambda: inspection_credits.revoke(order=second, source="refund:3"), (0, 0)),
        (lambda: inspection_credits.revoke(order=first, source="refund:4"), (-1, 0)),
        (lambda: inspection_credits.grant(order=first, source="refund:4/reversal"), (0, 0)),
        (lambda: inspection_credits.revoke(order=first, source="refund:5"), (-1, 0)),
    ]
    for step, (available, held) in steps:
        step()
        balance = inspection_credits.balance_of(owner)
        assert (balance.available, balance.held) == (available, held)


def test_no_more_credits_can_be_held_than_are_available(owner):
    paid_order(owner)
    inspection_credits.hold(owner=owner, inspection_id=uuid4())
    with pytest.raises(OsmosisCreditRequired):
        inspection_credits.hold(owner=owner, inspection_id=uuid4())


def test_a_refunded_credit_is_no_longer_held(owner):
    inspection, order = uuid4(), paid_order(owner)
    inspection_credits.hold(owner=owner, inspection_id=inspection)
    assert inspection_credits.is_held(owner=owner, inspection_id=inspection)
    inspection_credits.revoke(order=order, source="refund:1")
    assert not inspection_credits.is_held(owner=owner, inspection_id=inspection)
    paid_order(owner)
    assert inspection_credits.is_held(owner=owner, inspection_id=inspection)


def test_the_database_refuses_to_spend_and_return_one_credit(owner):
    inspection = uuid4()
    paid_order(owner)
    inspection_credits.hold(owner=owner, inspection_id=inspection)
    inspection_credits.spend(owner=owner, inspection_id=inspection)
    moves = [journal.Transfer(1, journal.CREDIT, Account.CREDITS_HELD, Account.CREDITS_AVAILABLE)]
    with pytest.raises(IntegrityError), transaction.atomic():
        journal.post(EntryKind.CREDIT_GIVE_BACK, source=f"inspection:{inspection}", owner=owner, transfers=moves)
