"""Test that an event makes one notification with one delivery per channel, in the event's transaction."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Device, User
from accounts.privacy.erasure_requests import order_erasure
from notifications.catalogue.kinds import KINDS
from notifications.models import ContactSettings, Delivery, Notification
from notifications.notify import notify
from notifications.vocabulary import KindName
from testing.factories import UserFactory
from tests.concurrency import at_once
from tests.notifications.sample_notifications import result_ready

pytestmark = pytest.mark.django_db


def test_a_notification_goes_by_each_channel_of_its_kind(owner, device, broker) -> None:
    other = Device.objects.create(user=owner, platform="android", push_token="token-2")
    notification = result_ready(owner)
    found = Delivery.objects.values_list("notification", "channel", "device")
    assert set(found) == {
        (notification.pk, "email", None),
        (notification.pk, "push", device.pk),
        (notification.pk, "push", other.pk),
    }


@pytest.mark.django_db(transaction=True)
def test_the_message_to_a_worker_is_sent_after_the_commit(owner, broker) -> None:
    with transaction.atomic():
        notification = result_ready(owner)
        assert not broker
    assert broker == [("notifications.tasks.send_notification", (str(notification.pk),))]


@pytest.mark.parametrize("hours", [1, 500], ids=["sooner", "later"])
def test_an_event_may_be_of_use_for_less_time_than_its_kind_and_never_for_longer(owner, hours: int) -> None:
    end = timezone.now() + timedelta(hours=hours)
    data = {"inspection_id": uuid4()}
    notify(kind=KindName.RESULT_READY, recipient=owner, event_key="one", data=data, variant="osmosis", stale_at=end)
    of_its_kind = timezone.now() + KINDS[KindName.RESULT_READY].stale_after
    found = Delivery.objects.get().stale_at
    assert found == end if hours == 1 else found <= of_its_kind < end


def test_an_event_is_notified_once(owner) -> None:
    assert result_ready(owner, event_key="one")
    assert result_ready(owner, event_key="one") is None
    assert Notification.objects.count() == Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_of_several_concurrent_calls_writes_the_notification(owner) -> None:
    made = at_once(8, lambda: result_ready(owner, event_key="one"))
    assert len([each for each in made if each is not None]) == 1
    assert Notification.objects.count() == Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_event_that_is_rolled_back_does_not_notify(owner, broker) -> None:
    with transaction.atomic():
        result_ready(owner)
        transaction.set_rollback(True)
    assert not Notification.objects.exists()
    assert not broker


def test_the_words_are_in_the_language_that_the_owner_chose(owner) -> None:
    ContactSettings.objects.create(user=owner, locale="de")
    assert result_ready(owner).title == "Das Ergebnis Ihrer Korrosions-Inspektion ist da"
    assert result_ready(UserFactory.create()).title == "The result of your corrosion inspection is ready"


def test_a_closed_account_is_not_notified(owner) -> None:
    order_erasure(user=owner, staff=UserFactory.create(is_staff=True), reason="asked by letter")
    assert result_ready(owner) is None
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"variant": ""},
        {"variant": "rust"},
        {"data": {}},
        {"data": {"inspection_id": "1", "name": "Wilhelmine"}},
        {"data": {"inspection_id": ""}},
        {"data": {"inspection_id": "Sirena II"}},
        {"data": {"inspection_id": "Σειρήνα"}},
        {"data": {"inspection_id": "1\r\nBcc: a"}},
        {"data": {"inspection_id": "1\n"}},
        {"data": {"inspection_id": "x" * 65}},
    ],
)
def test_a_kind_takes_only_its_own_variants_and_ids(owner, wrong) -> None:
    right = {"variant": "osmosis", "data": {"inspection_id": uuid4()}}
    with pytest.raises(ValueError, match="result_ready"):
        notify(kind=KindName.RESULT_READY, recipient=owner, event_key="k", **(right | wrong))


# --- what the database refuses ---------------------------------------------------------------------------------------
ROW = {"kind": "result_ready", "event_key": "k", "title": "t", "body": "b"}


@pytest.mark.parametrize(
    "changes",
    [
        {"event_key": ""},
        {"kind": "unheard_of"},
        {"kind": "dispute_opened"},
        {"recipient": None},
        {"title": ""},
        {"locale": "fr"},
    ],
)
def test_the_database_refuses_an_invalid_notification(owner: User, changes) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(**({"recipient": owner} | ROW | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": "in_app"},
        {"channel": "push"},
        {"device": uuid4()},
        {"state": "sent"},
        {"state": "skipped"},
        {"reason": "switched_off"},
        {"state": "lost"},
    ],
)
def test_the_database_refuses_an_invalid_delivery(owner: User, clock, changes) -> None:
    made = Notification.objects.create(recipient=owner, **ROW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(**({"notification": made, "channel": "email", "stale_at": made.created_at} | changes))


def test_a_notification_has_one_delivery_per_channel(owner: User, device) -> None:
    for row in Delivery.objects.filter(notification=result_ready(owner)):
        row.pk = uuid4()
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
