"""Test that a long list of money needs no more database queries than a short one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing import orders
from billing.entitlements import subscriptions
from testing.factories import UserFactory
from tests.billing.admin.states import bought, compared, dispute, event, finding, payout

pytestmark = pytest.mark.django_db


def create_one_of_each(number: int) -> None:
    owner = UserFactory.create()
    order = bought(owner)
    orders.grant_by_staff(owner=owner, product=order.product, cause="test")
    later = timezone.now() + timedelta(days=30)
    subscriptions.extend(owner=owner, plan="monthly", until=later, ref=f"test:{owner.pk}", cause="test")
    case = dispute(owner)
    case.assignee = UserFactory.create(is_staff=True)
    case.save()
    event()
    finding(settled_at=timezone.now(), settled_by=owner, resolution="test")
    compared(day=timezone.now().date() - timedelta(days=number))
    payout()


@pytest.mark.parametrize(
    "name",
    [
        "dispute",
        "entitlement",
        "finding",
        "ledgerentry",
        "ledgertransaction",
        "order",
        "payout",
        "providerevent",
        "reconciliation",
        "subscription",
    ],
)
def test_a_longer_list_takes_no_more_queries(support, name, django_assert_max_num_queries):
    def listed():
        assert support.get(f"/admin/billing/{name}/").status_code == 200

    create_one_of_each(0)
    listed()
    with CaptureQueriesContext(connection) as queries:
        listed()
    for number in range(1, 6):
        create_one_of_each(number)
    with django_assert_max_num_queries(len(queries)):
        listed()
