"""Test that the demo fails where the server does not refuse what it should."""

import pytest

from testing.demo.owner import WalkthroughFailed, expect_refusal

pytestmark = pytest.mark.django_db
HISTORY = "/corrosion/history"


def test_an_expected_refusal_is_described(phone):
    said = expect_refusal("SUBSCRIPTION_REQUIRED", "PAYWALL_UI_035", lambda: phone.fetch(HISTORY))
    assert said == "403 SUBSCRIPTION_REQUIRED (PAYWALL_UI_035)"


def test_another_refusal_fails(phone):
    with pytest.raises(WalkthroughFailed, match="expected PAYMENT_REQUIRED, got 403"):
        expect_refusal("PAYMENT_REQUIRED", None, lambda: phone.fetch(HISTORY))


def test_a_call_that_succeeds_fails(phone):
    with pytest.raises(WalkthroughFailed, match="but the call succeeded"):
        expect_refusal("PAYMENT_REQUIRED", None, lambda: phone.fetch("/vessels"))
