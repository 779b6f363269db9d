"""Test that staff change prices by new versions, with a reason."""

import pytest

from accounts.models import StaffAction
from billing.catalogue.products import product_in_force

pytestmark = pytest.mark.django_db
OSMOSIS = "osmosis_inspection"
FORM = {
    "price": "59.00",
    "currency": "EUR",
    "cancel_within_hours": 24,
    "on_sale": "on",
    "reason": "season",
    "confirmed": "yes",
}


def change(desk, version=None, **fields):
    row = version or product_in_force(OSMOSIS)
    return desk.post(f"/admin/billing/product/{row.pk}/act/add_version/", FORM | fields, follow=True)


def test_a_new_version_is_added_with_its_reason(support):
    first = product_in_force(OSMOSIS)
    assert "Version 2 of osmosis_inspection is in force." in change(support).content.decode()
    added = product_in_force(OSMOSIS)
    assert (added.version, added.price_minor, added.cancel_within_hours, added.on_sale) == (2, 5900, 24, True)
    done = StaffAction.objects.get()
    assert (done.action, done.reason, done.detail["from"], done.detail["to"]) == ("add_version", "season", 1, 2)
    assert "Version 2 is in force: change that one." in change(support, first).content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": ""},
        {"price": "0"},
        {"price": "59.005"},
        {"price": "21474836.48"},
        {"price": "2147483.648", "currency": "KWD"},
        {"price": "2147483648", "currency": "JPY"},
        {"currency": "euro"},
        {"cancel_within_hours": 2**31},
    ],
)
def test_an_invalid_version_or_a_missing_reason_shows_the_form_again(support, fields):
    assert change(support, **fields).status_code == 200
    assert product_in_force(OSMOSIS).version == 1
    assert not StaffAction.objects.exists()


def test_a_version_that_changes_nothing_is_refused(support):
    answer = change(support, price="49.00", cancel_within_hours=48)
    assert "No change: these are the current values." in answer.content.decode()
    assert product_in_force(OSMOSIS).version == 1
