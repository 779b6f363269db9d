"""Surveyors, the places where they work, and the times that they offer. Staff keep them."""

import uuid
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Owner

MAX_NAME: Final = 120


class Surveyor(models.Model):
    """A user who surveys boats. `modes` are the kinds of hulls, `regions`, `qualifications` and `languages` are text.

    A surveyor who is not listed is not found, keeps the appointments that exist, and is offered for no more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="surveyor")
    name = models.CharField(max_length=MAX_NAME, help_text="As owners see it.")
    modes = models.JSONField(default=list)
    regions = models.JSONField(default=list, help_text="Such as “Kieler Förde”.")
    qualifications = models.JSONField(default=list)
    languages = models.JSONField(default=list, help_text="Codes such as “de”.")
    is_listed = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        indexes = [
            models.Index(F("created_at").desc(), F("id").desc(), condition=Q(is_listed=True), name="listed_surveyors")
        ]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="a_surveyor_has_a_name")]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """A place where a surveyor meets owners. Its times are in its time zone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    surveyor = models.ForeignKey(Surveyor, on_delete=models.PROTECT, related_name="places")
    name = models.CharField(max_length=MAX_NAME, help_text="Such as “Boatyard Schmidt, hall 2, Kiel”.")
    time_zone = models.CharField(max_length=64, help_text="Such as Europe/Berlin.")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["surveyor", "name"], name="a_surveyor_has_a_place_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(time_zone=""), name="a_place_has_a_name_and_a_zone"),
        ]

    def __str__(self) -> str:
        return self.name


class Slot(models.Model):
    """A time that a surveyor offers, at a price. Only `directory.slots` writes it.

    It is free unless an appointment occupies it, which is a constraint of the appointments.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    surveyor = models.ForeignKey(Surveyor, on_delete=models.PROTECT, related_name="slots", db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    price_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    withdrawn_at = models.DateTimeField(null=True, help_text="Since then it is not offered any more.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["starts_at"]
        verbose_name = "appointment slot"
        constraints = [
            models.UniqueConstraint(
                fields=["surveyor", "starts_at"],
                condition=Q(withdrawn_at=None),
                name="a_surveyor_offers_a_time_once",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_slot_ends_after_its_start"),
            models.CheckConstraint(condition=Q(price_minor__gte=1), name="a_slot_has_a_price"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="a_slot_has_a_currency"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} UTC"


def surveyor_of(user: Owner) -> Surveyor | None:
    """Return the surveyor that a user is."""
    return Surveyor.objects.filter(user=user).first()
