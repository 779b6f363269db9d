"""Test the catalogue: what can be bought, and that a purchase keeps its price."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from billing.catalogue.products import add_version, product_in_force, product_on_sale, products_in_force
from billing.errors import NotOnSale
from billing.models import Product
from billing.vocabulary import Grant, Plan
from tests.billing.buying import paid_order

pytestmark = pytest.mark.django_db
OSMOSIS = "osmosis_inspection"


def test_anonymous_callers_can_read_the_catalogue(client):
    assert client.get("/v1/products").json() == {
        "products": [
            {
                "code": "corrosion_monthly",
                "kind": "subscription",
                "price": {"amount_minor": 990, "currency": "EUR"},
                "period": "monthly",
            },
            {
                "code": "corrosion_yearly",
                "kind": "subscription",
                "price": {"amount_minor": 9900, "currency": "EUR"},
                "period": "yearly",
            },
            {
                "code": OSMOSIS,
                "kind": "one_time",
                "price": {"amount_minor": 4900, "currency": "EUR"},
                "period": None,
            },
        ]
    }


def test_a_new_version_applies_at_once_and_old_orders_keep_theirs(phone, owner):
    before = paid_order(owner)
    added = add_version(OSMOSIS, {"price_minor": 5900, "cancel_within_hours": 24})
    assert (added.version, added.currency, product_in_force(OSMOSIS)) == (2, "EUR", added)
    assert phone.get("/entitlements/osmosis").json()["price"]["amount_minor"] == 5900
    after = paid_order(owner)
    seen = {row["order_id"]: row for row in phone.get("/orders").json()["results"]}
    for order, version, price, hours in ((before, 1, 4900, 48), (after, 2, 5900, 24)):
        row = seen[str(order.pk)]
        assert (row["product_version"], row["price"]["amount_minor"]) == (version, price)
        assert row["policy"] == {"cancel_within_hours": hours, "while_unused": True}


def test_a_product_off_sale_is_not_offered(client):
    add_version(OSMOSIS, {"on_sale": False})
    assert OSMOSIS not in {row["code"] for row in client.get("/v1/products").json()["products"]}
    for code in (OSMOSIS, "osmosis_for_ever"):
        with pytest.raises(NotOnSale):
            product_on_sale(code)


@pytest.mark.parametrize("values", [{}, {"price_minor": 4900}, {"price_minor": 0}, {"currency": "euro"}])
def test_an_unchanged_or_invalid_version_is_refused(values):
    with pytest.raises(ValidationError):
        add_version(OSMOSIS, values)
    assert product_in_force(OSMOSIS).version == 1


@pytest.mark.parametrize(
    "nonsense", [{"version": 0}, {"price_minor": 0}, {"currency": "eur"}, {"plan": "monthly"}, {"code": "gift"}]
)
def test_the_database_refuses_an_invalid_product(nonsense):
    values = {
        "code": OSMOSIS,
        "version": 9,
        "plan": "",
        "price_minor": 1,
        "currency": "EUR",
        "cancel_within_hours": 0,
        "on_sale": True,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.create(**values | nonsense)


@pytest.mark.parametrize("plan", ["", *Plan])
def test_a_product_names_what_it_grants(plan):
    for product in products_in_force().filter(plan=plan):
        assert product.grants == (Grant.SUBSCRIPTION if plan else Grant.INSPECTION_CREDIT)
        assert add_version(product.code, {"price_minor": 1}).grants == product.grants
