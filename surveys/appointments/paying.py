"""The money of an appointment: its order, the provider's word about it, and what the end of a hold closes."""

from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.identity.verification import require_verified
from accounts.models import Session, User
from billing import step_up
from billing.entitlements import entitlements
from billing.payees.register import payee_of
from billing.services.hooks import ServiceHooks
from billing.services.selling import (
    fulfil_service,
    lock_service_order,
    open_service_order,
    refund_service,
    release_service_order,
    service_money,
)
from billing.vocabulary import ProductCode
from maretech.common.http.errors import NotFound
from maretech.common.work.queue import RESENT_AT_ONCE
from surveys.appointments import notices, transitions
from surveys.errors import AppointmentRefused
from surveys.models import ENDED_EARLY, OVER, Appointment, AppointmentOrder
from surveys.vocabulary import AppointmentStatus

_MONEY_GONE: Final = "its payment was taken back"


@transaction.atomic
def open_order(*, owner: User, session: Session, appointment_id: UUID) -> tuple[UUID, bool]:
    """Return the order of the owner's held appointment, and whether it is new.

    Raises `NotFound`, `EmailUnverified`, `AppointmentRefused` if it is not held any more or the surveyor could not be
    paid, or what `step_up.require` raises if the owner must enter a code in this session first.
    """
    entitlements.lock(owner)
    appointment = Appointment.objects.of_owner(owner).select_for_update().filter(pk=appointment_id).first()
    if appointment is None:
        raise NotFound
    require_verified(owner)
    if appointment.current_status != AppointmentStatus.HELD:
        raise AppointmentRefused("NOT_HELD", "This appointment is not held any more, or it is paid already.")
    step_up.require(user=owner, session=session, price_minor=appointment.price_minor, currency=appointment.currency)
    existing = AppointmentOrder.objects.filter(appointment=appointment, ended_at=None).first()
    if existing is not None:
        return existing.order_id, False
    order = open_service_order(
        owner=owner,
        product_code=ProductCode.APPOINTMENT,
        price_minor=appointment.price_minor,
        currency=appointment.currency,
    )
    payee = payee_of(appointment.surveyor.user_id)
    if payee is None or (payee.provider, payee.currency) != (order.provider, order.currency):
        raise AppointmentRefused("NOT_PAYABLE", "This surveyor cannot be paid at the moment. Choose another one.")
    AppointmentOrder.objects.create(appointment=appointment, order_id=order.pk)
    return order.pk, True


def unwanted_orders() -> list[UUID]:
    """Return the unpaid orders of appointments that are released, the oldest first."""
    open_ = AppointmentOrder.objects.filter(ended_at=None, paid_at=None, appointment__status__in=ENDED_EARLY)
    return list(open_.order_by("pk").values_list("order_id", flat=True)[:RESENT_AT_ONCE])


@transaction.atomic
def close_order(order_id: UUID) -> None:
    """Close the unpaid order of a released appointment. A payment that was made until then is still offered."""
    lock_service_order(order_id)
    row = AppointmentOrder.objects.select_for_update().select_related("appointment").get(order_id=order_id)
    is_unwanted = row.ended_at is None and row.paid_at is None and row.appointment.status in ENDED_EARLY
    if is_unwanted and not release_service_order(order_id):
        _end(row)


def earn(appointment: Appointment, *, cause: str) -> None:
    """Earn the money of an appointment that is over, and share it with the surveyor. The order is locked."""
    order, payee = _paid_order(appointment), payee_of(appointment.surveyor.user_id)
    if order is not None and payee is not None:
        fulfil_service(order, cause=cause, payee_id=payee.pk)


def return_money(appointment: Appointment, *, cause: str) -> None:
    """Return to the owner what is due (`refund_minor`) and not returned yet. Workers ask the provider.

    While a bank holds the money there is nothing to return; when it comes back, this runs again. The order is locked.
    """
    order_id = _paid_order(appointment)
    if order_id is None:
        return
    money = service_money(order_id)
    due = (appointment.refund_minor or 0) - (money.price_minor - money.refundable_minor)
    if due > 0:
        refund_service(order_id, cause=cause, amount_minor=due)


def _paid(order_id: UUID) -> bool:
    """Take the payment for a held appointment, or for a released one if its slot is still free."""
    row = _row(order_id)
    if row is None:
        return False
    with_parties = Appointment.objects.select_related("owner", "surveyor__user", "slot")
    appointment = with_parties.select_for_update(of=("self",)).get(pk=row.appointment_id)
    if row.paid_at is not None:
        return True
    if not _may_be_confirmed(appointment, row) or not _confirm(appointment):
        _end(row)
        return False
    row.paid_at, row.ended_at = timezone.now(), None
    row.save(update_fields=["paid_at", "ended_at"])
    notices.notify_of_confirmation(appointment)
    return True


def _may_be_confirmed(appointment: Appointment, row: AppointmentOrder) -> bool:
    """Return whether the payment is in time. What is held stays on offer for its owner; what is released does not."""
    is_offered = appointment.slot.withdrawn_at is None and appointment.surveyor.is_listed
    status = appointment.current_status
    if status != AppointmentStatus.HELD and not (status == AppointmentStatus.RELEASED and is_offered):
        return False
    others = AppointmentOrder.objects.filter(appointment=appointment, ended_at=None).exclude(pk=row.pk)
    is_to_come = appointment.starts_at > timezone.now()
    return is_to_come and appointment.owner.is_active and appointment.surveyor.user.is_active and not others.exists()


def _confirm(appointment: Appointment) -> bool:
    """Return whether it is confirmed. If another owner holds the slot, this instance differs from its row."""
    try:
        with transaction.atomic():
            transitions.confirm(appointment)
    except IntegrityError:
        return False
    return True


def _closed(order_id: UUID) -> None:
    row = _row(order_id)
    if row is not None and row.paid_at is None:
        _end(row)


def _money_back(order_id: UUID) -> None:
    """Cancel the appointment that had been paid, unless it has begun."""
    row = _row(order_id)
    if row is None or row.paid_at is None:
        return
    appointment = Appointment.objects.select_for_update().get(pk=row.appointment_id)
    if appointment.status == AppointmentStatus.CONFIRMED and appointment.starts_at > timezone.now():
        transitions.cancel(appointment, by=None, refund_minor=appointment.price_minor, cause=_MONEY_GONE)
        notices.notify_of_cancellation(appointment)


def _restored(order_id: UUID) -> None:
    """Return money that came back to us and is due to the owner; share the rest of what is over.

    A refund of ours that came back stays with staff: its way of payment would refuse it again.
    """
    row = _row(order_id)
    if row is None or row.paid_at is None:
        return
    appointment = Appointment.objects.select_for_update().get(pk=row.appointment_id)
    return_money(appointment, cause=f"money that came back is due to the owner ({timezone.now():%Y-%m-%d %H:%M:%S})")
    is_over = appointment.status in (*OVER, AppointmentStatus.CANCELLED)
    if is_over and (appointment.refund_minor or 0) < appointment.price_minor:
        earn(appointment, cause="its money came back")


def _row(order_id: UUID) -> AppointmentOrder | None:
    return AppointmentOrder.objects.select_related("appointment").filter(order_id=order_id).first()


def _paid_order(appointment: Appointment) -> UUID | None:
    paid = AppointmentOrder.objects.filter(appointment=appointment, paid_at__isnull=False)
    return paid.values_list("order_id", flat=True).first()


def _end(row: AppointmentOrder) -> None:
    if row.ended_at is None:
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])


HOOKS: Final = ServiceHooks(
    name="Appointment with a surveyor", paid=_paid, closed=_closed, money_back=_money_back, restored=_restored
)
