"""The one order of locks: the order of a payment with its owner, then the appointment. Both parties read it here."""

from uuid import UUID

from django.db.models import Q

from accounts.models import User
from billing.entitlements import entitlements
from billing.services.selling import lock_service_order
from maretech.common.http.errors import NotFound
from surveys.models import Appointment, AppointmentOrder


def own_appointment(*, user: User, appointment_id: UUID) -> Appointment:
    """Return the appointment if the user is a party of it. Raises `NotFound`."""
    own = Q(owner=user) | Q(surveyor__user=user, confirmed_at__isnull=False)
    found = Appointment.objects.filter(own, pk=appointment_id).select_related("surveyor", "dossier").first()
    if found is None:
        raise NotFound
    return found


def lock_appointment(appointment_id: UUID) -> Appointment:
    """Return the appointment, locked with its open order until the transaction ends. Raises `NotFound`."""
    owners = Appointment.objects.filter(pk=appointment_id).values_list("owner_id", flat=True)
    owner_id = owners.first()
    if owner_id is None:
        raise NotFound
    entitlements.lock(owner_id)  # no order is opened or paid from here on
    order_id = order_of(appointment_id)
    if order_id is not None:
        lock_service_order(order_id)
    return Appointment.objects.select_for_update().get(pk=appointment_id)


def order_of(appointment_id: UUID) -> UUID | None:
    """Return the order of an appointment that is open or paid, if it has one."""
    orders = AppointmentOrder.objects.filter(appointment=appointment_id, ended_at=None)
    return orders.values_list("order_id", flat=True).first()
