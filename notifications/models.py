"""Notifications, their deliveries, and the preferences of owners."""

import uuid
from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q, QuerySet

from accounts.models import User
from maretech.common.work.durable import DurableWork, Retry
from notifications.catalogue.kinds import ALWAYS_ON, FOR_STAFF
from notifications.vocabulary import UTC_NAME, Channel, DeliveryState, DisabledReason, KindName, Locale, SkipReason

_DELIVERED = [Channel.PUSH.value, Channel.EMAIL.value, Channel.OPS.value]
_SWITCHABLE = [Channel.PUSH.value, Channel.EMAIL.value]


class Notification(models.Model):
    """What the recipient reads in the app: written once per event, in the event's transaction.

    Title and body are in the owner's locale at that time. `data` holds ids only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(
        User, null=True, on_delete=models.CASCADE, related_name="notifications", help_text="Empty for staff."
    )
    kind = models.CharField(max_length=32, choices=KindName.choices())
    variant = models.CharField(max_length=32, blank=True, help_text="The mode, or what happened to the account.")
    event_key = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    locale = models.CharField(max_length=8, choices=Locale.choices(), default=Locale.ENGLISH)
    title = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["event_key"], name="an_event_makes_one_notification"),
            models.CheckConstraint(condition=~Q(event_key=""), name="a_notification_names_its_event"),
            models.CheckConstraint(condition=Q(kind__in=KindName.values()), name="a_notification_has_a_known_kind"),
            models.CheckConstraint(condition=Q(locale__in=Locale.values()), name="a_notification_has_a_known_locale"),
            models.CheckConstraint(
                condition=Q(kind__in=FOR_STAFF, recipient__isnull=True)
                | (~Q(kind__in=FOR_STAFF) & Q(recipient__isnull=False)),
                name="exactly_what_is_for_staff_has_no_recipient",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="a_notification_has_a_title"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notifications_of_a_user"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="unread_of_a_user"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Delivery(DurableWork):
    """One notification on its way by one channel; by push, to one device. Only `notifications.delivery` changes it.

    `handed_over_at` is written before the service is called, and removed when it is known that nothing was
    accepted. If a claim finds it, an earlier attempt ended without an answer.
    """

    retry = Retry(first=timedelta(minutes=1), factor=2, longest=timedelta(hours=1), max_attempts=10)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel.choices())
    # Not a foreign key: removing a device must not change the deliveries to it.
    device = models.UUIDField(null=True, help_text="The id of the device that a push goes to.")
    state = models.CharField(max_length=8, choices=DeliveryState.choices(), default=DeliveryState.PENDING)
    reason = models.CharField(max_length=20, choices=SkipReason.choices(), blank=True, help_text="Why it was skipped.")
    created_at = models.DateTimeField(auto_now_add=True)
    stale_at = models.DateTimeField(help_text="From then on it is of no use.")
    # While `due_at` is the same, the row waits for nothing else. Each claim moves `due_at`.
    quiet_until = models.DateTimeField(null=True, help_text="The end of the quiet hours that it last waited for.")
    handed_over_at = models.DateTimeField(null=True, help_text="When an attempt without a known outcome began.")
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["notification", "channel"],
                condition=Q(device__isnull=True),
                name="one_delivery_per_notification_and_channel",
            ),
            models.UniqueConstraint(
                fields=["notification", "device"],
                condition=Q(device__isnull=False),
                name="one_push_per_notification_and_device",
            ),
            models.CheckConstraint(condition=Q(channel__in=_DELIVERED), name="a_delivery_goes_by_a_channel"),
            models.CheckConstraint(
                condition=Q(channel="push", device__isnull=False) | (~Q(channel="push") & Q(device__isnull=True)),
                name="exactly_a_push_goes_to_a_device",
            ),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values()), name="a_delivery_has_a_known_state"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="exactly_what_was_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="skipped", reason__in=SkipReason.values()) | (~Q(state="skipped") & Q(reason="")),
                name="exactly_what_was_skipped_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="deliveries_to_make"),
            models.Index(fields=["channel"], condition=Q(state="dead"), name="dead_deliveries"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.id}"

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(state=DeliveryState.PENDING)

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        """Return the pending deliveries to staff and to accounts that are not erased or being erased."""
        return cls.unfinished().filter(
            Q(notification__recipient__isnull=True) | Q(notification__recipient__is_active=True)
        )


class Preference(models.Model):
    """An owner's choice about one kind and channel. Without one, the default of its kind applies."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notification_preferences")
    kind = models.CharField(max_length=32, choices=KindName.choices())
    channel = models.CharField(max_length=8, choices=Channel.choices())
    is_on = models.BooleanField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "channel"], name="one_preference_per_user_kind_and_channel"
            ),
            models.CheckConstraint(condition=Q(kind__in=KindName.values()), name="a_preference_has_a_known_kind"),
            models.CheckConstraint(condition=Q(channel__in=_SWITCHABLE), name="only_push_and_mail_are_switched"),
            models.CheckConstraint(condition=~Q(kind__in=ALWAYS_ON), name="what_must_be_known_is_not_switched"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel}"


class ContactSettings(models.Model):
    """An owner's quiet hours, time zone and language, and whether mail is switched off."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="contact_settings")
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    time_zone = models.CharField(max_length=64, default=UTC_NAME, help_text="As IANA calls it: Europe/Berlin.")
    locale = models.CharField(max_length=8, choices=Locale.choices(), default=Locale.ENGLISH)
    email_disabled_at = models.DateTimeField(null=True)
    email_disabled_reason = models.CharField(max_length=12, choices=DisabledReason.choices(), blank=True)
    email_disabled_address = models.EmailField(
        max_length=254, blank=True, help_text="No mail goes there; a new address is not concerned."
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "contact settings"
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | (Q(quiet_from__isnull=False, quiet_to__isnull=False) & ~Q(quiet_from=F("quiet_to"))),
                name="quiet_hours_begin_and_end",
            ),
            models.CheckConstraint(condition=~Q(time_zone=""), name="an_owner_lives_in_a_time_zone"),
            models.CheckConstraint(condition=Q(locale__in=Locale.values()), name="an_owner_reads_a_known_locale"),
            models.CheckConstraint(
                condition=Q(email_disabled_at__isnull=True, email_disabled_reason="", email_disabled_address="")
                | (
                    Q(email_disabled_at__isnull=False, email_disabled_reason__in=DisabledReason.values())
                    & ~Q(email_disabled_address="")
                ),
                name="what_is_disabled_has_a_time_a_reason_and_an_address",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user_id)
