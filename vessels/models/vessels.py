"""Vessels of owners."""

import uuid
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Owner
from vessels.naming import MAX_KEY, MAX_NAME
from vessels.vocabulary import HullMaterial

MIN_LENGTH_M: Final = 1
MAX_LENGTH_M: Final = 500
FIRST_BUILT_YEAR: Final = 1800
LAST_BUILT_YEAR: Final = 2100


class VesselQuerySet(models.QuerySet["Vessel"]):
    def owned_by(self, owner: Owner) -> "VesselQuerySet":
        """Return this owner's vessels, including archived ones."""
        return self.filter(owner=owner)


class Vessel(models.Model):
    """One boat of an owner. Its details are the owner's input; it has no position.

    Inspections that were opened without a label share the owner's unnamed vessel.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="vessels", db_index=False
    )
    name = models.CharField(max_length=MAX_NAME, blank=True)
    name_key = models.CharField(max_length=MAX_KEY, blank=True, help_text="Equal for every spelling of the name.")
    hull_material = models.CharField(max_length=16, choices=HullMaterial.choices(), blank=True)
    length_m = models.FloatField(null=True)
    built_year = models.PositiveSmallIntegerField(null=True)
    hull_id = models.CharField(max_length=40, blank=True)
    home_port = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True)

    objects = VesselQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("owner", F("created_at").desc(), F("id").desc(), name="vessels_of_an_owner")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name_key"], name="one_vessel_per_owner_and_name"),
            models.CheckConstraint(
                condition=Q(name="", name_key="") | (~Q(name="") & ~Q(name_key="")),
                name="a_vessel_with_a_name_has_its_key",
            ),
            models.CheckConstraint(
                condition=Q(hull_material__in=["", *HullMaterial.values()]), name="hull_material_is_known"
            ),
            models.CheckConstraint(
                condition=Q(length_m=None) | Q(length_m__gte=MIN_LENGTH_M, length_m__lte=MAX_LENGTH_M),
                name="a_vessel_is_as_long_as_a_boat",
            ),
            models.CheckConstraint(
                condition=Q(built_year=None) | Q(built_year__gte=FIRST_BUILT_YEAR, built_year__lte=LAST_BUILT_YEAR),
                name="a_vessel_was_built_in_our_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name or "unnamed vessel"
