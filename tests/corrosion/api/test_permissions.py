"""Test that looking back needs a subscription; without one no id is looked up."""

import pytest

from testing.phone import Phone
from tests.corrosion.rows import compare, completed, subscribe

pytestmark = pytest.mark.django_db
PATHS = [
    "/corrosion/history",
    "/corrosion/compare",
    "/corrosion/compare?from=x&to=y",
    "/corrosion/ghosts",
    "/corrosion/ghosts?for=x",
]


@pytest.mark.parametrize("path", PATHS)
def test_tracking_without_a_subscription_is_refused_by_the_paywall(phone, path):
    answer = phone.get(path)
    assert answer.status_code == 403
    assert (answer.json()["error_code"], answer.json()["reason"]) == ("SUBSCRIPTION_REQUIRED", "PAYWALL_UI_035")


@pytest.mark.parametrize("path", PATHS)
def test_an_anonymous_caller_is_asked_to_sign_in(client, db, path):
    answer = client.get(f"/v1{path}")
    assert (answer.status_code, answer.json()["error_code"]) == (401, "AUTHENTICATION_REQUIRED")


def test_a_lapsed_subscription_closes_tracking_and_not_the_results(subscriber, owner):
    before, after = completed(owner), completed(owner)
    assert compare(subscriber, before, after).status_code == 200
    subscribe(subscriber, active=False)
    assert subscriber.get("/corrosion/history").status_code == 403
    assert compare(subscriber, before, after).status_code == 403
    assert subscriber.get(f"/inspections/{before.pk}/result").status_code == 200


def test_a_subscription_of_another_owner_gives_no_access(subscriber, stranger):
    assert Phone.of(stranger).get("/corrosion/history").status_code == 403
