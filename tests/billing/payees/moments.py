"""Moments and sums that the tests of payees share."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from accounts.models import User
from billing.ledger import journal
from billing.models import LedgerEntry, Order, Payee, PayeePayout
from billing.services.selling import fulfil_service
from billing.tasks import sweep_payments
from billing.vocabulary import Account
from testing.deliverer import PRICE, again, buy_service
from testing.fake_stripe import FakeStripe

# No holiday in Germany that week.
MONDAY = datetime(2026, 11, 16, 10, tzinfo=UTC)
SHARE = PRICE * 85 // 100
OWED, DEBT, TRANSIT = Account.PAYEES_OWED, Account.PAYEES_DEBT, Account.PAYOUTS_IN_TRANSIT


def on_day(days: float, *, hour: int = 6):
    """Travel to an hour of the day that many days after the Monday."""
    return time_machine.travel(MONDAY.replace(hour=hour) + timedelta(days=days))


def sums() -> dict[str, int]:
    """Return the balance of each account in euros, without those at zero."""
    found: Counter[str] = Counter()
    for account, amount in LedgerEntry.objects.filter(unit="EUR").values_list("account", "amount"):
        found[account] += amount
    assert not any(journal.totals().values())
    return {account: amount for account, amount in found.items() if amount}


def delivered(owner: User, fake: FakeStripe, payee: Payee, **price: Any) -> Order:
    """Buy a service, and have it delivered by the payee."""
    order = buy_service(owner, fake, **price)
    assert fulfil_service(order.pk, cause="delivered", payee_id=payee.pk)
    return again(order)


def payout_of(order: Order) -> PayeePayout:
    return PayeePayout.objects.get(share__order=order)


def states_of(order: Order) -> list[str]:
    return list(PayeePayout.objects.filter(share__order=order).order_by("created_at").values_list("state", flat=True))


def pay_out(fake: FakeStripe, *, days: float = 1, arrives: bool = True) -> None:
    """Have the workers send what is due on that day, and look again when it has arrived."""
    with on_day(days):
        sweep_payments()
        if arrives:
            for transfer in fake.world.where("transfer"):
                fake.arrive(transfer["id"])
    with on_day(days, hour=12):
        sweep_payments()
