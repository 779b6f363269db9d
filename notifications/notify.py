"""From an event to its notification, its end and its return: the functions that other apps call."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Device, Owner, User
from maretech.common.work.queue import enqueue_on_commit
from notifications import delivery
from notifications.catalogue.kinds import KINDS, Kind, kind_of
from notifications.models import Delivery, Notification
from notifications.tasks import send_notification
from notifications.vocabulary import Channel, KindName, Locale
from notifications.wording import words_of

# Ids, days and names of providers. A name of a person or a boat, a blank or the end of a line is none of these.
_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}")


@transaction.atomic
def notify(
    *,
    kind: KindName,
    recipient: Owner | None,
    event_key: str,
    data: Mapping[str, object],
    variant: str = "",
    stale_at: datetime | None = None,
) -> Notification | None:
    """Write the notification of an event and its deliveries, once per event key. Workers send it after the commit.

    Call this in the event's transaction, so that both are committed or neither. `recipient` is None for staff.
    `stale_at` is when this one is of no use any more, if that is before the end that its kind sets.
    Returns None if the event was notified before, or if the account is erased or being erased. What was withdrawn of
    it is then sent after all, as by `reinstate`. Raises `ValueError` for a variant or data that the kind does not have,
    and for data that is no id.
    """
    what = KINDS[kind]
    ids = {name: str(value) for name, value in data.items()}
    if set(ids) != set(what.data) or (variant not in what.variants if what.variants else variant):
        raise ValueError(f"{kind} has variants {what.variants} and data {what.data}")
    if not all(map(_ID.fullmatch, ids.values())):
        raise ValueError(f"{kind} carries ids only")
    owner_id = recipient.pk if isinstance(recipient, User) else recipient
    locale = Locale.ENGLISH if owner_id is None else _locale_of(owner_id)
    if locale is None or reinstate(event_key=event_key, stale_at=stale_at):
        return None
    words = words_of(what, variant=variant, locale=locale, data=ids)
    row = Notification(
        recipient_id=owner_id,
        kind=kind,
        variant=variant,
        event_key=event_key,
        data=ids,
        locale=locale,
        title=words.title,
        body=words.body,
    )
    Notification.objects.bulk_create([row], ignore_conflicts=True)
    if not Notification.objects.filter(pk=row.pk).exists():  # a concurrent transaction wrote the same event
        return None
    if Delivery.objects.bulk_create(_deliveries(row, what, stale_at)):
        _send_message(row)
    return row


def withdraw(*, recipient: Owner, kinds: Collection[KindName], about: Mapping[str, object]) -> None:
    """Send no more of these notifications, because they are no longer true: their inspection is deleted, say.

    `about` are ids of their data. The recipient still reads them in the app, and a message that was handed over may
    still arrive. Call this in the transaction that ended what they are about. If they become true again, `notify` or
    `reinstate` sends them.
    """
    owner_id = recipient.pk if isinstance(recipient, User) else recipient
    waiting = Delivery.unfinished().filter(notification__recipient=owner_id, notification__kind__in=kinds)
    waiting = waiting.filter(**{f"notification__data__{name}": str(value) for name, value in about.items()})
    delivery.withdraw(waiting.values_list("pk", flat=True))


def waiting_ids(*, recipient: Owner, kind: KindName, name: str) -> set[str]:
    """Return the ids under this name of the recipient's notifications of this kind that are not sent yet."""
    owner_id = recipient.pk if isinstance(recipient, User) else recipient
    waiting = Delivery.unfinished().filter(notification__recipient=owner_id, notification__kind=kind)
    return {data[name] for data in waiting.values_list("notification__data", flat=True)}


@transaction.atomic
def reinstate(*, event_key: str, stale_at: datetime | None = None) -> bool:
    """Send what was withdrawn of an event's notification, because it is true again. Never sends anything twice.

    Call this in the transaction that made it true. Returns False, and changes nothing, if the event was not notified.
    """
    row = Notification.objects.filter(event_key=event_key).first()
    if row is None:
        return False
    if delivery.reinstate(row.pk, stale_at=_stale_at(kind_of(row.kind), stale_at)):
        _send_message(row)
    return True


def _send_message(row: Notification) -> None:
    enqueue_on_commit(send_notification, str(row.pk), queue="notifications", expires_seconds=60)


def _stale_at(kind: Kind, stale_at: datetime | None) -> datetime:
    of_its_kind = timezone.now() + kind.stale_after
    return min(stale_at, of_its_kind) if stale_at else of_its_kind


def withdraw_each(*, recipient: Owner, kinds: Collection[KindName], name: str, ids: Collection[object]) -> None:
    """Send no more of these notifications about any of these ids, which are under `name` in their data."""
    owner_id = recipient.pk if isinstance(recipient, User) else recipient
    waiting = Delivery.unfinished().filter(notification__recipient=owner_id, notification__kind__in=kinds)
    about = waiting.filter(**{f"notification__data__{name}__in": [str(each) for each in ids]})
    delivery.withdraw(about.values_list("pk", flat=True))


def _locale_of(owner_id: UUID) -> Locale | None:
    """Return the language that the owner reads; None for an account that is closed."""
    found = User.objects.filter(pk=owner_id, is_active=True).values_list("contact_settings__locale", flat=True)
    locales = list(found)
    return Locale(locales[0] or Locale.ENGLISH) if locales else None


def _deliveries(row: Notification, kind: Kind, stale_at: datetime | None) -> Iterator[Delivery]:
    """Yield one delivery per channel; by push, one per device. The owner's preferences are read at delivery."""
    stale_at = _stale_at(kind, stale_at)
    for channel in kind.channels:
        if channel == Channel.PUSH:
            devices = Device.objects.filter(user=row.recipient_id).order_by("created_at").values_list("pk", flat=True)
            yield from (Delivery(notification=row, channel=channel, device=pk, stale_at=stale_at) for pk in devices)
        elif channel != Channel.IN_APP:
            yield Delivery(notification=row, channel=channel, stale_at=stale_at)
