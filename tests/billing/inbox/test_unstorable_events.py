"""Test signed webhooks with a NUL, half of a surrogate pair, or names of any length: none ends in a 500."""

import hashlib
import hmac
import json
import time
from typing import Any

import pytest

from billing.inbox import events
from billing.models import ProviderEvent
from testing.fake_stores.app_store import FakeAppStore
from testing.fake_stores.configuration import configure_app_store
from testing.fake_stores.play_actions import PACKAGE, push_of
from testing.phone import caller
from testing.web_purchases import buy, order_of, post, selling
from tests.billing.providers.play_store.calls import push, selling_on_play, send_receipt, status

pytestmark = pytest.mark.django_db
UNSTORABLE = {
    "lone surrogate": "evt_\ud800",
    "other half": "\udfff",
    "NUL": "evt_\x00",
    "control": "evt\n",
    "too long": "e" * 501,
    "empty": "",
}
TEXTS = pytest.mark.parametrize("text", UNSTORABLE.values(), ids=UNSTORABLE)


@pytest.fixture
def fake(settings):
    with selling(settings) as fake:
        yield fake


@pytest.fixture
def event(phone, fake) -> dict[str, Any]:
    fake.pay(order_of(buy(phone)).provider_ref)
    return fake.events[-1]


@TEXTS
@pytest.mark.parametrize("field", ["id", "type"])
def test_stripe_event_fields_with_unstorable_text_are_refused(fake, event, field, text):
    assert post(fake, event | {field: text}).status_code == 400
    assert not ProviderEvent.objects.exists()


@TEXTS
@pytest.mark.parametrize("field", ["id", "object", "payment_intent", "customer"])
def test_stripe_object_fields_with_unstorable_text_cause_no_500(fake, event, field, text):
    changed = event | {"data": {"object": event["data"]["object"] | {field: text}}}
    assert post(fake, changed).status_code in (200, 400)


@TEXTS
def test_unstorable_text_elsewhere_in_a_stripe_event_is_processed(fake, event, text):
    noted = event["data"]["object"] | {"metadata": {"note": text, text: "key"}}
    assert post(fake, event | {"data": {"object": noted}}).status_code == 200
    stored = ProviderEvent.objects.get()
    events.process_event(stored.pk)
    stored.refresh_from_db()
    assert stored.state == "done"


def test_a_signed_deeply_nested_body_is_refused(fake):
    tower = b'{"id": ' + b"[" * 60_000 + b"]" * 60_000 + b"}"
    at = int(time.time())
    signature = hmac.new(fake.webhook_secret.encode(), f"{at}.".encode() + tower, hashlib.sha256).hexdigest()
    headers = {"Stripe-Signature": f"t={at},v1={signature}"}
    answer = caller().generic("POST", "/v1/webhooks/stripe", tower, content_type="application/json", headers=headers)
    assert answer.status_code == 400


@TEXTS
@pytest.mark.parametrize("field", ["notificationUUID", "notificationType", "subtype", "version"])
def test_apple_notification_fields_with_unstorable_text_cause_no_500(settings, tmp_path, owner, field, text):
    with FakeAppStore() as apple:
        configure_app_store(settings, apple, tmp_path)
        ref = apple.buy("osmosis_inspection", token=str(owner.pk))
        body = apple.notification("ONE_TIME_CHARGE", ref, **{field: text})
        answer = caller().generic("POST", "/v1/webhooks/app-store", body, content_type="application/json")
        assert answer.status_code in (200, 400)


@TEXTS
@pytest.mark.parametrize("field", ["transactionId", "productId", "appAccountToken", "storefront"])
def test_apple_transaction_fields_with_unstorable_text_cause_no_500(settings, tmp_path, owner, field, text):
    with FakeAppStore() as apple:
        configure_app_store(settings, apple, tmp_path)
        ref = apple.buy("osmosis_inspection", token=str(owner.pk))
        apple.transactions[ref][field] = text
        body = apple.notification("ONE_TIME_CHARGE", ref)
        answer = caller().generic("POST", "/v1/webhooks/app-store", body, content_type="application/json")
        assert answer.status_code in (200, 400)


@TEXTS
@pytest.mark.parametrize("field", ["purchaseToken", "sku", "notificationType", "version"])
def test_google_purchase_fields_with_unstorable_text_cause_no_500(settings, owner, field, text):
    with selling_on_play(settings):
        fields = {"version": "1.0", "notificationType": 1, "purchaseToken": "a.b", "sku": "osmosis_inspection"}
        data = {"packageName": PACKAGE, "oneTimeProductNotification": fields | {field: text}}
        assert push(push_of(data)) in (200, 400)


@TEXTS
@pytest.mark.parametrize("field", ["purchaseToken", "productId", "packageName", "orderId"])
def test_receipt_fields_with_unstorable_text_cause_no_500(settings, phone, field, text):
    with selling_on_play(settings) as google:
        token = google.buy(str(phone.owner.pk))
        answer = send_receipt(phone, token, **{field: text})
        assert status(answer) in ("valid", "invalid")


@TEXTS
def test_an_error_with_unstorable_text_is_recorded(fake, event, monkeypatch, text):
    def fail(_: ProviderEvent) -> None:
        raise ValueError(text)

    post(fake, event)
    monkeypatch.setattr("billing.sync.polling.sync_event", fail)
    stored = ProviderEvent.objects.get()
    events.process_event(stored.pk)
    stored.refresh_from_db()
    assert (stored.attempts, stored.error.partition(":")[0]) == (1, "ValueError")


@pytest.mark.parametrize("text", ["\ud800", "\x00"], ids=["lone surrogate", "NUL"])
def test_keys_of_a_body_with_unstorable_text_cause_no_500(phone, text):
    for body in ({text: 1}, {"capture_context": {text: text}}, {"capture_context": {"region_text": text}}):
        data = json.dumps({"mode": "corrosion"} | body)
        assert phone.client.generic("POST", "/v1/inspections", data, content_type="application/json").status_code < 500
