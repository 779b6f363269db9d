"""Deliveries of a final dossier by e-mail or post."""

import uuid
from datetime import timedelta
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from dossiers.models.dossiers import Dossier
from dossiers.models.shares import Share
from dossiers.vocabulary import DeliveryChannel, DeliveryFailure, DeliveryStatus
from maretech.common.work.durable import DurableWork, Retry

# A letter in one of these has something to wait for: its payment, its acceptance, or its way.
LETTERS_UNDER_WAY: Final = (
    DeliveryStatus.CREATED,
    DeliveryStatus.PAID,
    DeliveryStatus.SUBMITTED,
    DeliveryStatus.IN_TRANSIT,
)


_TO_BE_POSTED: Final = Q(status__in=["created", "paid"])


class Delivery(DurableWork):
    """One delivery to one recipient. Only `deliveries.transitions` writes `status`.

    `handed_over_at` is written before a mail or a letter is handed over. Of a mail it is removed when it is known that
    it was not accepted; a letter that has it is looked for before it is asked for again. `stop_reason` says why a
    letter that may exist already must not be posted; the worker finds out whether it can still be stopped.
    """

    retry = Retry(first=timedelta(minutes=2), factor=2, longest=timedelta(hours=1), max_attempts=8)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=DeliveryChannel.choices())
    status = models.CharField(max_length=12, choices=DeliveryStatus.choices(), default=DeliveryStatus.CREATED)
    email = models.EmailField(max_length=254, blank=True)
    address = models.JSONField(null=True, help_text="Of a letter: name, lines, postal code, city and country.")
    share = models.OneToOneField(Share, null=True, on_delete=models.CASCADE, related_name="delivery")
    # Not a reference: orders belong to billing.
    order_id = models.UUIDField(null=True, unique=True)
    provider_ref = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, help_text="When a worker may try it next.")
    handed_over_at = models.DateTimeField(null=True, help_text="When an attempt without a known outcome began.")
    paid_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(
        max_length=20, choices=DeliveryFailure.choices(), blank=True, default="", db_default=""
    )
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    failure_reason = models.CharField(max_length=20, choices=DeliveryFailure.choices(), blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "dossier delivery"
        verbose_name_plural = "dossier deliveries"
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status="created", channel="email"), name="mails_to_send"),
            models.Index(fields=["email", "-created_at"], condition=~Q(email=""), name="mails_to_an_address"),
            models.Index(
                fields=["due_at"],
                condition=Q(channel="post", status__in=["created", "paid", "submitted", "in_transit"]),
                name="letters_under_way",
            ),
            models.Index(fields=["provider_ref"], condition=~Q(provider_ref=""), name="letters_of_a_service"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(channel="email", address__isnull=True, order_id=None, share__isnull=False) & ~Q(email="")
                | Q(channel="post", share=None, email="") & (Q(address__isnull=False) | ~_TO_BE_POSTED),
                name="a_dossier_is_sent_to_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(status__in=DeliveryStatus.values()), name="a_dossiers_delivery_has_a_known_status"
            ),
            models.CheckConstraint(
                condition=Q(channel="post")
                | Q(channel="email", status__in=["created", "submitted", "delivered", "returned", "failed"]),
                name="a_mail_is_not_paid_for",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["created", "paid", "submitted", "in_transit"], ended_at=None)
                | Q(status__in=["delivered", "returned", "failed", "expired"], ended_at__isnull=False),
                name="exactly_an_ended_delivery_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(failure_reason="") | Q(status__in=["failed", "returned"]),
                name="only_what_failed_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.status} {self.id}"

    @property
    def recipient(self) -> str:
        """The address of a mail, or the name on a letter."""
        return self.email or str((self.address or {}).get("name", ""))

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        """Return the mails to send, and the letters under way.

        A letter without news is not followed for ever, unless it is to be stopped: then its service has to answer.
        """
        followed_from = timezone.now() - timedelta(days=settings.RETENTION_LETTER_DAYS)
        is_followed = Q(submitted_at=None) | Q(submitted_at__gt=followed_from) | ~Q(stop_reason="")
        mails = Q(channel=DeliveryChannel.EMAIL, status=DeliveryStatus.CREATED)
        letters = Q(channel=DeliveryChannel.POST, status__in=LETTERS_UNDER_WAY)
        return cls.objects.filter(mails | letters & is_followed)

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        """Return these without the mails of closed accounts.

        A letter that was paid is carried to its end also for a closed account.
        """
        return cls.unfinished().filter(Q(channel=DeliveryChannel.POST) | Q(dossier__owner__is_active=True))

    @classmethod
    def due_mails(cls) -> QuerySet[Self]:
        return cls.due().filter(channel=DeliveryChannel.EMAIL, status=DeliveryStatus.CREATED)

    @classmethod
    def due_letters(cls) -> QuerySet[Self]:
        return cls.due().filter(channel=DeliveryChannel.POST, status__in=LETTERS_UNDER_WAY)
