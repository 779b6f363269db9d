"""Test the catalogue: what can be bought, and that a purchase keeps its price."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from billing.catalogue.products import add_version, product_in_force, product_on_sale
from billing.errors import NotOnSale
from billing.models import Product
from billing.vocabulary import SERVICES, Grant, ProductCode
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
                "policy": {"cancel_within_hours": 48, "while_unused": True},
            },
            {
                "code": "corrosion_yearly",
                "kind": "subscription",
                "price": {"amount_minor": 9900, "currency": "EUR"},
                "period": "yearly",
                "policy": {"cancel_within_hours": 48, "while_unused": True},
            },
            {
                "code": "dossier_by_post",
                "kind": "one_time",
                "price": {"amount_minor": 1490, "currency": "EUR"},
                "period": None,
                "policy": {"cancel_within_hours": 0, "while_unused": True},
            },
            {
                "code": OSMOSIS,
                "kind": "one_time",
                "price": {"amount_minor": 4900, "currency": "EUR"},
                "period": None,
                "policy": {"cancel_within_hours": 48, "while_unused": True},
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


@pytest.mark.parametrize("code", ProductCode)
def test_a_product_names_what_it_grants(code):
    product = product_in_force(code)
    expected = Grant.SUBSCRIPTION if product.plan else Grant.SERVICE if code in SERVICES else Grant.INSPECTION_CREDIT
    assert product.grants == expected
    assert add_version(code, {"cancel_within_hours": 7}).grants == expected


@pytest.mark.parametrize(("code", "price"), [(ProductCode.APPOINTMENT, 1), (ProductCode.DOSSIER_BY_POST, 0)])
def test_exactly_a_product_that_is_priced_per_order_has_no_price(code, price):
    with pytest.raises(ValidationError):
        add_version(code, {"price_minor": price})
