"""Sign the fuzzer in and give it ids to use. Schemathesis imports this module in a process of its own.

The process runs beside the server it attacks and reads its rows.
"""

import os
from typing import Any
from uuid import UUID
from zlib import crc32

import django
import schemathesis
from django.db.models import Q

django.setup()

from accounts.identity.sessions import start_session  # noqa: E402
from accounts.identity.tokens import issue_tokens  # noqa: E402
from accounts.models import Device, Session, User  # noqa: E402 - once the apps are ready
from billing.models import Order  # noqa: E402
from billing.vocabulary import Provider  # noqa: E402
from corrosion.models import Maintenance  # noqa: E402
from dossiers.models import Dossier, Share  # noqa: E402
from inspections.models import CaptureSlot, Inspection, MediaAsset  # noqa: E402
from inspections.vocabulary import InspectionStatus, Mode  # noqa: E402
from notifications.models import Notification  # noqa: E402
from surveys.models import Appointment, AppointmentDispute, Review, Surveyor  # noqa: E402
from vessels.models import Handover, Vessel  # noqa: E402

EMAIL = os.environ["FUZZING_AS"]
ENDS_SESSIONS = ("/auth/logout",)


def _signed_in() -> Session:
    return start_session(user=User.objects.get(email=EMAIL))


@schemathesis.auth(refresh_interval=None)
class SignIn:
    """Stays signed in; signs out of a separate session that no other call uses.

    The fuzzer may take the id of this session from the list of sessions, and end it: the next call then signs in
    again, as an app does.
    """

    session: Session | None = None

    def get(self, case: Any, context: Any) -> str:
        if case.path.endswith(ENDS_SESSIONS):
            return issue_tokens(_signed_in()).access_token
        if SignIn.session is None or not Session.objects.filter(pk=SignIn.session.pk, ended_at=None).exists():
            SignIn.session = _signed_in()
        return issue_tokens(SignIn.session).access_token

    def set(self, case: Any, data: str, context: Any) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any]) -> dict[str, Any]:
    return _with_ids_of_ours(context, path_parameters)


@schemathesis.hook
def map_query(context: Any, query: dict[str, Any]) -> dict[str, Any]:
    return _with_ids_of_ours(context, query)


def _with_ids_of_ours(context: Any, generated: dict[str, Any] | None) -> dict[str, Any]:
    """Replace three of four valid ids by ids that this owner's app would know; leave invalid ids unchanged."""
    return {
        name: _known(name, context.operation, value) if _is_id(value) else value
        for name, value in (generated or {}).items()
    }


def _known(name: str, operation: Any, value: str) -> str:
    number, ours = crc32(value.encode()), _ours(name, operation)
    return ours[number // 4 % len(ours)] if ours and number % 4 else value


def _is_id(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False


def _ours(name: str, operation: Any) -> list[str]:
    is_delete = operation.method.lower() == "delete"
    inspections = Inspection.objects.filter(owner__email=EMAIL, deleted_at=None)
    pending = inspections.filter(status=InspectionStatus.PENDING)
    compared = inspections.filter(status=InspectionStatus.COMPLETED, mode=Mode.CORROSION)
    orders = Order.objects.filter(owner__email=EMAIL)
    sessions = Session.objects.filter(user__email=EMAIL, ended_at=None)
    rows: dict[str, Any] = {
        "inspection_id": pending if is_delete else inspections,  # results are not made again
        "from": compared,
        "to": compared,
        "slot_id": CaptureSlot.objects.filter(inspection__in=pending),
        "asset_id": MediaAsset.objects.filter(slot__inspection__in=pending),
        "vessel_id": Vessel.objects.filter(owner__email=EMAIL),
        "device_id": Device.objects.filter(user__email=EMAIL),
        "order_id": orders,
        "dossier_id": Dossier.objects.filter(owner__email=EMAIL, deleted_at=None),
        "share_id": Share.objects.filter(dossier__owner__email=EMAIL),
        "handover_id": Handover.objects.filter(seller__email=EMAIL),
        "maintenance_id": Maintenance.objects.filter(vessel__owner__email=EMAIL),
        "notification_id": Notification.objects.filter(recipient__email=EMAIL),
        "surveyor_id": Surveyor.objects.filter(is_listed=True),
        "appointment_id": Appointment.objects.filter(Q(owner__email=EMAIL) | Q(surveyor__user__email=EMAIL)),
        "dispute_id": AppointmentDispute.objects.filter(appointment__owner__email=EMAIL),
        "review_id": Review.objects.exclude(author__email=EMAIL),
        "session_id": sessions if "/auth/" in operation.path else orders.filter(provider=Provider.STRIPE),
    }
    return [str(pk) for pk in rows[name].order_by("pk").values_list("pk", flat=True)[:100]] if name in rows else []
