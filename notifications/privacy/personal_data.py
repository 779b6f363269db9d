"""Erase and export notifications as part of a person's data."""

from typing import Any, Final

from accounts.models import User
from accounts.privacy.archive import Archive
from accounts.privacy.register import Counts, DataSubject, PersonalData
from notifications.inbox import notifications_of
from notifications.models import ContactSettings, Delivery, Notification, Preference
from notifications.recipients.preferences import preferences_of


def count(subject: DataSubject) -> Counts:
    return {
        "notifications": Notification.objects.filter(recipient_id=subject.id).count(),
        "deliveries": Delivery.objects.filter(notification__recipient_id=subject.id).count(),
        "preferences": Preference.objects.filter(user_id=subject.id).count(),
        "contact_settings": ContactSettings.objects.filter(user_id=subject.id).count(),
    }


def erase(subject: DataSubject) -> None:
    """Delete the owner's notifications with their deliveries, and the owner's preferences."""
    Notification.objects.filter(recipient_id=subject.id).delete()
    Preference.objects.filter(user_id=subject.id).delete()
    ContactSettings.objects.filter(user_id=subject.id).delete()


def export(user: User, archive: Archive) -> None:
    if rows := [_notification(row) for row in notifications_of(user).order_by("created_at")]:
        archive.json("account/notifications.json", rows)
    archive.json("account/notification_preferences.json", _preferences(user))


def _notification(row: Notification) -> dict[str, Any]:
    content = {"id": row.pk, "kind": row.kind, "title": row.title, "body": row.body, "data": row.data}
    return {**content, "created_at": row.created_at, "read_at": row.read_at}


def _preferences(user: User) -> dict[str, Any]:
    preferences = preferences_of(user)
    quiet = preferences.quiet_hours
    return {
        "kinds": [{"kind": each.kind, "push": each.push, "email": each.email} for each in preferences.kinds],
        "quiet_hours": {"from": quiet.begin, "to": quiet.end} if quiet else None,
        "time_zone": preferences.time_zone,
        "locale": preferences.locale,
    }


PERSONAL_DATA: Final = PersonalData(
    app="notifications",
    erased=(Notification, Delivery, Preference, ContactSettings),
    count=count,
    erase=erase,
    export=export,
)
