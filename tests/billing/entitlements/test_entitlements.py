"""Test what an owner may use: the bodies of the contract, and the mock flags behind them."""

import pytest
from django.db import IntegrityError, transaction

from billing.entitlements import entitlements
from billing.models import Entitlement, LedgerEntry
from testing.phone import Phone
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
PLANS = [({}, "monthly"), ({"plan": "monthly"}, "monthly"), ({"plan": "yearly"}, "yearly")]
MOCKS = {"/payments/osmosis/mock": {"paid": True}, "/subscriptions/corrosion/mock": {"active": True}}


def test_a_new_owner_has_nothing_but_five_free_points(phone):
    price = {"amount_minor": 4900, "currency": "EUR"}
    assert phone.get("/entitlements/osmosis").json() == {"paid": False, "credits": 0, "credits_held": 0, "price": price}
    assert phone.get("/entitlements/corrosion").json() == {
        "free_points": 5,
        "corrosion_free_used": False,
        "corrosion_points_allowed": 5,
        "subscription_active": False,
        "plan": None,
    }
    assert phone.get("/subscriptions/status").json() == {"active": False, "plan": None, "current_period_end": None}


def test_reading_entitlements_writes_nothing(phone):
    for path in ("/entitlements/osmosis", "/entitlements/corrosion", "/subscriptions/status"):
        phone.get(path)
    assert not Entitlement.objects.exists()


def test_a_pass_pays_without_a_credit_until_it_is_withdrawn(phone):
    answer = phone.post("/payments/osmosis/mock", {"paid": True})
    assert (answer.status_code, answer.json()) == (200, phone.get("/entitlements/osmosis").json())
    assert (answer.json()["paid"], answer.json()["credits"]) == (True, 0)
    assert phone.post("/payments/osmosis/mock", {"paid": False}).json()["paid"] is False
    assert not LedgerEntry.objects.exists()


def test_an_available_credit_pays_and_a_held_one_does_not(phone):
    phone.buy()
    body = phone.get("/entitlements/osmosis").json()
    assert (body["paid"], body["credits"], body["credits_held"]) == (True, 1, 0)
    phone.post("/inspections", {"mode": "osmosis"})
    body = phone.get("/entitlements/osmosis").json()
    assert (body["paid"], body["credits"], body["credits_held"]) == (False, 0, 1)


@pytest.mark.parametrize(("fields", "plan"), PLANS)
def test_both_routes_show_the_same_subscription(phone, fields: dict, plan: str):
    answer = phone.post("/subscriptions/corrosion/mock", {"active": True, **fields})
    assert answer.status_code == 200
    assert answer.json() == phone.get("/entitlements/corrosion").json()
    assert answer.json()["corrosion_points_allowed"] == 10
    assert (answer.json()["subscription_active"], answer.json()["plan"]) == (True, plan)
    assert phone.get("/subscriptions/status").json() == {"active": True, "plan": plan, "current_period_end": None}


def test_a_lapsed_subscription_has_no_plan(phone):
    phone.post("/subscriptions/corrosion/mock", {"active": True, "plan": "yearly"})
    lapsed = phone.post("/subscriptions/corrosion/mock", {"active": False, "plan": "yearly"}).json()
    assert (lapsed["subscription_active"], lapsed["plan"], lapsed["corrosion_points_allowed"]) == (False, None, 5)


def test_a_grant_reaches_no_other_owner(phone, stranger):
    phone.buy()
    for path, body in MOCKS.items():
        phone.post(path, body)
    other = Phone.of(stranger)
    assert other.get("/entitlements/osmosis").json()["paid"] is False
    assert other.get("/entitlements/corrosion").json()["subscription_active"] is False


@pytest.mark.parametrize(("path", "body"), MOCKS.items())
def test_the_mock_routes_do_not_exist_without_mock_billing(phone, settings, path: str, body: dict):
    settings.MOCK_BILLING = False
    for sent in (body, {}, {"rubbish": 1}):
        refused(phone.post(path, sent), 404, "NOT_FOUND")
    assert not Entitlement.objects.exists()


@pytest.mark.parametrize("path", MOCKS)
@pytest.mark.parametrize("value", ["true", "false", 1, 0, None, [], "yes", ...])
def test_a_flag_is_true_or_false(phone, path: str, value: object):
    (field,) = MOCKS[path]
    body = {} if value is ... else {field: value}
    assert set(refused(phone.post(path, body), 400, "VALIDATION_ERROR")["fields"]) == {field}


def test_an_unknown_plan_is_refused(phone):
    answer = phone.post("/subscriptions/corrosion/mock", {"active": True, "plan": "weekly"})
    assert set(refused(answer, 400, "VALIDATION_ERROR")["fields"]) == {"plan"}


def test_the_database_refuses_a_subscription_without_a_plan(owner):
    entitlements.lock(owner)
    for nonsense in ({"mock_subscription_active": True}, {"mock_plan": "monthly"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Entitlement.objects.update(**nonsense)


def test_the_first_date_of_the_free_use_is_kept(owner):
    entitlements.use_up_free_corrosion(owner)
    first = Entitlement.objects.get().corrosion_free_used_at
    entitlements.use_up_free_corrosion(owner.pk)
    assert Entitlement.objects.get().corrosion_free_used_at == first


def test_the_lock_of_an_owner_survives_an_erasure_that_deletes_its_row(owner, monkeypatch):
    create, deletions = Entitlement.objects.bulk_create, [1]

    def then_delete(rows, **options):
        create(rows, **options)
        if deletions:
            Entitlement.objects.filter(user=owner).delete()
            deletions.pop()

    monkeypatch.setattr(Entitlement.objects, "bulk_create", then_delete)
    assert entitlements.lock(owner).user_id == owner.pk
    assert Entitlement.objects.filter(user=owner).count() == 1
