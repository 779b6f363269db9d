"""Links with which anyone can read a final dossier."""

import uuid

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import Owner
from dossiers.models.dossiers import Dossier
from dossiers.vocabulary import DossierStatus


class ShareQuerySet(models.QuerySet["Share"]):
    def owned_by(self, owner: Owner) -> "ShareQuerySet":
        return self.filter(dossier__owner=owner, dossier__deleted_at=None)

    def open(self) -> QuerySet["Share"]:
        """Return the shares that show their dossier now."""
        return self.filter(
            revoked_at=None,
            expires_at__gt=timezone.now(),
            dossier__status=DossierStatus.FINAL,
            dossier__owner__is_active=True,
        )


class Share(models.Model):
    """One link. The row holds no secret: the link is signed (`shares.links`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="shares")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    views = models.PositiveIntegerField(default=0)
    last_viewed_at = models.DateTimeField(null=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="a_share_lasts_for_a_while"),
            models.CheckConstraint(
                condition=Q(views=0, last_viewed_at=None) | Q(views__gte=1, last_viewed_at__isnull=False),
                name="a_viewed_share_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"share until {self.expires_at:%Y-%m-%d}"
