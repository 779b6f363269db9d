"""Test that the statements of a list do not grow with the number of its orders."""

import pytest

from billing.vocabulary import Provider
from testing.phone import Phone
from testing.statements import statements
from tests.billing.buying import paid_order

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 10])
def test_a_list_of_paid_orders_takes_four_statements(phone: Phone, owner, rows: int):
    """One for the caller, one for the page, one for the history, one for the balance that may be refunded."""
    for _ in range(rows):
        paid_order(owner, provider=Provider.STRIPE)
    assert len(statements(phone, "/orders")) == 4
    assert [row["cancellable"] for row in phone.fetch("/orders")["results"]] == [True] * rows
