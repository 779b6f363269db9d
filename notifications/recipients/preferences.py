"""The preferences of users: kinds by channel, quiet hours, time zone and language; mail that is switched off."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Owner, User
from notifications.catalogue.audiences import audiences_of
from notifications.catalogue.kinds import KINDS, SWITCHABLE, Kind
from notifications.models import ContactSettings, Delivery, Preference
from notifications.vocabulary import UTC_NAME, Channel, DisabledReason, KindName, Locale

UNCHANGED: Final[Any] = object()


@dataclass(frozen=True, slots=True)
class KindPreference:
    """A kind that a user can get; None for a channel that it does not use."""

    kind: KindName
    push: bool | None
    email: bool | None
    can_be_switched_off: bool


@dataclass(frozen=True, slots=True)
class QuietHours:
    begin: time
    end: time


@dataclass(frozen=True, slots=True)
class EmailDisabled:
    """Since when and why mail to the account's address is switched off."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Preferences:
    kinds: tuple[KindPreference, ...]
    quiet_hours: QuietHours | None
    time_zone: str
    locale: str
    email_disabled: EmailDisabled | None


def offered_kinds(user: User) -> tuple[Kind, ...]:
    """Return the kinds that the user can get today by push or mail; those of surveyors only for a surveyor."""
    audiences = audiences_of(user)
    return tuple(
        kind
        for kind in KINDS.values()
        if kind.is_wired and audiences & set(kind.audiences) and set(SWITCHABLE) & set(kind.channels)
    )


def contact_of(user: User) -> ContactSettings:
    """Return the owner's settings, or unsaved ones with the defaults."""
    return ContactSettings.objects.filter(user=user).first() or ContactSettings(user=user)


def is_mail_disabled(user: User, contact: ContactSettings) -> bool:
    """Return whether mail to the account's address was reported, and the address was not proven again since."""
    if contact.email_disabled_at is None or contact.email_disabled_address != user.email:
        return False
    return user.email_verified_at is None or user.email_verified_at <= contact.email_disabled_at


def zone_of(owner: Owner) -> ZoneInfo:
    """Return the owner's time zone; UTC by default."""
    found = ContactSettings.objects.filter(user=owner).values_list("time_zone", flat=True).first()
    return ZoneInfo(found or UTC_NAME)


def is_wanted(user: User, kind: Kind, channel: Channel) -> bool:
    """Return whether the owner wants this kind by this channel."""
    if not kind.can_be_switched_off:
        return True
    chosen = Preference.objects.filter(user=user, kind=kind.name, channel=channel).values_list("is_on", flat=True)
    return next(iter(chosen), kind.channels.get(channel, False))


def preferences_of(user: User) -> Preferences:
    contact = contact_of(user)
    rows = Preference.objects.filter(user=user).values_list("kind", "channel", "is_on")
    chosen = {(kind, channel): is_on for kind, channel, is_on in rows}
    quiet = None
    if contact.quiet_from is not None and contact.quiet_to is not None:
        quiet = QuietHours(contact.quiet_from, contact.quiet_to)
    disabled = None
    if contact.email_disabled_at is not None and is_mail_disabled(user, contact):
        disabled = EmailDisabled(contact.email_disabled_reason, contact.email_disabled_at)
    return Preferences(
        kinds=tuple(_preference(kind, chosen) for kind in offered_kinds(user)),
        quiet_hours=quiet,
        time_zone=contact.time_zone,
        locale=contact.locale,
        email_disabled=disabled,
    )


@transaction.atomic
def change_preferences(
    *,
    user: User,
    kinds: Iterable[tuple[KindName, Channel, bool]] = (),
    quiet_hours: QuietHours | None = UNCHANGED,
    time_zone: str = UNCHANGED,
    locale: Locale = UNCHANGED,
) -> None:
    """Change the given values only. Deliveries that wait for the end of quiet hours become due."""
    # Sorted, so that two calls at once lock the rows in one order.
    Preference.objects.bulk_create(
        [
            Preference(user=user, kind=kind, channel=channel, is_on=is_on, changed_at=timezone.now())
            for kind, channel, is_on in sorted(kinds)
        ],
        update_conflicts=True,
        unique_fields=["user", "kind", "channel"],
        update_fields=["is_on", "changed_at"],
    )
    changes: dict[str, Any] = {"time_zone": time_zone, "locale": locale}
    if quiet_hours is not UNCHANGED:
        changes["quiet_from"] = quiet_hours.begin if quiet_hours else None
        changes["quiet_to"] = quiet_hours.end if quiet_hours else None
    changes = {name: value for name, value in changes.items() if value is not UNCHANGED}
    if changes:
        ContactSettings.objects.update_or_create(user=user, defaults=changes)
        _end_quiet_waits(user)


def _end_quiet_waits(user: User) -> None:
    """Make the deliveries due that wait for the end of quiet hours, but not those that wait for their next attempt."""
    # Two statements, as in `delivery.withdraw`.
    quiet = Delivery.unfinished().filter(quiet_until=F("due_at"))
    waiting = list(quiet.filter(notification__recipient=user).values_list("pk", flat=True))
    quiet.filter(pk__in=waiting).update(due_at=timezone.now())


@transaction.atomic
def disable_email(*, address: str, reason: DisabledReason, reported_at: datetime) -> uuid.UUID | None:
    """Send no more mail to an address that its provider reported. Returns the account to notify.

    Returns None if no account has the address, if it was reported before, or if it was proven after the report.
    """
    user = User.objects.filter(email=address, is_active=True).first()
    if user is None or (user.email_verified_at is not None and user.email_verified_at > reported_at):
        return None
    ContactSettings.objects.bulk_create([ContactSettings(user=user)], ignore_conflicts=True)
    reported = {
        "email_disabled_at": reported_at,
        "email_disabled_reason": reason,
        "email_disabled_address": address,
        "changed_at": timezone.now(),
    }
    is_news = ~Q(email_disabled_address=address)
    if user.email_verified_at is not None:
        is_news |= Q(email_disabled_at__lt=user.email_verified_at)
    return user.pk if ContactSettings.objects.filter(is_news, user=user).update(**reported) else None


def _preference(kind: Kind, chosen: Mapping[tuple[str, str], bool]) -> KindPreference:
    push, email = (
        chosen.get((kind.name, channel), kind.channels[channel]) if channel in kind.channels else None
        for channel in SWITCHABLE
    )
    return KindPreference(kind.name, push, email, kind.can_be_switched_off)
