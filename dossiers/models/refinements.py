"""Proposals of a clearer wording of a statement."""

import uuid
from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from dossiers.models.dossiers import Dossier
from dossiers.vocabulary import DossierStatus, RefinementState
from maretech.common.work.durable import DurableWork, Retry


class Refinement(DurableWork):
    """The proposal for the statement that a draft had when its owner asked. Another request replaces the row."""

    retry = Retry(first=timedelta(minutes=5), factor=2, max_attempts=3)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, related_name="refinement")
    state = models.CharField(max_length=12, choices=RefinementState.choices(), default=RefinementState.PENDING)
    source = models.TextField(help_text="The statement that it rewords.")
    text = models.TextField(blank=True)
    changes = models.JSONField(default=list)
    engine = models.CharField(max_length=80, blank=True)
    consent_version = models.CharField(
        max_length=32, blank=True, help_text="The consent under which it was sent to another service, if it was."
    )
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, help_text="When a worker may refine it next.")
    turn = models.PositiveBigIntegerField(default=0, help_text="Its place among the statements to refine.")

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["turn", "due_at"], condition=Q(state="pending"), name="refinements_in_turn"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["pending", "failed"], text="", engine="")
                | (Q(state="done") & ~Q(text="") & ~Q(engine="")),
                name="exactly_what_was_refined_has_a_text",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="a_refinement_rewords_something"),
        ]

    def __str__(self) -> str:
        return f"{self.state} refinement {self.id}"

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(state=RefinementState.PENDING)

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        return cls.unfinished().filter(
            dossier__status=DossierStatus.DRAFT, dossier__deleted_at=None, dossier__owner__is_active=True
        )
