"""Recordings of spoken statements."""

import uuid
from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from dossiers.models.dossiers import Dossier
from dossiers.vocabulary import DossierStatus, RecordingFailure, RecordingState
from maretech.common.work.durable import DurableWork, Retry


class Recording(DurableWork):
    """One upload of a spoken statement. Another one takes its place (`superseded_at`).

    `discarded_at` says since when the audio is not needed; it leaves the object store next, and the row keeps the
    transcript while its dossier is a draft. Only `recordings` writes it.
    """

    # Longer than the hard limit of its task: no worker begins again beside one that still listens.
    retry = Retry(first=timedelta(minutes=10), factor=2, max_attempts=3)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="recordings")
    uri = models.CharField(max_length=200, unique=True)
    content_type = models.CharField(max_length=32)
    byte_size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=RecordingState.choices(), default=RecordingState.CREATED)
    created_at = models.DateTimeField(default=timezone.now)
    uploaded_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(default=timezone.now, help_text="When a worker may transcribe it next.")
    turn = models.PositiveBigIntegerField(default=0, help_text="Its place among the recordings to transcribe.")
    transcript = models.TextField(blank=True)
    transcriber = models.CharField(max_length=80, blank=True)
    consent_version = models.CharField(
        max_length=32, blank=True, help_text="The consent under which it was sent to another service, if it was."
    )
    failure_reason = models.CharField(max_length=32, choices=RecordingFailure.choices(), blank=True)
    superseded_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["turn", "due_at"],
                condition=Q(state="uploaded", superseded_at__isnull=True),
                name="recordings_in_turn",
            ),
            models.Index(
                fields=["discarded_at"],
                condition=Q(discarded_at__isnull=False),
                name="recordings_to_purge",
            ),
            models.Index(fields=["created_at"], condition=Q(discarded_at__isnull=True), name="recordings_kept"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(superseded_at=None), name="one_current_recording_per_dossier"
            ),
            models.CheckConstraint(
                condition=Q(state="created", uploaded_at=None, transcriber="", failure_reason="")
                | Q(state="uploaded", uploaded_at__isnull=False, transcriber="", failure_reason="")
                | (Q(state="transcribed", uploaded_at__isnull=False, failure_reason="") & ~Q(transcriber=""))
                | Q(state="failed", uploaded_at__isnull=False, failure_reason__in=RecordingFailure.values()),
                name="a_recordings_state_tells_its_transcript",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(discarded_at__isnull=False),
                name="a_superseded_recording_is_discarded",
            ),
            models.CheckConstraint(
                condition=Q(purged_at=None) | Q(discarded_at__isnull=False, purged_at__gte=F("discarded_at")),
                name="only_what_is_discarded_is_purged",
            ),
            models.CheckConstraint(condition=Q(byte_size__gte=1), name="a_recording_has_bytes"),
        ]

    def __str__(self) -> str:
        return f"{self.state} recording {self.id}"

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(state=RecordingState.UPLOADED, superseded_at=None)

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        """Return the recordings of drafts that still wait for a transcript."""
        return cls.unfinished().filter(
            discarded_at=None,
            dossier__status=DossierStatus.DRAFT,
            dossier__deleted_at=None,
            dossier__owner__is_active=True,
        )
