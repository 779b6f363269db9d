"""Test the page of an owner's entitlements and payments, and the two flags that staff can set."""

import pytest

from accounts.models import StaffAction
from billing.entitlements import entitlements
from billing.models import Entitlement

pytestmark = pytest.mark.django_db
LIST = "/admin/billing/entitlement/"


def page(owner):
    return f"{LIST}{owner.pk}/change/"


def set_pass(client, owner, standing, reason="tester"):
    sent = {"standing": standing, "reason": reason}
    return client.post(f"{LIST}{owner.pk}/act/set_mock_osmosis_pass/", sent, follow=True)


def set_plan(client, owner, plan, reason="tester"):
    sent = {"plan": plan, "reason": reason}
    return client.post(f"{LIST}{owner.pk}/act/set_mock_corrosion_subscription/", sent, follow=True)


def test_a_search_finds_an_owner_by_address(desk, owner, stranger):
    for user in (owner, stranger):
        entitlements.set_mock_osmosis_pass(owner=user, paid=True)
    assert [row.user for row in desk.get(LIST, {"q": owner.email}).context["cl"].queryset] == [owner]


def test_a_search_finds_an_owner_without_a_row(desk, owner):
    listed = desk.get(LIST, {"q": owner.email.upper()}).content.decode()
    assert page(owner) in listed
    assert desk.get(page(owner)).status_code == 200
    assert not Entitlement.objects.exists(), "looking changes nothing"
    assert "see their page" not in desk.get(LIST).content.decode()


def test_giving_and_withdrawing_the_pass_stores_the_reasons(desk, staff, owner):
    set_pass(desk, owner, "yes", "field test in Aarhus")
    assert entitlements.osmosis_entitlement(owner).pass_standing
    set_pass(desk, owner, "no", "field test is over")
    assert not entitlements.osmosis_entitlement(owner).pass_standing
    given, withdrawn = StaffAction.objects.order_by("at")
    assert (given.reason, given.staff, given.detail) == ("field test in Aarhus", staff, {"from": "no", "to": "yes"})
    assert (given.subject_type, given.subject_id) == ("billing.entitlement", str(owner.pk))
    assert (withdrawn.reason, withdrawn.detail) == ("field test is over", {"from": "yes", "to": "no"})
    text = desk.get(page(owner)).content.decode()
    assert "field test in Aarhus" in text
    assert "field test is over" in text


def test_the_subscription_can_be_set_changed_and_removed(desk, owner):
    for plan, expected in (("monthly", (True, "monthly")), ("yearly", (True, "yearly")), ("none", (False, None))):
        assert set_plan(desk, owner, plan).status_code == 200
        entitlement = entitlements.corrosion_entitlement(owner)
        assert (entitlement.subscribed, entitlement.plan) == expected
    assert StaffAction.objects.count() == 3


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_blank_reason_is_refused_and_nothing_changes(desk, owner, reason):
    for answer in (set_pass(desk, owner, "yes", reason), set_plan(desk, owner, "yearly", reason)):
        assert answer.context["form"].errors["reason"] == ["This field is required."]
    assert not entitlements.osmosis_entitlement(owner).pass_standing
    assert not entitlements.corrosion_entitlement(owner).subscribed
    assert not StaffAction.objects.exists()


def test_setting_the_same_value_again_is_refused(desk, owner):
    answer = set_pass(desk, owner, "no")
    assert answer.context["form"].non_field_errors() == ["No change: this is the current value."]
    assert not StaffAction.objects.exists()


def test_an_unknown_plan_is_refused(desk, owner):
    assert "plan" in set_plan(desk, owner, "lifetime").context["form"].errors
    assert not entitlements.corrosion_entitlement(owner).subscribed


def test_no_flag_can_be_set_where_test_payments_are_off(desk, owner, settings):
    settings.MOCK_BILLING = False
    assert "/act/set_mock" not in desk.get(page(owner)).content.decode()
    for answer in (set_pass(desk, owner, "yes"), set_plan(desk, owner, "yearly")):
        assert "Test payments are off on this server." in answer.content.decode()
    assert not entitlements.osmosis_entitlement(owner).pass_standing
    assert not entitlements.corrosion_entitlement(owner).subscribed
    assert not StaffAction.objects.exists()


def test_credits_and_receipts_are_shown(desk, phone, owner):
    phone.post("/payments/validate", {"provider": "app_store", "receipt": "mock-valid-42"})
    text = desk.get(page(owner)).content.decode()
    assert "1 available" in text
    assert "grant" in text
    order = owner.orders.get()
    assert f"order:{order.pk}" in text
    assert order.provider_ref == "42"
    assert desk.get("/admin/billing/order/?q=42").context["cl"].result_count == 1


def test_the_page_of_an_unknown_owner_is_not_found(desk, owner):
    for pk in ("nonsense", "00000000-0000-4000-8000-000000000000"):
        assert desk.get(f"{LIST}{pk}/change/").status_code == 302  # to the index, as Django does, with a message
