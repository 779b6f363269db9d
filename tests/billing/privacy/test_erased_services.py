"""Test erasure and export of services: open pages close, the books stay, and each party gets its own rows."""

import json
from typing import Any

import pytest

from accounts.privacy.register import DataSubject
from billing.models import Payee, PayeePayout
from billing.payees.register import register_payee
from billing.privacy import personal_data
from billing.services.selling import refund_service
from billing.tasks import sweep_payments
from billing.vocabulary import OrderStatus
from testing.deliverer import again, buy_service, delivering, order_service
from testing.factories import UserFactory
from testing.web_purchases import selling
from tests.billing.payees.moments import delivered, payout_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(settings):
    with selling(settings) as fake, delivering():
        yield fake


@pytest.fixture
def payee(db, fake) -> Payee:
    account = fake.connect_account()["id"]
    return register_payee(user=UserFactory.create(), country="DE", currency="EUR", account_ref=account)


class Written:
    """An archive in memory."""

    def __init__(self) -> None:
        self.files: dict[str, Any] = {}

    def json(self, name: str, rows: Any) -> None:
        self.files[name] = json.loads(json.dumps(rows, default=str))


def exported(user) -> dict[str, Any]:
    archive = Written()
    personal_data.export(user, archive)
    return archive.files


def test_erasing_an_owner_closes_open_pages_and_leaves_what_is_paid(owner, fake):
    opened, paid = order_service(owner), buy_service(owner, fake)
    for _ in range(2):
        personal_data.erase(DataSubject(owner.pk, owner.email))
        sweep_payments()
    assert (again(opened).status, again(paid).status) == (OrderStatus.CANCELLED, OrderStatus.PAID)
    assert fake.seen("checkout.session", opened.provider_ref)["status"] == "expired"


def test_erasing_a_payee_leaves_what_is_owed(owner, fake, payee):
    order = delivered(owner, fake, payee)
    personal_data.erase(DataSubject(payee.user_id, payee.user.email))
    assert payout_of(order).state == "scheduled"
    assert PayeePayout.objects.count() == 1


def test_an_export_has_the_refunds_of_an_owner_and_the_payouts_of_a_payee(owner, fake, payee):
    order = delivered(owner, fake, payee)
    refund_service(order.pk, cause="complaint", amount_minor=100)
    of_owner, of_payee = exported(owner), exported(payee.user)
    assert [row["amount_minor"] for row in of_owner["payments/refunds.json"]] == [100]
    assert of_owner["payments/payouts.json"] == []
    assert [row["payout_id"] for row in of_payee["payments/payouts.json"]] == [str(payout_of(order).pk)]
    assert of_payee["payments/refunds.json"] == []
    assert "payee_share" not in {row["kind"] for row in of_owner["payments/bookings.json"]}
    assert {row["kind"] for row in of_payee["payments/bookings.json"]} == {"payee_share"}
