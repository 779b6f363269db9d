"""Disputes as cases for staff: deadlines, assignee and steps. The only module that writes them.

`billing.orders` posts the effect of a dispute to the ledger.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.models import User
from billing import orders
from billing.entitlements import entitlements
from billing.errors import DisputeClosed
from billing.models import Dispute, DisputeStep, Order
from billing.notices import tell_staff_of_dispute
from billing.providers.base import Disputed
from billing.vocabulary import DisputeState

OPEN: Final = DisputeState.OPEN
_CLOSED: Final = (DisputeState.WON, DisputeState.LOST)


@transaction.atomic
def record(order: Order, found: Disputed, *, cause: str) -> None:
    """Record the provider's current state of a dispute and post its effect. A closed dispute stays closed."""
    entitlements.lock(order.owner_id)
    offered = _case(order, found)
    Dispute.objects.bulk_create([offered], ignore_conflicts=True)
    case = Dispute.objects.select_for_update().get(provider=order.provider, provider_ref=found.ref)
    if case.pk == offered.pk:
        tell_staff_of_dispute(case)
    _post_fees(order, found)
    if case.state != OPEN:
        return
    if case.is_inquiry != found.is_inquiry:
        case.is_inquiry = found.is_inquiry
        case.save(update_fields=["is_inquiry"])
    orders.open_dispute(
        order.pk,
        dispute_ref=found.ref,
        withdrawn_minor=found.withdrawn_minor,
        cause=cause,
        is_inquiry=found.is_inquiry,
    )
    if found.state in _CLOSED:
        is_won = found.state == DisputeState.WON
        orders.close_dispute(order.pk, dispute_ref=found.ref, is_won=is_won, cause=cause)
        case.state, case.closed_at = found.state, timezone.now()
        case.save(update_fields=["state", "closed_at"])
        _log(case, None, what=case.state, note=cause)


def acknowledge(dispute_id: UUID, *, staff: User, note: str) -> None:
    """Record that staff have seen the dispute; the caller becomes the assignee."""
    _mark(dispute_id, staff, "acknowledged_at", note=note, assignee=staff)


def triage(dispute_id: UUID, *, staff: User, note: str) -> None:
    """Record the decision to contest the dispute or to accept it."""
    _mark(dispute_id, staff, "triaged_at", note=note)


def answer(dispute_id: UUID, *, staff: User, note: str) -> None:
    """Record that staff submitted the evidence to the provider, or gave the dispute up."""
    _mark(dispute_id, staff, "answered_at", note=note)


def assign(dispute_id: UUID, *, staff: User, assignee: User, note: str) -> None:
    _write(dispute_id, staff, what="assigned", note=note, assignee=assignee)


def escalate(dispute_id: UUID, *, staff: User, note: str) -> None:
    _write(dispute_id, staff, what="escalated", note=note, is_escalated=True)


def log_attempt(dispute_id: UUID, *, staff: User, note: str) -> None:
    """Record an attempt to recover the money, also after a lost dispute."""
    _log(Dispute.objects.get(pk=dispute_id), staff, what="attempt", note=note)


def overdue_first() -> QuerySet[Dispute]:
    """Returns all disputes, the most urgent first.

    Annotates `next_deadline` (None if no step is left) and `is_overdue`.
    """
    now = timezone.now()
    deadline = Case(
        When(~Q(state=OPEN), then=Value(None)),
        When(acknowledged_at=None, then=F("acknowledge_by")),
        When(triaged_at=None, then=F("triage_by")),
        When(answered_at=None, then=F("resolve_by")),
        default=Value(None),
    )
    found = Dispute.objects.annotate(next_deadline=deadline)
    late = Case(When(next_deadline__lte=now, then=Value(1)), default=Value(0))
    return found.annotate(is_overdue=late).order_by(
        "-is_overdue", F("next_deadline").asc(nulls_last=True), "-opened_at"
    )


def overdue() -> QuerySet[Dispute]:
    """Returns the open disputes past their next deadline."""
    return overdue_first().filter(Q(is_overdue=1), state=OPEN)


def _post_fees(order: Order, found: Disputed) -> None:
    charged, returned = found.fee_minor, found.fee_returned_minor
    for amount, what in ((charged, f"dispute:{found.ref}"), (-returned, f"dispute:{found.ref}/returned")):
        if amount:
            orders.post_fee(order.pk, amount_minor=amount, currency=found.fee_currency, what=what)


def _case(order: Order, found: Disputed) -> Dispute:
    now = timezone.now()
    last: datetime = found.evidence_due_at or now + timedelta(days=settings.DISPUTE_RESOLVE_DAYS)
    return Dispute(
        order=order,
        provider=order.provider,
        provider_ref=found.ref,
        is_inquiry=found.is_inquiry,
        reason=found.reason[:100],
        amount_minor=found.amount_minor,
        currency=order.currency,
        acknowledge_by=min(last, now + timedelta(hours=settings.DISPUTE_ACKNOWLEDGE_HOURS)),
        triage_by=min(last, now + timedelta(hours=settings.DISPUTE_TRIAGE_HOURS)),
        resolve_by=last,
    )


def _mark(dispute_id: UUID, staff: User, when: str, *, note: str, **more: Any) -> None:
    """Set one of the times once; the first time stays."""
    first = not Dispute.objects.filter(pk=dispute_id, **{f"{when}__isnull": False}).exists()
    times = {when: timezone.now()} if first else {}
    _write(dispute_id, staff, what=when.removesuffix("_at"), note=note, **times, **more)


@transaction.atomic
def _write(dispute_id: UUID, staff: User, *, what: str, note: str, **values: Any) -> None:
    case = Dispute.objects.select_for_update().get(pk=dispute_id)
    if case.state != OPEN:
        raise DisputeClosed
    for name, value in values.items():
        setattr(case, name, value)
    case.save(update_fields=list(values))
    _log(case, staff, what=what, note=note)


def _log(case: Dispute, staff: User | None, *, what: str, note: str) -> None:
    DisputeStep.objects.create(dispute=case, staff=staff, what=what, note=note)
