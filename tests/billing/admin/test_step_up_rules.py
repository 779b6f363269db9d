"""Test the pages of the rules about step-ups: what staff change, within which bounds, and that it has a reason."""

import pytest

from accounts.models import StaffAction
from billing.models import StepUpRule
from billing.vocabulary import StepUpRuleKind

pytestmark = pytest.mark.django_db
REASON = "too many stolen cards"


def rule(kind: StepUpRuleKind = StepUpRuleKind.NEW_DEVICE_AND_HIGH_AMOUNT, currency: str = "EUR") -> StepUpRule:
    return StepUpRule.objects.get(kind=kind, currency=currency)


def act(client, row: StepUpRule, name: str, **values):
    path = f"/admin/billing/stepuprule/{row.pk}/act/{name}/"
    return client.post(path, {"reason": REASON, **values}, follow=True)


def test_staff_change_a_rule_with_a_reason(desk):
    act(desk, rule(), "change_rule", is_enabled="on", device_age_hours=48, amount="399.50")
    changed = rule()
    assert (changed.is_enabled, changed.device_age_hours, changed.amount_minor) == (True, 48, 39_950)
    done = StaffAction.objects.get()
    assert (done.action, done.subject_id, done.reason) == ("change_rule", str(changed.pk), REASON)
    assert done.detail == {
        "device_age_hours": {"from": 24, "to": 48},
        "amount_minor": {"from": 50_000, "to": 39_950},
    }
    assert REASON in desk.get(f"/admin/billing/stepuprule/{changed.pk}/change/").content.decode()


def test_staff_turn_a_rule_off(desk):
    row = rule(StepUpRuleKind.FAILED_PAYMENTS, "")
    act(desk, row, "change_rule", failed_payments=3, window_days=7)
    assert not rule(StepUpRuleKind.FAILED_PAYMENTS, "").is_enabled


@pytest.mark.parametrize(
    "values",
    [
        {"device_age_hours": 0, "amount": "500"},
        {"device_age_hours": 24, "amount": "-1"},
        {"device_age_hours": 24, "amount": "0.001"},
        {"device_age_hours": 24, "amount": "21474836.48"},
        {"device_age_hours": 24, "amount": "500", "is_enabled": "on"},
        {"device_age_hours": 24, "amount": "500", "reason": " "},
    ],
    ids=["no hours", "below zero", "a fraction of a cent", "too much", "no change", "no reason"],
)
def test_a_wrong_change_is_refused(desk, values):
    answer = act(desk, rule(), "change_rule", **values)
    assert answer.context["form"].errors
    assert not StaffAction.objects.exists()
    assert (rule().device_age_hours, rule().amount_minor, rule().is_enabled) == (24, 50_000, True)


@pytest.mark.parametrize("values", [{"failed_payments": 0, "window_days": 7}, {"failed_payments": 3}])
def test_a_wrong_count_of_payments_is_refused(desk, values):
    answer = act(desk, rule(StepUpRuleKind.FAILED_PAYMENTS, ""), "change_rule", is_enabled="on", **values)
    assert answer.context["form"].errors


def test_staff_add_a_currency_once(desk):
    values = {"currency": "JPY", "device_age_hours": 24, "amount": "80000"}
    act(desk, rule(), "add_currency", **values)
    added = rule(currency="JPY")
    assert (added.amount_minor, added.is_enabled) == (80_000, True)  # the yen has no smaller unit
    assert StaffAction.objects.get().subject_id == str(added.pk)
    answer = act(desk, rule(), "add_currency", **values)
    assert answer.context["form"].non_field_errors() == ["There is a rule for this currency already."]
    assert StaffAction.objects.count() == 1


@pytest.mark.parametrize("values", [{"currency": "jpy"}, {"currency": ""}, {"amount": "0.5"}])
def test_a_wrong_currency_is_refused(desk, values):
    whole = {"currency": "JPY", "device_age_hours": 24, "amount": "80000"} | values
    assert act(desk, rule(), "add_currency", **whole).context["form"].errors
    assert not StepUpRule.objects.filter(currency="JPY").exists()


def test_the_rule_about_failed_payments_has_no_currency(desk):
    answer = act(desk, rule(StepUpRuleKind.FAILED_PAYMENTS, ""), "add_currency", currency="JPY")
    assert "the same for every currency" in answer.content.decode()


def test_only_staff_with_the_permission_change_rules(onlooker):
    answer = act(onlooker, rule(), "change_rule", device_age_hours=48, amount="1")
    assert answer.status_code == 403
    assert rule().device_age_hours == 24


def test_the_list_shows_amounts_in_their_currency(desk):
    page = desk.get("/admin/billing/stepuprule/").content.decode()
    assert "500.00 EUR" in page
