"""A dossier, and the inspections that it shows."""

import uuid
from datetime import timedelta
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import Owner
from dossiers.document.content import Language, Paper
from dossiers.vocabulary import (
    MAX_STATEMENT,
    DossierStatus,
    RenderingFailure,
    RevocationReason,
)
from inspections.models import Inspection
from inspections.vocabulary import Mode
from maretech.common.work.durable import DurableWork, Retry
from vessels.models import Vessel

# Prefix of all dossiers in the object store.
DOSSIERS: Final = "dossiers/"
_NO_PDF: Final = Q(pdf_sha256="", pdf_bytes=None, token="", final_at=None)
_PDF: Final = ~Q(pdf_sha256="") & ~Q(token="") & Q(pdf_bytes__isnull=False, final_at__isnull=False)


def dossiers_of(owner_id: object) -> str:
    """Return the prefix of an owner's dossiers in the object store."""
    return f"{DOSSIERS}{owner_id}/"


class DossierQuerySet(models.QuerySet["Dossier"]):
    def owned_by(self, owner: Owner) -> "DossierQuerySet":
        """Return what this owner can see: not another owner's dossiers, and no deleted drafts."""
        return self.filter(owner=owner, deleted_at=None)


class Dossier(DurableWork):
    """A draft, or the document that was made of it. Only `lifecycle` writes `status`. A trigger seals a final one.

    While it is rendered, it is durable work. `dated_at` is the date that is printed, so that every attempt renders the
    same bytes. A deleted draft stays as a row until no upload link can write its recording any more.
    """

    retry = Retry(first=timedelta(minutes=3), factor=2, max_attempts=3)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="dossiers", db_index=False
    )
    # Null once the owner has deleted the vessel; a dossier stays with its owner when the vessel moves.
    vessel = models.ForeignKey(Vessel, null=True, on_delete=models.SET_NULL, related_name="dossiers")
    mode = models.CharField(max_length=16, choices=Mode.choices())
    status = models.CharField(max_length=16, choices=DossierStatus.choices(), default=DossierStatus.DRAFT)
    language = models.CharField(max_length=8, choices=Language.choices(), default=Language.EN)
    paper = models.CharField(max_length=12, choices=Paper.choices(), default=Paper.A4)
    statement = models.TextField(blank=True, max_length=MAX_STATEMENT)
    transcriber = models.CharField(max_length=80, blank=True, help_text="The program that wrote the statement down.")
    refiner = models.CharField(max_length=80, blank=True, help_text="The program that reworded the statement.")
    failure_reason = models.CharField(max_length=32, choices=RenderingFailure.choices(), blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True, help_text="When the objects of a deleted draft left the store.")
    due_at = models.DateTimeField(default=timezone.now, help_text="When a worker may render it next.")
    turn = models.PositiveBigIntegerField(default=0, help_text="Its place among the dossiers to render.")
    dated_at = models.DateTimeField(null=True, help_text="When the owner had it made final.")
    vessel_handed_over_at = models.DateTimeField(null=True, help_text="When its vessel went to another owner.")

    token = models.CharField(max_length=200, blank=True, help_text="What its QR code holds.")
    vessel_name = models.CharField(max_length=120, blank=True, help_text="As it is printed.")
    disclaimer_version = models.CharField(max_length=32, blank=True)
    model_versions = models.JSONField(default=list)
    photos = models.JSONField(default=list, help_text="Point, angle and SHA-256 of the original of each photo.")
    pdf_uri = models.CharField(max_length=200, blank=True, help_text="Empty again once a revoked one is purged.")
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_bytes = models.PositiveIntegerField(null=True)
    final_at = models.DateTimeField(null=True)
    # All dossiers of an owner are deleted together, in one transaction.
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.DO_NOTHING, related_name="supersedes")
    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.CharField(max_length=20, choices=RevocationReason.choices(), blank=True)

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index("owner", F("created_at").desc(), F("id").desc(), name="dossiers_of_an_owner"),
            models.Index(fields=["turn", "due_at"], condition=Q(status="rendering"), name="dossiers_in_turn"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="dossiers_to_delete"),
            models.Index(
                fields=["revoked_at"], condition=Q(status="revoked") & ~Q(pdf_uri=""), name="dossiers_to_purge"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(status="draft", dated_at=None, revoked_at=None, revocation_reason="", pdf_uri="") & _NO_PDF
                )
                | (
                    Q(status="rendering", dated_at__isnull=False, failure_reason="", deleted_at=None)
                    & Q(revoked_at=None, revocation_reason="", pdf_uri="")
                    & _NO_PDF
                )
                | (
                    Q(status="final", dated_at__isnull=False, failure_reason="", deleted_at=None)
                    & Q(revoked_at=None, revocation_reason="")
                    & ~Q(pdf_uri="")
                    & _PDF
                )
                | (
                    Q(status="revoked", dated_at__isnull=False, failure_reason="", deleted_at=None)
                    & Q(revoked_at__isnull=False, revocation_reason__in=RevocationReason.values())
                    & _PDF
                ),
                name="a_dossiers_status_tells_its_document",
            ),
            models.CheckConstraint(condition=Q(mode__in=Mode.values()), name="a_dossier_is_of_one_mode"),
            models.CheckConstraint(
                condition=Q(language__in=Language.values(), paper__in=Paper.values()),
                name="a_dossier_has_a_known_language_and_paper",
            ),
            models.CheckConstraint(
                condition=Q(failure_reason="") | Q(failure_reason__in=RenderingFailure.values()),
                name="a_dossier_fails_for_a_known_reason",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by=None) | (Q(status__in=["final", "revoked"]) & ~Q(superseded_by=F("id"))),
                name="only_another_dossier_supersedes_a_document",
            ),
            models.CheckConstraint(
                condition=Q(purged_at=None) | Q(deleted_at__isnull=False), name="only_a_deleted_draft_is_purged_whole"
            ),
            models.UniqueConstraint(
                fields=["owner", "vessel", "mode"],
                condition=Q(status="final", superseded_by=None),
                name="one_current_dossier_per_owner_vessel_and_mode",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.mode} dossier of {self.created_at:%Y-%m-%d}"

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(status=DossierStatus.RENDERING)  # type: ignore[return-value]

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        return cls.unfinished().filter(owner__is_active=True)

    @property
    def key_prefix(self) -> str:
        """Prefix of all keys of this dossier in the object store."""
        return f"{dossiers_of(self.owner_id)}{self.id}/"

    @property
    def vessel_label(self) -> str:
        """The printed name of the vessel, or else its name now."""
        return self.vessel_name or (self.vessel.name if self.vessel else "")

    @property
    def is_draft(self) -> bool:
        return self.status == DossierStatus.DRAFT


class DossierInspection(models.Model):
    """An inspection that a dossier shows. `position` orders them, the first is 1."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="entries")
    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="dossier_entries")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "inspection"], name="a_dossier_shows_an_inspection_once"),
            models.UniqueConstraint(fields=["dossier", "position"], name="one_inspection_per_position_of_a_dossier"),
            models.CheckConstraint(condition=Q(position__gte=1), name="positions_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.inspection_id}"
