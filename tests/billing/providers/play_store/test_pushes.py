"""Test that only pushes signed by Google for us, now, about our app, are accepted, and each is stored once."""

import base64
import json
import time

import jwt
import pytest

from billing.models import Order, ProviderEvent
from billing.providers.play_store import pushes
from testing.fake_stores.play_actions import PACKAGE, Push, push_of
from testing.phone import caller
from tests.billing.providers.play_store.calls import push, work

pytestmark = pytest.mark.django_db
# Seconds from now, because the tests are collected minutes before they run.
PAST = {"iat": -7200, "exp": -60}
FUTURE = {"iat": 86_400, "exp": 90_000}
TEST = {"version": "1.0", "packageName": PACKAGE, "testNotification": {"version": "1.0"}}


@pytest.fixture
def genuine(google, owner) -> Push:
    google.buy(str(owner.pk))
    return google.pushes[0]


def data_of(genuine: Push) -> dict:
    return json.loads(base64.b64decode(json.loads(genuine.body)["message"]["data"]))


def is_accepted(answer: int) -> bool:
    return answer != 400 or ProviderEvent.objects.exists() or Order.objects.exists()


def test_a_genuine_push_is_stored_once_and_processed_later(genuine, phone):
    assert [push(genuine) for _ in range(3)] == [200] * 3
    stored = ProviderEvent.objects.get()
    assert (stored.kind, stored.verdict, stored.state) == ("one_time/1", "OIDC", "waiting")
    assert stored.event_id == json.loads(genuine.body)["message"]["messageId"]
    assert bytes(stored.body) == genuine.body
    assert "Authorization" not in stored.headers
    work()
    assert phone.credits() == (1, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "somebody else"},
        {"key_id": "google-2"},
        {"aud": "https://api.example.org/another"},
        {"aud": ["https://api.example.org/another"]},
        {"email": "somebody@project.example.org"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"iss": "https://accounts.example.org"},
        PAST,
        FUTURE,
        {"exp": "never"},
    ],
    ids=lambda changes: {PAST["exp"]: "past", FUTURE["exp"]: "future"}.get(changes.get("exp"), " ".join(changes)),
)
def test_a_push_with_other_claims_is_refused(genuine, changes):
    now = int(time.time())
    claims = {
        name: now + value if isinstance(value, int) and not isinstance(value, bool) else value
        for name, value in changes.items()
    }
    assert not is_accepted(push(push_of(data_of(genuine), **claims)))


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Bearer " + "W1tbW1s." * 3, "Basic dXNlcjpwYXNz"],
)
def test_a_push_without_a_token_is_refused(genuine, header):
    assert not is_accepted(push(genuine, Authorization=header))


def test_a_push_without_a_header_is_refused(genuine):
    answer = caller().generic("POST", "/v1/webhooks/play-store", genuine.body, content_type="application/json")
    assert not is_accepted(answer.status_code)


def test_a_token_unsigned_or_signed_with_the_public_key_is_refused(genuine):
    token = genuine.headers["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, options={"verify_signature": False})
    for algorithm, key in (("none", ""), ("HS256", "the public key used as a secret")):
        forged = jwt.encode(claims, key or None, algorithm, headers={"kid": "google-1"})
        assert not is_accepted(push(genuine, Authorization=f"Bearer {forged}"))


def test_an_edited_token_is_refused(genuine):
    head, claims, signature = genuine.headers["Authorization"].split(".")
    for edited in (f"{head}.{claims[:-2]}AA.{signature}", f"{head}.{claims}.{signature[:-4]}AAAA"):
        assert not is_accepted(push(genuine, Authorization=edited))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 9000,
        b'{"message":{}}',
        b'{"message":{"data":"!","messageId":"1"}}',
        b'{"message":{"data":"W10=","messageId":"1"}}',
        b'{"message":{"data":"bm8=","messageId":"1"}}',
    ],
)
def test_a_body_of_another_form_is_refused(genuine, body):
    assert not is_accepted(push(Push(body, genuine.headers)))


@pytest.mark.parametrize("message_id", [None, 7, "", "x" * 201])
def test_a_message_without_a_name_is_refused(genuine, message_id):
    body = json.loads(genuine.body)
    body["message"]["messageId"] = message_id
    assert not is_accepted(push(Push(json.dumps(body).encode(), genuine.headers)))


@pytest.mark.parametrize(
    "about",
    [
        {"testNotification": {"version": "1.0"}},
        {"subscriptionNotification": {"purchaseToken": "not even ours to check"}},
        {"oneTimeProductNotification": {"notificationType": 1, "sku": "osmosis_inspection", "purchaseToken": "abc"}},
    ],
)
def test_a_push_about_another_app_is_stored_as_not_ours(google, about):
    assert push(push_of({"packageName": "org.example.other", **about})) == 200
    work()
    event = ProviderEvent.objects.get()
    assert (event.state, event.verdict, event.ref, bytes(event.body)) == ("done", "OIDC, not ours", "", b"")
    assert google.calls == ["certs"]


@pytest.mark.parametrize(
    "about",
    [
        {
            "oneTimeProductNotification": {
                "notificationType": 1,
                "sku": "osmosis_inspection",
                "purchaseToken": "x" * 431,
            }
        },
        {"oneTimeProductNotification": {"notificationType": 1, "sku": "osmosis_inspection", "purchaseToken": "a b"}},
        {"oneTimeProductNotification": {"notificationType": 1, "sku": "osmosis_inspection"}},
        {"subscriptionNotification": {"purchaseToken": "abc"}},
        {"subscriptionNotification": []},
        {"voidedPurchaseNotification": {"productType": 1, "purchaseToken": "abc", "orderId": "a:b"}},
    ],
)
def test_a_push_with_invalid_fields_is_refused(google, about):
    assert not is_accepted(push(push_of({"packageName": PACKAGE, **about})))


@pytest.mark.parametrize(
    ("about", "kind"),
    [
        ({"testNotification": {"version": "1.0"}}, "test"),
        ({"pendingRefundReviewNotification": {"purchaseToken": "abc"}}, "other"),
        ({"oneTimeProductNotification": {"notificationType": 1, "sku": "gold", "purchaseToken": "abc"}}, "one_time/1"),
        ({"subscriptionNotification": {"notificationType": 99, "purchaseToken": "abc"}}, "subscription/99"),
        ({"voidedPurchaseNotification": {"productType": 2, "purchaseToken": "abc", "orderId": "GPA.1"}}, "voided/2"),
    ],
)
def test_a_push_that_needs_no_action_is_stored_as_done(google, about, kind):
    assert push(push_of({"packageName": PACKAGE, **about})) == 200
    work()
    stored = ProviderEvent.objects.get()
    assert (stored.kind, stored.state) == (kind, "done")


@pytest.mark.parametrize("fault", [(503, {}), (0, None), (200, b"no JSON"), (200, [])])
def test_a_push_is_503_while_the_keys_of_google_are_unavailable(google, genuine, fault, monkeypatch):
    google.faults["certs"] = [fault]
    assert [push(genuine) for _ in range(3)] == [503] * 3
    assert google.calls.count("certs") == 1, "later requests waited for the same call"
    monkeypatch.setattr(pushes, "_PAUSE_SECONDS", 0)
    assert push(genuine) == 200


def test_known_keys_stay_valid_while_new_ones_are_unavailable(google, genuine, monkeypatch):
    assert push(genuine) == 200
    google.faults["certs"] = [(503, {})] * 3
    monkeypatch.setattr(pushes, "_FRESH_SECONDS", 0)
    assert push(genuine) == 200, "called again before the pause was over"
    monkeypatch.setattr(pushes, "_PAUSE_SECONDS", 0)
    assert push(genuine) == 503
    monkeypatch.setattr(pushes, "_PAUSE_SECONDS", 30)
    assert push(genuine) == 200


def test_the_keys_of_google_are_fetched_once(google, genuine):
    for _ in range(3):
        push(genuine)
        push(push_of(TEST, key="somebody else", key_id="made up"))
    assert google.calls.count("certs") == 1


def test_every_push_is_refused_where_google_play_is_not_set_up():
    assert not is_accepted(push(push_of(TEST)))


@pytest.mark.parametrize("missing", ["PLAY_PUSH_AUDIENCE", "PLAY_PUSH_ACCOUNT"])
def test_every_push_is_refused_without_a_known_sender(google, settings, missing):
    setattr(settings, missing, "")
    assert not is_accepted(push(push_of(TEST, aud="", email="")))
