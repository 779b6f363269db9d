"""Maintenance of vessels, as their owners noted it."""

import uuid
from datetime import date
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Owner
from corrosion.vocabulary import SURFACE_CHANGING, MaintenanceKind
from vessels.models import Vessel

FIRST_DAY: Final = date(1900, 1, 1)
MAX_NOTE: Final = 500


class MaintenanceQuerySet(models.QuerySet["Maintenance"]):
    def owned_by(self, owner: Owner) -> "MaintenanceQuerySet":
        return self.filter(vessel__owner=owner)


class Maintenance(models.Model):
    """One job on a vessel, on one day at the owner's. `points` are indices; empty: the whole vessel.

    It is never changed. It belongs to the owner of the vessel.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vessel = models.ForeignKey(Vessel, on_delete=models.CASCADE, related_name="maintenance", db_index=False)
    kind = models.CharField(max_length=16, choices=MaintenanceKind.choices())
    performed_on = models.DateField()
    points = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=MAX_NOTE, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = MaintenanceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "maintenance"
        ordering = ["performed_on", "created_at", "id"]
        indexes = [models.Index(fields=["vessel", "performed_on"], name="maintenance_of_a_vessel")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MaintenanceKind.values()), name="the_kind_of_maintenance_is_known"
            ),
            models.CheckConstraint(condition=Q(performed_on__gte=FIRST_DAY), name="maintenance_was_done_in_our_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.performed_on}"

    @property
    def vessel_label(self) -> str:
        return self.vessel.name

    @property
    def changes_surface(self) -> bool:
        return self.kind in SURFACE_CHANGING
