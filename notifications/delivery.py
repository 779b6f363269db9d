"""Make one delivery, or record why it is not made. Only this module changes a delivery's state.

Whether a message was accepted is not always known: a worker may be killed, or a connection end, between the hand-over
and the answer. A message is then sent again only if a second one does no harm: the device shows a repeated push in
place of the first, and some kinds must not be lost (`Kind.is_repeated`). Any other becomes a dead letter, and staff
decide. So no owner gets a mail twice, except a security notice (docs/adr/0039).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Device, User
from accounts.notifications.devices import forget_lost_device
from maretech.common.text import storable
from maretech.common.work.queue import RESENT_AT_ONCE
from notifications.catalogue.kinds import kind_of
from notifications.channels import ops, push
from notifications.channels.email import mail_of, send_mail
from notifications.channels.ports import Envelope, OutcomeUnknown, Refused, TargetGone, Unreachable
from notifications.models import Delivery
from notifications.recipients.preferences import contact_of, is_mail_disabled, is_wanted
from notifications.recipients.quiet_hours import quiet_until
from notifications.vocabulary import Channel, DeliveryState, SkipReason

UNKNOWN: Final = "It is not known whether it arrived"
_ERROR_LENGTH: Final = 500

log = structlog.get_logger(__name__)


def deliver(delivery_id: UUID) -> None:
    """Make one attempt, if the delivery is due. Safe to run twice, and to be killed at any line."""
    row = Delivery.claim(delivery_id, among=Delivery.due().select_related("notification__recipient"), give_up=_give_up)
    if row is None:
        return
    if row.handed_over_at is not None and not _may_repeat(row):
        _end(row, DeliveryState.DEAD_LETTER, error=UNKNOWN)
    elif row.stale_at <= timezone.now():
        _end(row, DeliveryState.STALE)
    elif (reason := _skip_reason(row)) is not None:
        _end(row, DeliveryState.SKIPPED, reason=reason)
    elif (until := _quiet_until(row)) is not None:
        row.update_unless_changed(attempts=row.attempts - 1, due_at=until, quiet_until=until)
    elif _hand_over(row):
        _send(row)


def deliveries_of(notification_id: UUID) -> list[UUID]:
    """Return the due deliveries of a notification."""
    due = Delivery.due().filter(notification=notification_id)
    return list(due.order_by("channel", "created_at").values_list("pk", flat=True))


def due_deliveries() -> list[UUID]:
    """Return the due deliveries that no worker has claimed, the oldest first."""
    return list(Delivery.due().order_by("due_at").values_list("pk", flat=True)[:RESENT_AT_ONCE])


def dead_letters() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=DeliveryState.DEAD_LETTER)


def reopen(delivery_id: UUID) -> bool:
    """Queue a dead letter again with all its attempts. Returns False for any other delivery.

    The time until it is stale begins again: staff replay it because it is still of use.
    """
    row = dead_letters().select_related("notification").filter(pk=delivery_id).first()
    if row is None:
        return False
    now = timezone.now()
    stale_at = now + kind_of(row.notification.kind).stale_after
    return bool(
        dead_letters()
        .filter(pk=delivery_id)
        .update(
            state=DeliveryState.PENDING,
            attempts=0,
            due_at=now,
            stale_at=stale_at,
            handed_over_at=None,
            last_error="",
        )
    )


def withdraw(delivery_ids: Iterable[UUID]) -> None:
    """Skip those of the deliveries that are still pending."""
    # Two statements: Postgres does not check a condition on a subquery again after it has waited for another change.
    own = Delivery.unfinished().filter(pk__in=list(delivery_ids))
    own.update(state=DeliveryState.SKIPPED, reason=SkipReason.WITHDRAWN, last_error="")


def reinstate(notification_id: UUID, *, stale_at: datetime) -> bool:
    """Queue the withdrawn deliveries of a notification again. Returns False if there are none.

    None of them was handed over: such a one may have arrived.
    """
    withdrawn = Delivery.objects.filter(
        notification=notification_id, state=DeliveryState.SKIPPED, reason=SkipReason.WITHDRAWN, handed_over_at=None
    )
    # The attempts stay counted: a worker that claimed the row before it was withdrawn must not pass for the next one.
    return bool(withdrawn.update(state=DeliveryState.PENDING, reason="", due_at=timezone.now(), stale_at=stale_at))


def _may_repeat(row: Delivery) -> bool:
    return row.channel == Channel.PUSH or kind_of(row.notification.kind).is_repeated


def _skip_reason(row: Delivery) -> SkipReason | None:
    """Return why this delivery is skipped; None if it is not."""
    kind, owner = kind_of(row.notification.kind), row.notification.recipient
    if owner is None:
        return None if ops.is_configured() else SkipReason.NOT_CONFIGURED
    if not is_wanted(owner, kind, Channel(row.channel)):
        return SkipReason.SWITCHED_OFF
    if row.channel == Channel.EMAIL:
        if not owner.email_verified:
            return SkipReason.ADDRESS_UNVERIFIED
        return SkipReason.EMAIL_DISABLED if is_mail_disabled(owner, contact_of(owner)) else None
    device = _device_of(row)
    if device is None:
        return SkipReason.DEVICE_GONE
    return None if push.is_configured(device) else SkipReason.NOT_CONFIGURED


def _quiet_until(row: Delivery) -> datetime | None:
    kind, owner = kind_of(row.notification.kind), row.notification.recipient
    if owner is None or kind.ignores_quiet_hours:
        return None
    contact = contact_of(owner)
    if contact.quiet_from is None or contact.quiet_to is None:
        return None
    return quiet_until(timezone.now(), begin=contact.quiet_from, end=contact.quiet_to, zone=contact.time_zone)


@transaction.atomic
def _hand_over(row: Delivery) -> bool:
    """Record the hand-over. Returns False if the account was closed, or the row claimed or withdrawn, meanwhile."""
    row.handed_over_at = timezone.now()
    # Two statements, as in `withdraw`. Closing the account waits until the hand-over is recorded.
    return _lock_account(row) and row.update_unless_changed(handed_over_at=row.handed_over_at)


def _lock_account(row: Delivery) -> bool:
    """Lock the recipient's account, if it is one. Returns False if it is closed."""
    owner_id = row.notification.recipient_id
    if owner_id is None:
        return True
    opened = User.objects.select_for_update(no_key=True).filter(pk=owner_id, is_active=True)
    return opened.values_list("pk", flat=True).first() is not None


def _send(row: Delivery) -> None:
    try:
        _send_by_channel(row)
    except Unreachable as exc:
        _try_later(row, error=str(exc), retry_after=exc.retry_after)
    except Refused as exc:
        _end(row, DeliveryState.DEAD_LETTER, error=f"Refused: {exc}")
    except TargetGone:
        _end(row, DeliveryState.SKIPPED, reason=SkipReason.DEVICE_GONE)
    except OutcomeUnknown as exc:
        _record_unknown_outcome(row, error=str(exc))
    except SoftTimeLimitExceeded:
        _record_unknown_outcome(row, error="out of time")
        raise
    except Exception as exc:
        log.exception("delivery failed", delivery=str(row.pk), channel=row.channel)
        _record_unknown_outcome(row, error=type(exc).__name__)
    else:
        _note_sent(row)


def _send_by_channel(row: Delivery) -> None:
    envelope, owner = _envelope(row), row.notification.recipient
    if owner is None:
        ops.send_to_staff(envelope)
    elif row.channel == Channel.EMAIL:
        send_mail(mail_of(envelope, to=(owner.email,)))
    else:
        _push(row, envelope)


def _push(row: Delivery, envelope: Envelope) -> None:
    device = _device_of(row)
    if device is None:
        raise TargetGone
    try:
        push.send_push(envelope, device)
    except TargetGone:
        forget_lost_device(device)
        raise


def _envelope(row: Delivery) -> Envelope:
    notification = row.notification
    data = {**notification.data, "notification_id": str(notification.pk)}
    words = notification.title, notification.body
    return Envelope(row.pk, notification.kind, *words, data, notification.locale, row.stale_at)


def _device_of(row: Delivery) -> Device | None:
    if row.device is None:
        return None
    return Device.objects.filter(pk=row.device, user=row.notification.recipient_id).first()


def _note_sent(row: Delivery) -> None:
    """Record that the message was accepted, even if another worker has ended this delivery meanwhile."""
    this_attempt = Delivery.objects.filter(pk=row.pk, handed_over_at=row.handed_over_at)
    this_attempt.update(state=DeliveryState.SENT, sent_at=timezone.now(), reason="", last_error="")


def _try_later(row: Delivery, *, error: str, retry_after: float | None) -> None:
    """Schedule the next attempt of a message that was not accepted; after the last one, end the delivery."""
    log.warning("delivery not accepted", delivery=str(row.pk), channel=row.channel, error=error)
    if row.retry.is_used_up(row.attempts):
        _end(row, DeliveryState.DEAD_LETTER, error=error)
        return
    wait = max(row.retry.wait(row.attempts), timedelta(seconds=min(retry_after or 0, 86_400)))
    row.update_unless_changed(handed_over_at=None, last_error=_short(error), due_at=timezone.now() + wait)


def _record_unknown_outcome(row: Delivery, *, error: str) -> None:
    """Leave the row for another attempt if a second message does no harm, else end it as a dead letter."""
    log.warning("delivery without an answer", delivery=str(row.pk), channel=row.channel, error=error)
    if _may_repeat(row) and not row.retry.is_used_up(row.attempts):
        row.update_unless_changed(last_error=_short(f"{UNKNOWN}: {error}"))
    else:
        _end(row, DeliveryState.DEAD_LETTER, error=f"{UNKNOWN}: {error}")


def _give_up(row: Delivery) -> None:
    _end(row, DeliveryState.DEAD_LETTER, error=row.last_error or "No attempt came to an end")


def _end(row: Delivery, state: DeliveryState, *, error: str = "", reason: SkipReason | None = None) -> None:
    if state == DeliveryState.DEAD_LETTER:
        log.error("delivery given up", delivery=str(row.pk), channel=row.channel, error=error)
    row.update_unless_changed(state=state, reason=reason or "", last_error=_short(error))


def _short(error: str) -> str:
    return storable(error)[:_ERROR_LENGTH]
