"""Disputes of appointments: opened by the owner, handled and decided by staff. The only module that writes them.

While a dispute is open, the surveyor's payout is blocked. The decision returns the money, or a part of it, or none.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.models import User
from accounts.staff.audit import record_staff_action
from billing.payees.payouts import block_payout, unblock_payout
from maretech.common.http.errors import NotFound
from surveys.appointments import notices, transitions
from surveys.appointments.locking import lock_appointment, order_of, own_appointment
from surveys.appointments.paying import return_money
from surveys.errors import AppointmentRefused
from surveys.models import Appointment, AppointmentDispute, RecoveryAttempt
from surveys.vocabulary import AppointmentStatus, Outcome

MAX_ATTEMPTS: Final = 20


class NotOpen(Exception):
    """There is nothing to decide any more, or the decision is impossible. The text is for staff."""


@transaction.atomic
def open_dispute(*, owner: User, appointment_id: UUID, reason: str) -> AppointmentDispute:
    """Dispute a completed or missed appointment, until `APPOINTMENT_DISPUTE_DAYS` after its end. Repeatable.

    Raises `NotFound`, also for the surveyor, or `AppointmentRefused`.
    """
    if own_appointment(user=owner, appointment_id=appointment_id).owner_id != owner.pk:
        raise NotFound
    appointment = lock_appointment(appointment_id)
    if appointment.status == AppointmentStatus.DISPUTED:
        return AppointmentDispute.objects.get(appointment=appointment)
    _refuse_late(appointment)
    transitions.dispute(appointment)
    dispute = AppointmentDispute.objects.create(appointment=appointment, reason=reason, **_deadlines())
    order_id = order_of(appointment.pk)
    if order_id is not None:
        block_payout(order_id)
    notices.notify_of_dispute(dispute)
    return dispute


def own_dispute(*, user: User, dispute_id: UUID) -> AppointmentDispute:
    """Return the dispute of an appointment if the user is a party of it. Raises `NotFound`."""
    own = Q(appointment__owner=user) | Q(appointment__surveyor__user=user)
    found = AppointmentDispute.objects.filter(own, pk=dispute_id).select_related("appointment__surveyor").first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def explain(*, user: User, dispute_id: UUID, explanation: str) -> AppointmentDispute:
    """Add what a party explains to staff. Raises `NotFound`, or `AppointmentRefused` for a decided dispute."""
    dispute = own_dispute(user=user, dispute_id=dispute_id)
    lock_appointment(dispute.appointment_id)
    dispute.refresh_from_db()
    if dispute.resolved_at is not None:
        raise AppointmentRefused("RESOLVED", "This dispute is decided.")
    party = dispute.appointment.party_of(user)
    if dispute.attempts.filter(party=party).count() >= MAX_ATTEMPTS:
        raise AppointmentRefused("TOO_MANY_ATTEMPTS", "So many explanations are enough. Our staff will decide.")
    RecoveryAttempt.objects.create(dispute=dispute, party=party, explanation=explanation)
    return dispute


@transaction.atomic
def acknowledge(*, staff: User, dispute_id: UUID, reason: str) -> None:
    """Note that staff have seen the dispute. Raises `NotOpen`, `ReasonRequired`."""
    _mark(staff, dispute_id, "acknowledged_at", action="acknowledge_dispute", reason=reason)


@transaction.atomic
def triage(*, staff: User, dispute_id: UUID, reason: str) -> None:
    """Note what staff will look into. Raises `NotOpen`, `ReasonRequired`."""
    _mark(staff, dispute_id, "triaged_at", action="triage_dispute", reason=reason)


@transaction.atomic
def escalate(*, staff: User, dispute_id: UUID, reason: str) -> None:
    """Flag the dispute for a decision above support. Raises `NotOpen`, `ReasonRequired`."""
    dispute = _open(dispute_id)
    record_staff_action(staff=staff, action="escalate_dispute", subject=dispute, reason=reason)
    AppointmentDispute.objects.filter(pk=dispute.pk).update(is_escalated=True)


@transaction.atomic
def resolve(*, staff: User, dispute_id: UUID, outcome: Outcome, refund_minor: int | None, reason: str) -> None:
    """Decide the dispute: all the money goes back, a part of it, or none. Raises `NotOpen`, `ReasonRequired`."""
    dispute = _open(dispute_id)
    appointment = dispute.appointment
    amount = refund_of(appointment, outcome, refund_minor)
    record_staff_action(
        staff=staff, action="resolve_dispute", subject=dispute, reason=reason, detail={"refund_minor": amount}
    )
    now = timezone.now()
    times = {
        "acknowledged_at": dispute.acknowledged_at or now,
        "triaged_at": dispute.triaged_at or now,
        "resolved_at": now,
    }
    AppointmentDispute.objects.filter(pk=dispute.pk).update(outcome=outcome, **times)
    transitions.resolve(appointment, refund_minor=amount, cause=f"decided by staff: {outcome.label}")
    return_money(appointment, cause=f"dispute {dispute.pk}")
    order_id = order_of(appointment.pk)
    if order_id is not None:
        unblock_payout(order_id)
    notices.notify_of_decision(dispute)


def refund_of(appointment: Appointment, outcome: Outcome, refund_minor: int | None) -> int:
    """Return what goes back to the owner by this decision. Raises `NotOpen` for an impossible part."""
    if outcome == Outcome.PART:
        if refund_minor is None or not 1 <= refund_minor < appointment.price_minor:
            raise NotOpen(f"A part is from 1 to {appointment.price_minor - 1}.")
        return refund_minor
    return appointment.price_minor if outcome == Outcome.FULL else 0


def escalate_overdue() -> int:
    """Flag the disputes that missed their next deadline. Returns how many are new."""
    return overdue().filter(is_escalated=False).update(is_escalated=True)


def overdue() -> QuerySet[AppointmentDispute]:
    """Return the open disputes past their next deadline."""
    deadline = Case(
        When(acknowledged_at=None, then=F("acknowledge_by")),
        When(triaged_at=None, then=F("triage_by")),
        default=F("resolve_by"),
    )
    open_ = AppointmentDispute.objects.filter(resolved_at=None)
    return open_.filter(pk__in=open_.annotate(deadline=deadline).filter(deadline__lte=timezone.now()).values("pk"))


def open_first() -> QuerySet[AppointmentDispute]:
    """Return all disputes, the open ones first, the most urgent of them on top."""
    is_open = Case(When(resolved_at=None, then=Value(0)), default=Value(1))
    return AppointmentDispute.objects.annotate(is_closed=is_open).order_by("is_closed", "resolve_by", "pk")


def _refuse_late(appointment: Appointment) -> None:
    if appointment.status == AppointmentStatus.RESOLVED:
        raise AppointmentRefused("DECIDED", "A dispute of this appointment was decided already.")
    if appointment.status not in (AppointmentStatus.COMPLETED, AppointmentStatus.NO_SHOW):
        raise AppointmentRefused("NOT_OVER", "Only an appointment that is over can be disputed.")
    if timezone.now() > appointment.ends_at + timedelta(days=settings.APPOINTMENT_DISPUTE_DAYS):
        raise AppointmentRefused("TOO_LATE", "The time to dispute this appointment is over.")


def _deadlines() -> dict[str, datetime]:
    now = timezone.now()
    return {
        "acknowledge_by": now + timedelta(hours=settings.DISPUTE_ACKNOWLEDGE_HOURS),
        "triage_by": now + timedelta(hours=settings.DISPUTE_TRIAGE_HOURS),
        "resolve_by": now + timedelta(days=settings.DISPUTE_RESOLVE_DAYS),
    }


def _mark(staff: User, dispute_id: UUID, when: str, *, action: str, reason: str) -> None:
    """Set one of the times once; the first time stays."""
    dispute = _open(dispute_id)
    record_staff_action(staff=staff, action=action, subject=dispute, reason=reason)
    AppointmentDispute.objects.filter(pk=dispute.pk, **{when: None}).update(**{when: timezone.now()})


def _open(dispute_id: UUID) -> AppointmentDispute:
    """Return the open dispute; its appointment is locked. Raises `NotOpen`."""
    appointment = lock_appointment(
        AppointmentDispute.objects.values_list("appointment_id", flat=True).get(pk=dispute_id)
    )
    dispute = AppointmentDispute.objects.get(pk=dispute_id)
    if dispute.resolved_at is not None:
        raise NotOpen("This dispute is decided.")
    dispute.appointment = appointment
    return dispute
