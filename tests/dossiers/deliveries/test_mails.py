"""Test deliveries by mail: our own words, at most once, at most five a day, and what becomes of them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.core import mail
from django.utils import timezone

from dossiers.deliveries import mails, transitions
from dossiers.deliveries.mails import due_mails, send
from dossiers.deliveries.reports import note_view
from dossiers.models import Delivery, Share
from dossiers.shares.links import share_url
from dossiers.shares.viewing import count_view
from dossiers.vocabulary import DeliveryStatus
from notifications.channels.ports import OutcomeUnknown, Refused, Unreachable
from notifications.mail_reports import receive_report
from notifications.models import Notification
from testing.dossiers import draft_of, final_of
from testing.phone import caller
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
TO = "surveyor@example.net"


def deliver(phone, dossier, to=TO, **more):
    return phone.post(f"/dossiers/{dossier.pk}/deliveries", {"channel": "email", "to": to}, **more)


def send_all() -> None:
    for delivery_id in due_mails():
        send(delivery_id)


def latest(phone, dossier) -> dict:
    return phone.get(f"/dossiers/{dossier.pk}/deliveries").json()["results"][0]


def notified(kind: str) -> int:
    return Notification.objects.filter(kind=kind).count()


def test_a_mail_brings_a_link_and_no_word_of_the_owner(phone, owner):
    final = final_of(owner, vessel_name="Sea Otter", statement="My private words.")
    answer = deliver(phone, final)
    assert (answer.status_code, answer.json()["status"]) == (202, "created")
    send_all()
    (sent,) = mail.outbox
    assert sent.to == [TO]
    assert not [words for words in ("Sea Otter", "private", owner.email) if words in f"{sent.subject} {sent.body}"]
    (link,) = (line for line in sent.body.splitlines() if "/share/" in line)
    assert caller().get("/share/" + link.partition("/share/")[2]).status_code == 200
    assert latest(phone, final)["status"] == "delivered"


def test_a_mail_is_submitted_when_the_server_has_it_and_delivered_when_its_link_is_opened(phone, owner):
    final = final_of(owner)
    deliver(phone, final)
    send_all()
    assert (latest(phone, final)["status"], notified("dossier_delivered")) == ("submitted", 0)
    link = next(line for line in mail.outbox[0].body.splitlines() if "/share/" in line)
    for _ in range(2):
        caller().get("/share/" + link.partition("/share/")[2])
    body = latest(phone, final)
    assert (body["status"], body["to"], body["ended_at"] is not None) == ("delivered", TO, True)
    assert notified("dossier_delivered") == 1


def test_the_mail_speaks_the_language_of_the_dossier(phone, owner):
    deliver(phone, final_of(owner, language="de"))
    send_all()
    assert "Bootseigner" in mail.outbox[0].subject


def test_a_mail_is_sent_once_however_often_it_is_asked_for(phone, owner):
    final = final_of(owner)
    for _ in range(2):
        deliver(phone, final, HTTP_IDEMPOTENCY_KEY="once")
    (delivery,) = Delivery.objects.all()
    send(delivery.pk)
    send(delivery.pk)
    assert len(mail.outbox) == 1


def test_an_owner_sends_five_mails_a_day(phone, owner):
    final = final_of(owner)
    assert [deliver(phone, final, f"a{n}@example.net").status_code for n in range(5)] == [202] * 5
    answer = deliver(phone, final)
    assert refused(answer, 429, "RATE_LIMITED")["reason"] == "TOO_MANY_MAILS"
    assert int(answer["Retry-After"]) > 80_000
    phone.delete(f"/dossiers/{final.pk}")
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        assert deliver(type(phone).of(owner), final_of(owner)).status_code == 202


@pytest.mark.parametrize("to", ["no address", "", 7, None, {"name": "A"}, ["a@example.org"], "a@x@example.org"])
def test_what_is_no_address_is_refused(to, phone, owner):
    refused(deliver(phone, final_of(owner), to), 400, "VALIDATION_ERROR")


def test_letters_are_not_offered_where_they_are_off(phone, owner):
    body = {"channel": "post", "to": {"name": "A", "lines": ["B"], "postal_code": "1", "city": "C", "country": "DE"}}
    refused(phone.post(f"/dossiers/{final_of(owner).pk}/deliveries", body), 400, "VALIDATION_ERROR")


def test_only_a_final_dossier_is_sent(phone, owner):
    assert refused(deliver(phone, draft_of(owner)), 409, "NOT_ELIGIBLE")["reason"] == "not_final"


def test_a_mail_of_a_dossier_that_was_revoked_meanwhile_is_not_sent(phone, owner):
    final = final_of(owner)
    deliver(phone, final)
    phone.delete(f"/dossiers/{final.pk}")
    send_all()
    assert mail.outbox == []
    assert (latest(phone, final)["status"], latest(phone, final)["reason"]) == ("failed", "dossier_revoked")
    assert notified("dossier_delivery_failed") == 1


def test_a_mail_whose_share_has_ended_is_not_sent(phone, owner):
    dossier = final_of(owner)
    deliver(phone, dossier)
    share = Share.objects.get()
    assert phone.delete(f"/shares/{share.pk}").status_code == 204
    send_all()
    assert mail.outbox == []
    assert latest(phone, dossier)["status"] == "failed"


def test_a_link_that_is_opened_before_the_server_answers_is_delivered(phone, owner, monkeypatch):
    """As by a scanner of the recipient's mail server."""
    dossier = final_of(owner)
    deliver(phone, dossier)

    def open_link(_: object) -> None:
        share = Share.objects.get()
        count_view(share)
        note_view(share)

    monkeypatch.setattr(mails, "send_outside_mail", open_link)
    send_all()
    assert latest(phone, dossier)["status"] == "delivered"


def test_a_later_view_delivers_what_a_kill_left(phone, owner):
    dossier = final_of(owner)
    deliver(phone, dossier)
    send_all()
    count_view(Share.objects.get())  # killed here
    link = share_url(Share.objects.get()).partition("8000")[2]
    assert caller().get(link).status_code == 200
    assert latest(phone, dossier)["status"] == "delivered"


def failing(monkeypatch, failure: Exception) -> None:
    def refuse(_):
        raise failure

    monkeypatch.setattr(mails, "send_outside_mail", refuse)


def test_a_refused_mail_fails_and_the_owner_learns_it(phone, owner, monkeypatch):
    failing(monkeypatch, Refused("SMTP 550"))
    final = final_of(owner)
    deliver(phone, final)
    send_all()
    assert (latest(phone, final)["status"], latest(phone, final)["reason"]) == ("failed", "refused")
    assert notified("dossier_delivery_failed") == 1


def test_a_mail_that_was_not_accepted_is_sent_again(phone, owner, monkeypatch):
    final = final_of(owner)
    deliver(phone, final)
    with monkeypatch.context() as patched:
        failing(patched, Unreachable("421"))
        send_all()
    assert due_mails() == []
    Delivery.objects.update(due_at=timezone.now())
    send_all()
    assert (latest(phone, final)["status"], len(mail.outbox)) == ("submitted", 1)


def test_a_server_that_never_accepts_it_ends_it(phone, owner, monkeypatch):
    failing(monkeypatch, Unreachable("421"))
    final = final_of(owner)
    deliver(phone, final)
    for _ in range(Delivery.retry.max_attempts):
        send_all()
        Delivery.objects.update(due_at=timezone.now())
    assert (latest(phone, final)["status"], latest(phone, final)["reason"]) == ("failed", "not_accepted")


def test_a_mail_that_may_have_arrived_is_not_repeated(phone, owner, monkeypatch):
    failing(monkeypatch, OutcomeUnknown("timeout"))
    final = final_of(owner)
    deliver(phone, final)
    send_all()
    assert (latest(phone, final)["status"], latest(phone, final)["reason"]) == ("failed", "outcome_unknown")


def test_a_mail_whose_worker_was_killed_while_it_sent_is_not_repeated(phone, owner):
    final = final_of(owner)
    deliver(phone, final)
    Delivery.objects.update(attempts=1, handed_over_at=timezone.now())
    send_all()
    assert mail.outbox == []
    assert latest(phone, final)["reason"] == "outcome_unknown"


def bounce(address: str, at: datetime) -> None:
    event = AnymailTrackingEvent(
        event_type=EventType.BOUNCED, reject_reason=RejectReason.BOUNCED, recipient=address, timestamp=at
    )
    receive_report(event=event, esp_name="postmark")


def test_a_mail_that_bounces_is_returned_once(phone, owner):
    final = final_of(owner)
    deliver(phone, final)
    send_all()
    for _ in range(2):
        bounce(TO, datetime.now(UTC))
    assert (latest(phone, final)["status"], latest(phone, final)["reason"]) == ("returned", "bounced")
    assert notified("dossier_delivery_failed") == 1


def test_a_bounce_from_before_the_mail_or_of_another_address_changes_nothing(phone, owner):
    final = final_of(owner)
    deliver(phone, final)
    send_all()
    bounce(TO, datetime.now(UTC) - timedelta(hours=1))
    bounce("another@example.net", datetime.now(UTC))
    assert latest(phone, final)["status"] == "submitted"


def test_the_list_is_newest_first_and_of_one_dossier(phone, owner):
    final = final_of(owner)
    for number in range(3):
        deliver(phone, final, f"a{number}@example.net")
    body = phone.get(f"/dossiers/{final.pk}/deliveries?page_size=2").json()
    assert [each["to"] for each in body["results"]] == ["a2@example.net", "a1@example.net"]
    assert body["next"]


def test_every_status_has_its_transitions_on_one_screen():
    assert transitions.TRANSITIONS.keys() == set(DeliveryStatus)


def test_a_transition_that_is_not_in_the_table_is_refused(phone, owner):
    deliver(phone, final_of(owner))
    delivery = Delivery.objects.get()
    with pytest.raises(transitions.TransitionRefused):
        transitions.deliver(delivery)
    transitions.submit(delivery)
    transitions.deliver(delivery)
    with pytest.raises(transitions.TransitionRefused):
        transitions.fail(delivery, "refused")
    stale = Delivery.objects.get()
    stale.status = "submitted"
    assert not transitions.return_to_sender(stale, "bounced")
