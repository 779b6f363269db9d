"""Appointments of owners with surveyors, their orders, their history, and the scans of their codes."""

import uuid
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Owner
from dossiers.models import Dossier
from surveys.models.surveyors import MAX_NAME, Place, Slot, Surveyor
from surveys.vocabulary import AppointmentStatus, CheckInResult, Outcome, Party

# An appointment in one of the other statuses occupies its slot.
ENDED_EARLY: Final = ("released", "cancelled")
OCCUPYING: Final = tuple(status for status in AppointmentStatus.values() if status not in ENDED_EARLY)
UPCOMING: Final = ("confirmed", "checked_in")
OVER: Final = ("completed", "no_show", "disputed", "resolved")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def of_owner(self, owner: Owner) -> "AppointmentQuerySet":
        return self.filter(owner=owner)

    def of_surveyor(self, user: Owner) -> "AppointmentQuerySet":
        """Return the surveyor's appointments: those that were paid at some time."""
        return self.filter(surveyor__user=user, confirmed_at__isnull=False)

    def overdue_holds(self) -> "AppointmentQuerySet":
        return self.filter(status=AppointmentStatus.HELD, held_until__lte=timezone.now())

    def occupying(self) -> "AppointmentQuerySet":
        """Return those that occupy their slot now, without overdue holds."""
        over = Q(status=AppointmentStatus.HELD, held_until__lte=timezone.now())
        return self.filter(status__in=OCCUPYING).exclude(over)


class Appointment(models.Model):
    """An owner's appointment. Only `appointments.transitions` writes `status`.

    Times, place and price are those of the slot when it was held. A completed one has been checked in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments", db_index=False
    )
    surveyor = models.ForeignKey(Surveyor, on_delete=models.PROTECT, related_name="appointments", db_index=False)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="appointments")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="appointments")
    place_name = models.CharField(max_length=MAX_NAME)
    dossier = models.ForeignKey(Dossier, null=True, on_delete=models.SET_NULL, related_name="appointments")
    status = models.CharField(max_length=12, choices=AppointmentStatus.choices(), default=AppointmentStatus.HELD)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    price_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(default=timezone.now)
    held_until = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True, help_text="When the reminder of the day before was written.")
    checked_in_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="Released, cancelled, completed or missed then.")
    cancelled_by = models.CharField(max_length=8, choices=Party.choices(), blank=True)
    refund_minor = models.PositiveIntegerField(
        null=True, help_text="What the owner gets back, once it is cancelled or its dispute is resolved."
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index("owner", F("created_at").desc(), F("id").desc(), name="appointments_of_an_owner"),
            models.Index("surveyor", F("created_at").desc(), F("id").desc(), name="appointments_of_a_surveyor"),
            models.Index(fields=["held_until"], condition=Q(status="held"), name="holds_to_release"),
            models.Index(fields=["ends_at"], condition=Q(status__in=UPCOMING), name="appointments_to_close"),
            models.Index(
                fields=["starts_at"], condition=Q(status="confirmed", reminded_at=None), name="appointments_to_remind"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["slot"], condition=Q(status__in=OCCUPYING), name="one_appointment_occupies_a_slot"
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="held", confirmed_at=None, checked_in_at=None, ended_at=None)
                    | Q(status="released", confirmed_at=None, checked_in_at=None, ended_at__isnull=False)
                    | Q(status="confirmed", confirmed_at__isnull=False, checked_in_at=None, ended_at=None)
                    | Q(status="checked_in", confirmed_at__isnull=False, checked_in_at__isnull=False, ended_at=None)
                    | Q(status="cancelled", confirmed_at__isnull=False, ended_at__isnull=False)
                    | Q(
                        status="completed",
                        confirmed_at__isnull=False,
                        checked_in_at__isnull=False,
                        ended_at__isnull=False,
                    )
                    | Q(status="no_show", confirmed_at__isnull=False, checked_in_at=None, ended_at__isnull=False)
                    | Q(status__in=["disputed", "resolved"], confirmed_at__isnull=False, ended_at__isnull=False)
                ),
                name="an_appointments_status_tells_its_times",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_by="") | Q(status="cancelled", cancelled_by__in=Party.values()),
                name="only_a_cancelled_appointment_was_cancelled",
            ),
            models.CheckConstraint(
                # Without the second condition NULL would pass: it is neither lower nor higher.
                condition=Q(
                    status__in=["cancelled", "resolved"],
                    refund_minor__lte=F("price_minor"),
                    refund_minor__isnull=False,
                )
                | (~Q(status__in=["cancelled", "resolved"]) & Q(refund_minor=None)),
                name="a_refund_is_a_part_of_the_price",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="an_appointment_ends_after_its_start"),
            models.CheckConstraint(
                condition=Q(price_minor__gte=1, currency__regex=r"^[A-Z]{3}$"), name="an_appointment_has_a_price"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} appointment of {self.starts_at:%Y-%m-%d}"

    @property
    def current_status(self) -> AppointmentStatus:
        """The status, also while the sweep has not released an overdue hold yet."""
        is_over = self.status == AppointmentStatus.HELD and self.held_until <= timezone.now()
        return AppointmentStatus.RELEASED if is_over else AppointmentStatus(self.status)

    def party_of(self, user: Owner) -> Party:
        """Return which party a user is who may see this appointment. An owner may be a surveyor, too."""
        owner_id = getattr(user, "pk", user)
        return Party.OWNER if self.owner_id == owner_id else Party.SURVEYOR


class AppointmentOrder(models.Model):
    """An order for an appointment. `ended_at`: it is closed without a payment, or its money went back."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="orders")
    # Not a reference: orders belong to billing.
    order_id = models.UUIDField(unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    paid_at = models.DateTimeField(null=True, help_text="When its payment was taken for the appointment.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["appointment"], condition=Q(ended_at=None), name="open_orders_of_appointments")]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"], condition=Q(ended_at=None), name="an_appointment_has_one_order_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return str(self.order_id)


class AppointmentEvent(models.Model):
    """One change of an appointment's status, with its cause. Append-only."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="events")
    from_status = models.CharField(max_length=12, choices=AppointmentStatus.choices(), blank=True)
    to_status = models.CharField(max_length=12, choices=AppointmentStatus.choices())
    cause = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(cause=""), name="an_appointment_changes_for_a_cause")]

    def __str__(self) -> str:
        return f"{self.from_status or 'new'} → {self.to_status}"


class CheckIn(models.Model):
    """One scan of a code by a surveyor, with its result. Append-only."""

    surveyor = models.ForeignKey(Surveyor, on_delete=models.PROTECT, related_name="check_ins")
    appointment = models.ForeignKey(Appointment, null=True, on_delete=models.PROTECT, related_name="check_ins")
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=12, choices=CheckInResult.choices())
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "check-in"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result="NOT_FOUND") | Q(result="EXPIRED") | Q(appointment__isnull=False),
                name="a_scan_is_of_an_appointment",
            ),
            models.UniqueConstraint(
                fields=["appointment"], condition=Q(result="CHECKED_IN"), name="an_appointment_is_checked_in_once"
            ),
        ]

    def __str__(self) -> str:
        return self.result


class AppointmentDispute(models.Model):
    """An owner's complaint about an appointment. Only `disputes.cases` writes it. Its payout is blocked while open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="dispute")
    reason = models.CharField(max_length=1000, blank=True, help_text="In the owner's words; empty once erased.")
    opened_at = models.DateTimeField(default=timezone.now)
    acknowledge_by = models.DateTimeField()
    triage_by = models.DateTimeField()
    resolve_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    triaged_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    is_escalated = models.BooleanField(default=False)
    outcome = models.CharField(max_length=8, choices=Outcome.choices(), blank=True)

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["resolve_by"], condition=Q(resolved_at=None), name="appointment_disputes_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None, outcome="") | Q(resolved_at__isnull=False, outcome__in=Outcome.values()),
                name="a_resolved_dispute_has_its_outcome",
            ),
            models.CheckConstraint(
                condition=Q(acknowledge_by__lte=F("triage_by")) & Q(triage_by__lte=F("resolve_by")),
                name="deadlines_of_a_dispute_are_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"Dispute of {self.appointment}"

    @property
    def next_deadline(self) -> datetime | None:
        """The next deadline that staff have not met yet; None once it is resolved."""
        if self.resolved_at is not None:
            return None
        if self.acknowledged_at is None:
            return self.acknowledge_by
        return self.triage_by if self.triaged_at is None else self.resolve_by


class RecoveryAttempt(models.Model):
    """What a party explains about an open dispute of an appointment, to staff. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dispute = models.ForeignKey(AppointmentDispute, on_delete=models.PROTECT, related_name="attempts")
    party = models.CharField(max_length=8, choices=Party.choices())
    explanation = models.CharField(max_length=1000, blank=True, help_text="Empty once erased.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(party__in=Party.values()), name="an_attempt_is_of_a_party"),
        ]

    def __str__(self) -> str:
        return f"by the {self.party}"
