"""Webhook events as received from the providers."""

import uuid
from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q, QuerySet

from billing.vocabulary import EventState, Provider
from maretech.common.work.durable import DurableWork, Retry


class ProviderEvent(DurableWork):
    """One verified webhook event, stored before processing. Only `billing.inbox.events` writes it."""

    retry = Retry(first=timedelta(seconds=15), factor=4, max_attempts=5)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.CharField(max_length=16, choices=Provider.choices())
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    about = models.CharField(
        max_length=16, blank=True, help_text="The kind of object to query: checkout, payment, and so on."
    )
    ref = models.CharField(max_length=500, blank=True, help_text="The provider's reference of that object.")
    body = models.BinaryField()
    headers = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=EventState.choices(), default=EventState.WAITING)
    verdict = models.CharField(max_length=100, help_text="How it was verified, and the outcome.")
    error = models.TextField(blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "webhook event"
        indexes = [models.Index(fields=["state", "due_at"])]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="an_event_is_kept_once"),
            models.CheckConstraint(condition=Q(state__in=EventState.values()), name="an_event_has_a_known_state"),
            models.CheckConstraint(condition=~Q(event_id=""), name="an_event_has_an_id"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | Q(state__in=["waiting", "dead"], done_at=None),
                name="what_is_done_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind} {self.event_id}"

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(state=EventState.WAITING)
