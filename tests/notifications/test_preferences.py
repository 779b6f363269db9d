"""Test what owners choose: kinds and channels, quiet hours, zone and language."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from maretech.common.work.retention import apply_retention
from notifications.account_notices import stop_mail
from notifications.catalogue.kinds import KINDS
from notifications.models import ContactSettings, Delivery, Notification, Preference
from notifications.notify import notify
from notifications.recipients import preferences
from notifications.recipients.preferences import change_preferences, zone_of
from notifications.tasks import send_due_deliveries
from notifications.vocabulary import Channel, DisabledReason, KindName
from testing.phone import Phone, caller
from testing.surveys import surveyor_in
from tests.concurrency import at_once_behind
from tests.contract.refusals import refused
from tests.notifications.sample_notifications import result_ready

pytestmark = pytest.mark.django_db
PATH = "/auth/me/notification-preferences"


def put(phone: Phone, **body: Any) -> Any:
    return phone.call("PUT", PATH, body, format="json")


def chosen(phone: Phone, kind: str) -> dict[str, Any]:
    (found,) = (each for each in phone.fetch(PATH)["kinds"] if each["kind"] == kind)
    return found


def test_the_defaults_are_those_of_the_table(phone) -> None:
    found = phone.fetch(PATH)
    assert {name: found[name] for name in ("quiet_hours", "time_zone", "locale", "email_disabled")} == {
        "quiet_hours": None,
        "time_zone": "UTC",
        "locale": "en",
        "email_disabled": None,
    }
    assert chosen(phone, "payment_received") == {
        "kind": "payment_received",
        "push": False,
        "email": True,
        "can_be_switched_off": True,
    }
    assert chosen(phone, "security")["can_be_switched_off"] is False


def test_only_wired_kinds_for_owners_are_listed(phone) -> None:
    offered = {each["kind"] for each in phone.fetch(PATH)["kinds"]}
    assert offered == {
        kind.name for kind in KINDS.values() if kind.is_wired and "owner" in kind.audiences and "push" in kind.channels
    }


def test_a_surveyor_reads_and_switches_off_also_the_kinds_of_surveyors(phone) -> None:
    surveyor = Phone.of(surveyor_in().user)
    of_surveyors = {"appointment_booked", "appointment_disputed", "payout_sent", "payout_failed"}
    offered, of_owners = (
        {each["kind"] for each in each_phone.fetch(PATH)["kinds"]} for each_phone in (surveyor, phone)
    )
    assert offered - of_owners == of_surveyors
    assert of_owners < offered
    assert put(surveyor, kinds=[{"kind": kind, "email": False} for kind in of_surveyors]).status_code == 200
    assert not any(chosen(surveyor, kind)["email"] for kind in of_surveyors)
    refused(put(surveyor, kinds=[{"kind": "security", "email": False}]), 400, "VALIDATION_ERROR")
    refused(put(surveyor, kinds=[{"kind": "dispute_opened", "email": True}]), 400, "VALIDATION_ERROR")
    refused(put(phone, kinds=[{"kind": "payout_sent", "email": False}]), 400, "VALIDATION_ERROR")


def test_a_kind_that_a_surveyor_switched_off_is_not_mailed() -> None:
    """The same event for two surveyors: one switched its mail off."""
    quiet, other = surveyor_in().user, surveyor_in().user
    put(Phone.of(quiet), kinds=[{"kind": "payout_sent", "email": False}])
    for user in (quiet, other):
        notify(kind=KindName.PAYOUT_SENT, recipient=user, event_key=f"payout:{user.pk}", data={"payout_id": user.pk})
    send_due_deliveries()
    assert [message.to for message in mail.outbox] == [[other.email]]


def test_named_values_change_and_others_stay(phone) -> None:
    hours = {"from": "22:00", "to": "07:00"}
    answer = put(phone, kinds=[{"kind": "result_ready", "push": False}], quiet_hours=hours, locale="de")
    assert answer.status_code == 200
    put(phone, time_zone="Europe/Berlin", kinds=[{"kind": "payment_received", "push": True}])
    found = phone.fetch(PATH)
    assert (found["quiet_hours"], found["time_zone"], found["locale"]) == (hours, "Europe/Berlin", "de")
    assert chosen(phone, "result_ready") == {
        "kind": "result_ready",
        "push": False,
        "email": True,
        "can_be_switched_off": True,
    }
    put(phone, quiet_hours=None, kinds=[{"kind": "result_ready", "push": True}])
    assert phone.fetch(PATH)["quiet_hours"] is None
    assert chosen(phone, "result_ready")["push"] is True


def test_choices_belong_to_their_owner(phone, stranger) -> None:
    put(phone, locale="de", kinds=[{"kind": "result_ready", "push": False}])
    theirs = Phone.of(stranger).fetch(PATH)
    assert theirs["locale"] == "en"
    assert not Preference.objects.filter(user=stranger).exists()
    refused(caller().get(f"/v1{PATH}"), 401, "AUTHENTICATION_REQUIRED")
    refused(caller().put(f"/v1{PATH}", {}, format="json"), 401, "AUTHENTICATION_REQUIRED")


@pytest.mark.parametrize(
    "body",
    [
        {"locale": "fr"},
        {"time_zone": "Europe/Atlantis"},
        {"time_zone": "europe/berlin"},
        {"time_zone": "localtime"},
        {"time_zone": "../etc/localtime"},
        {"time_zone": 1},
        {"quiet_hours": {"from": "22:00"}},
        {"quiet_hours": {"from": "22:00", "to": "22:00"}},
        {"quiet_hours": {"from": "24:00", "to": "07:00"}},
        {"quiet_hours": {"from": "22:00:30", "to": "07:00"}},
        {"quiet_hours": {"from": "10 pm", "to": "07:00"}},
        {"kinds": [{"kind": "unknown", "push": True}]},
        {"kinds": [{"kind": "appointment_booked", "push": True}]},
        {"kinds": [{"kind": "dispute_opened", "email": True}]},
        {"kinds": [{"kind": "email_switched_off", "push": True}]},
        {"kinds": [{"kind": "security", "push": False}]},
        {"kinds": [{"kind": "security", "email": False}]},
        {"kinds": [{"push": True}]},
        {"kinds": "all"},
    ],
)
def test_an_invalid_body_is_refused_and_changes_nothing(phone, body) -> None:
    answer = put(phone, **body)
    refused(answer, 400, "VALIDATION_ERROR")
    assert answer.json()["fields"]
    assert not Preference.objects.exists()
    assert not ContactSettings.objects.exists()


def test_a_kind_that_is_not_wired_is_neither_listed_nor_accepted(phone, monkeypatch) -> None:
    kind = KINDS[KindName.APPOINTMENT_CONFIRMED]
    assert chosen(phone, kind.name)["push"] is True
    monkeypatch.setattr(preferences, "KINDS", {**KINDS, kind.name: replace(kind, is_wired=False)})
    assert kind.name not in {each["kind"] for each in phone.fetch(PATH)["kinds"]}
    refused(put(phone, kinds=[{"kind": kind.name, "push": True}]), 400, "VALIDATION_ERROR")
    assert not Preference.objects.exists()


def test_switching_on_a_kind_that_is_always_on_is_accepted(phone) -> None:
    assert put(phone, kinds=[{"kind": "security", "push": True, "email": True}]).status_code == 200
    assert not Preference.objects.exists()


def test_the_database_refuses_to_switch_off_a_security_notice(owner) -> None:
    for kind, channel in (("security", "email"), ("result_ready", "in_app"), ("result_ready", "ops")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Preference.objects.create(user=owner, kind=kind, channel=channel, is_on=False)


@pytest.mark.parametrize(
    "changes",
    [
        {"quiet_from": "22:00"},
        {"quiet_from": "22:00", "quiet_to": "22:00"},
        {"time_zone": ""},
        {"locale": "fr"},
        {"email_disabled_reason": "bounced"},
    ],
)
def test_the_database_refuses_invalid_settings(owner, changes) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactSettings.objects.create(user=owner, **changes)


@pytest.mark.parametrize("failure", [ConnectionRefusedError(), None], ids=["failed before", "first attempt"])
def test_what_waits_for_the_end_of_quiet_hours_is_sent_when_they_are_removed(clock, owner, phone, mail_server, failure):
    mail_server.opens = failure
    result_ready(owner)
    if failure is not None:
        send_due_deliveries()
        clock.shift(timedelta(minutes=2))
    mail_server.opens = None
    put(phone, quiet_hours={"from": "11:00", "to": "15:00"})
    send_due_deliveries()
    assert not mail.outbox
    put(phone, quiet_hours=None)
    send_due_deliveries()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("is_quiet_first", [True, False])
def test_a_pause_that_a_provider_asks_for_does_not_end_with_quiet_hours(
    clock, owner, phone, mail_server, is_quiet_first
):
    result_ready(owner)
    if is_quiet_first:
        put(phone, quiet_hours={"from": "11:00", "to": "13:00"})
        send_due_deliveries()
        clock.shift(timedelta(hours=1))
    mail_server.opens = ConnectionRefusedError()
    send_due_deliveries()
    mail_server.opens = None
    put(phone, quiet_hours=None)
    send_due_deliveries()
    assert not mail.outbox
    clock.shift(timedelta(minutes=1))
    send_due_deliveries()
    assert len(mail.outbox) == 1


# --- changes at once -------------------------------------------------------------------------------------------------
ON_POSTGRES_ONLY = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite locks no single row")
THREE_KINDS = (KindName.INSPECTION_FAILED, KindName.RECHECK_DUE, KindName.RESULT_READY)


def change_in_both_orders(owner) -> None:
    """Change three kinds and the same in reverse, while another transaction holds the one in the middle."""
    choices = [(kind, Channel.PUSH, False) for kind in THREE_KINDS]
    change_preferences(user=owner, kinds=choices)
    in_the_middle = Preference.objects.select_for_update().filter(kind=THREE_KINDS[1])
    forwards, backwards = (partial(change_preferences, user=owner, kinds=kinds) for kinds in (choices, choices[::-1]))
    at_once_behind(in_the_middle.get, forwards, backwards)


@ON_POSTGRES_ONLY
@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_succeed_in_whatever_order_they_name_the_kinds(owner) -> None:
    change_in_both_orders(owner)
    assert Preference.objects.count() == len(THREE_KINDS)


@ON_POSTGRES_ONLY
@pytest.mark.django_db(transaction=True)
def test_in_the_order_of_the_requests_they_would_wait_for_each_other(owner, monkeypatch) -> None:
    """The control."""
    monkeypatch.setattr(preferences, "sorted", list, raising=False)
    with pytest.raises(OperationalError, match="deadlock"):
        change_in_both_orders(owner)


# --- mail that does not arrive ---------------------------------------------------------------------------------------
def test_a_reported_address_gets_no_mail_and_its_owner_is_notified_once(owner, phone) -> None:
    for reason in (DisabledReason.BOUNCED, DisabledReason.COMPLAINED):
        stop_mail(address=owner.email, reason=reason, reported_at=timezone.now())
    assert phone.fetch(PATH)["email_disabled"]["reason"] == "bounced"
    assert Notification.objects.get().kind == "email_switched_off"
    assert not Delivery.objects.exists()
    owner.email = "other@example.org"
    owner.save(update_fields=["email"])
    assert phone.fetch(PATH)["email_disabled"] is None
    stop_mail(address=owner.email, reason=DisabledReason.COMPLAINED, reported_at=timezone.now())
    assert Notification.objects.count() == 2


def test_an_unknown_address_changes_nothing(owner) -> None:
    stop_mail(address="nobody@example.org", reason=DisabledReason.BOUNCED, reported_at=timezone.now())
    assert not ContactSettings.objects.exists()
    assert not Notification.objects.exists()


def test_old_notifications_are_deleted_and_preferences_stay(owner, phone) -> None:
    put(phone, locale="de")
    result_ready(owner)
    Notification.objects.update(created_at=timezone.now() - timedelta(days=364))
    apply_retention()
    assert Notification.objects.exists()
    Notification.objects.update(created_at=timezone.now() - timedelta(days=366))
    assert apply_retention()["notifications"] == 1
    assert not Delivery.objects.exists()
    assert ContactSettings.objects.exists()


def test_the_zone_of_an_owner_is_utc_until_they_choose(phone, owner):
    assert zone_of(owner).key == zone_of(owner.pk).key == "UTC"
    put(phone, time_zone="Pacific/Auckland")
    assert zone_of(owner).key == zone_of(owner.pk).key == "Pacific/Auckland"
