"""Test one effect per key under repetition, in parallel, and with any token of the same user."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts.identity.sessions import start_session
from billing.api import payment_views
from billing.models import Entitlement, LedgerEntry
from inspections.models import Inspection
from maretech.common.http import idempotency
from maretech.common.models import IdempotencyRecord
from maretech.common.work import retention
from testing.fake_stores.play_actions import receipt
from testing.phone import Phone
from tests.concurrency import at_once
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
PATH = "/payments/validate"


def body(number: int = 1) -> dict[str, str]:
    return {"provider": "app_store", "receipt": f"mock-valid-{number}"}


def send(phone: Phone, sent: dict | None = None, key: str = "key", path: str = PATH):
    return phone.post(path, body() if sent is None else sent, HTTP_IDEMPOTENCY_KEY=key)


def claimed(phone: Phone, *, seconds_ago: float, key: str = "key") -> IdempotencyRecord:
    """Create the claim of a request that is still running, or died."""
    return IdempotencyRecord.objects.create(
        user_id=phone.owner.pk,
        path=f"/v1{PATH}",
        key=key,
        body_sha256=idempotency._fingerprint(body()),
        claimed_at=timezone.now() - timedelta(seconds=seconds_ago),
    )


def test_the_same_key_and_body_replay_the_answer(phone):
    first, again = send(phone), send(phone)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first


def test_order_and_spacing_of_the_body_do_not_matter(phone):
    send(phone)
    raw = '{ "receipt":"mock-valid-1",   "provider":"app_store" }'
    as_json = {"content_type": "application/json", "HTTP_IDEMPOTENCY_KEY": "key"}
    answer = phone.client.generic("POST", f"/v1{PATH}", raw, **as_json)
    assert answer["Idempotent-Replayed"] == "true"


def test_another_body_under_the_key_is_refused_without_effect(phone):
    send(phone)
    refused(send(phone, body(2)), 422, "IDEMPOTENCY_KEY_REUSED")
    assert phone.credits() == (1, 0)


def test_the_same_key_of_another_owner_is_independent(phone, stranger):
    send(phone)
    answer = send(Phone.of(stranger), body(2))
    assert (answer.status_code, "Idempotent-Replayed" in answer) == (200, False)
    refused(send(phone, body(2)), 422, "IDEMPOTENCY_KEY_REUSED")


def test_a_new_token_of_the_same_owner_replays_the_answer(phone):
    send(phone)
    start_session(user=phone.owner)
    assert send(Phone.of(phone.owner))["Idempotent-Replayed"] == "true"


def test_a_key_belongs_to_one_path(phone):
    send(phone)
    answer = send(phone, {"paid": True}, path="/payments/osmosis/mock")
    assert (answer.status_code, "Idempotent-Replayed" in answer) == (200, False)


@pytest.mark.parametrize("key", ["", "a" * 256, "a\tb", "a\x7f", "a\x00"])
def test_an_invalid_key_is_refused_without_effect(phone, key: str):
    refused(send(phone, key=key), 400, "VALIDATION_ERROR")
    assert phone.credits() == (0, 0)


@pytest.mark.parametrize("key", ["x", "a" * 255, "a b", "k:/?#[]@!$&'()*+,;=%", "é"], ids=len)
def test_a_key_has_1_to_255_printable_characters(phone, key: str):
    assert [send(phone, key=key).status_code for _ in range(2)] == [200, 200]
    assert IdempotencyRecord.objects.count() == 1


def test_a_second_request_is_refused_while_the_first_runs(phone):
    claimed(phone, seconds_ago=5)
    answer = send(phone)
    refused(answer, 409, "IDEMPOTENCY_IN_PROGRESS")
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert phone.credits() == (0, 0)


def test_another_body_is_refused_even_while_the_first_request_runs(phone):
    claimed(phone, seconds_ago=5)
    refused(send(phone, body(2)), 422, "IDEMPOTENCY_KEY_REUSED")


def test_the_claim_of_a_dead_request_is_taken_over_after_sixty_seconds(phone):
    claimed(phone, seconds_ago=59)
    refused(send(phone), 409, "IDEMPOTENCY_IN_PROGRESS")
    IdempotencyRecord.objects.update(claimed_at=timezone.now() - timedelta(seconds=61))
    assert send(phone).json() == {"status": "valid"}
    assert send(phone)["Idempotent-Replayed"] == "true"
    assert phone.credits() == (1, 0)


def test_a_request_that_lost_its_claim_leaves_no_effect(phone, monkeypatch):
    settle = idempotency._settle

    def taken_over_meanwhile(record, effect):
        IdempotencyRecord.objects.filter(pk=record.pk).update(claim=uuid4())
        return settle(record, effect)

    monkeypatch.setattr(idempotency, "_settle", taken_over_meanwhile)
    refused(send(phone), 409, "IDEMPOTENCY_IN_PROGRESS")
    assert phone.credits() == (0, 0)


def test_a_402_is_not_stored_and_succeeds_after_a_payment(phone):
    refused(send(phone, {"mode": "osmosis"}, path="/inspections"), 402, "PAYMENT_REQUIRED")
    assert not IdempotencyRecord.objects.exists()
    phone.buy()
    answer = send(phone, {"mode": "osmosis"}, path="/inspections")
    assert (answer.status_code, "Idempotent-Replayed" in answer) == (201, False)
    again = send(phone, {"mode": "osmosis"}, path="/inspections")
    assert again.json()["inspection_id"] == answer.json()["inspection_id"]
    assert phone.credits() == (0, 1)


def test_a_bad_request_leaves_no_claim(phone):
    refused(send(phone, {"provider": "paypal"}), 400, "VALIDATION_ERROR")
    assert send(phone).status_code == 200


def test_a_crash_leaves_neither_effect_nor_claim(phone, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("billing.ledger.inspection_credits.grant", lambda **_: 1 / 0)
        refused(send(phone), 500, "INTERNAL_ERROR")
    assert not IdempotencyRecord.objects.exists()
    assert send(phone).json() == {"status": "valid"}
    assert phone.credits() == (1, 0)


def test_effect_and_outcome_are_stored_in_one_transaction(phone, monkeypatch):
    """A request that dies after the effect and before the outcome leaves neither."""
    with monkeypatch.context() as patched:
        patched.setattr("billing.api.payment_views.Outcome", lambda *_: 1 / 0)
        refused(send(phone), 500, "INTERNAL_ERROR")
    assert not LedgerEntry.objects.exists()


def test_a_replay_shows_the_present_state(phone):
    first = send(phone, {"paid": True}, path="/payments/osmosis/mock")
    phone.buy()
    again = send(phone, {"paid": True}, path="/payments/osmosis/mock")
    assert (first.json()["credits"], again.json()["credits"]) == (0, 1)
    assert Entitlement.objects.get().mock_osmosis_paid is True


def test_a_record_holds_a_reference_and_never_a_link(phone):
    send(phone, {"mode": "corrosion"}, path="/inspections")
    assert "storage" not in str(IdempotencyRecord.objects.get().reference)


def test_records_are_deleted_after_a_day_at_the_earliest(phone, settings):
    assert settings.IDEMPOTENCY_KEEP_HOURS >= 24
    send(phone)
    with time_machine.travel(timezone.now() + timedelta(hours=24)):
        assert retention.apply_retention()["idempotency records"] == 0
    with time_machine.travel(timezone.now() + timedelta(hours=settings.IDEMPOTENCY_KEEP_HOURS, seconds=1)):
        assert retention.apply_retention()["idempotency records"] == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_posts_with_one_key_have_one_effect(phone):
    phone.subscribe()
    sent = {"mode": "corrosion", "points": 2}
    answers = at_once(50, lambda: send(phone, sent, path="/inspections"))
    assert Inspection.objects.count() == 1
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {201, 409}
    made = [answer for answer in answers if answer.status_code == 201]
    assert len([answer for answer in made if "Idempotent-Replayed" not in answer]) == 1
    assert {answer.json()["inspection_id"] for answer in made} == {str(Inspection.objects.get().pk)}
    for answer in answers:
        if answer.status_code == 409:
            refused(answer, 409, "IDEMPOTENCY_IN_PROGRESS")
            assert int(answer["Retry-After"]) >= 1


@pytest.mark.django_db(transaction=True)
def test_ten_parallel_posts_with_ten_keys_have_ten_effects(phone):
    """The control: the same requests, each with a key of its own."""
    phone.subscribe()
    keys = iter(range(10))
    at_once(10, lambda: send(phone, {"mode": "corrosion"}, key=f"k{next(keys)}", path="/inspections"))
    assert Inspection.objects.count() == 10


def test_an_invalid_receipt_is_verified_again_under_its_key(phone, google):
    token = google.buy_pending(str(phone.owner.pk))
    sent = {"provider": "play_store", "receipt": receipt(token)}
    assert send(phone, sent).json() == {"status": "invalid"}
    assert not IdempotencyRecord.objects.exists()
    google.complete_pending(token)
    paid = send(phone, sent)
    assert (paid.json(), "Idempotent-Replayed" in paid) == ({"status": "valid"}, False)
    again = send(phone, sent)
    assert (again.json(), again["Idempotent-Replayed"]) == ({"status": "valid"}, "true")
    assert phone.credits() == (1, 0)


def test_a_request_that_lost_its_claim_gets_no_answer_that_is_not_stored(phone, monkeypatch):
    verified = payment_views.receipts.verify_receipt

    def taken_over(**fields):
        IdempotencyRecord.objects.update(claim=uuid4())
        return verified(**fields)

    monkeypatch.setattr(payment_views.receipts, "verify_receipt", taken_over)
    refused(send(phone, {"provider": "app_store", "receipt": "none"}), 409, "IDEMPOTENCY_IN_PROGRESS")
    assert IdempotencyRecord.objects.get().status_code is None
