"""Test the webhook of the letter service: signed, any number of times, in any order, about any letter."""

from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from django.utils import timezone

from dossiers.models import Delivery
from notifications.models import Notification
from testing.fake_lob import Fault
from testing.letters import paid_letter, refunds_of, work_off
from testing.phone import caller
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
WHOLE_WAY = ("letter.mailed", "letter.in_transit", "letter.in_local_area", "letter.processed_for_delivery")


@pytest.fixture
def letter(phone, owner, lob, fake) -> Delivery:
    made = paid_letter(phone, owner, fake)
    work_off()
    made.refresh_from_db()
    return made


def post(lob, event, **forged):
    body, headers = lob.signed(event, **forged)
    content_type = headers.pop("Content-Type")
    return caller().generic("POST", "/v1/webhooks/post", body, content_type=content_type, headers=headers)


def told(lob, event, **forged):
    """Deliver an event, and play the worker that it wakes."""
    answer = post(lob, event, **forged)
    assert answer.status_code == 200, answer.content
    work_off()
    return answer


def status_of(letter) -> str:
    return Delivery.objects.get(pk=letter.pk).status


def test_an_event_has_the_letter_read_again(letter, lob, broker):
    event = lob.advance(letter.provider_ref, "letter.mailed")
    broker.clear()
    with transaction.atomic():
        assert post(lob, event).json() == {"received": True}
    assert status_of(letter) == "submitted"
    work_off()
    assert status_of(letter) == "in_transit"


def test_events_twice_and_in_any_order_end_as_events_in_order_do(letter, lob):
    events = [lob.advance(letter.provider_ref, kind) for kind in (*WHOLE_WAY, "letter.delivered")] * 2
    Random(4).shuffle(events)
    for event in events:
        told(lob, event)
    assert status_of(letter) == "delivered"
    assert Notification.objects.filter(kind="dossier_delivered").count() == 1


def test_an_event_about_what_is_not_printed_refunds_once(letter, lob):
    event = lob.advance(letter.provider_ref, "letter.failed")
    del lob.letters[letter.provider_ref]["status"]  # the letter need not say it
    for _ in range(3):
        told(lob, event)
    assert (status_of(letter), refunds_of(letter)) == ("failed", ["open"])


def test_an_event_finds_a_letter_whose_answer_was_lost(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    lob.fail(Fault.LOST)
    work_off()
    assert status_of(letter) == "paid"
    told(lob, lob.events[0])
    assert status_of(letter) == "submitted"


@pytest.mark.parametrize("kind", ["letter.created", "letter.viewed", "letter.unheard_of", "postcard.mailed"])
def test_an_event_without_news_changes_nothing(kind, letter, lob):
    event = lob.advance(letter.provider_ref, "letter.rendered_pdf")
    event["event_type"]["id"] = kind
    told(lob, event)
    assert status_of(letter) == "submitted"


@pytest.mark.parametrize("change", [{"reference_id": "ltr_0"}, {"body": None}, {"body": {"metadata": {}}}])
def test_an_event_about_another_letter_is_received_and_ignored(change, letter, lob):
    event = lob.advance(letter.provider_ref, "letter.mailed") | {"reference_id": "psc_0", "body": {}} | change
    told(lob, event)
    assert status_of(letter) == "submitted"


def test_an_event_about_a_letter_that_has_ended_changes_nothing(letter, lob):
    told(lob, lob.advance(letter.provider_ref, "letter.delivered"))
    told(lob, lob.advance(letter.provider_ref, "letter.failed"))
    assert (status_of(letter), refunds_of(letter)) == ("delivered", [])


@pytest.mark.parametrize("forged", [{"secret": "another"}, {"secret": ""}, {"at": 1_700_000_000.0}])
def test_a_forged_and_an_old_event_are_refused(forged, letter, lob):
    event = lob.advance(letter.provider_ref, "letter.failed")
    assert "signature" in refused(post(lob, event, **forged), 400, "VALIDATION_ERROR")["fields"]
    assert status_of(letter) == "submitted"


def test_an_event_is_replayed_within_five_minutes_only(letter, lob):
    event = lob.advance(letter.provider_ref, "letter.mailed")
    now = timezone.now()
    assert post(lob, event, at=(now - timedelta(minutes=4)).timestamp()).status_code == 200
    assert post(lob, event, at=(now - timedelta(minutes=6)).timestamp()).status_code == 400
    assert post(lob, event, at=(now + timedelta(minutes=6)).timestamp()).status_code == 400


def test_no_event_is_taken_where_letters_are_off(letter, lob, settings):
    event = lob.advance(letter.provider_ref, "letter.mailed")
    settings.LETTERS = "off"
    refused(post(lob, event), 400, "VALIDATION_ERROR")


def test_an_event_that_is_too_large_is_refused(letter, lob, settings):
    settings.MAX_REQUEST_BODY_BYTES = 100
    assert post(lob, lob.advance(letter.provider_ref, "letter.mailed")).status_code == 413


def test_an_event_while_the_service_is_down_is_not_lost(letter, lob):
    event = lob.advance(letter.provider_ref, "letter.mailed")
    lob.is_down = True
    told(lob, event)
    assert status_of(letter) == "submitted"
    lob.is_down = False
    work_off(later=timedelta(minutes=5))
    assert status_of(letter) == "in_transit"
