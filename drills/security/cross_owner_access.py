"""Call every route and method with another owner's ids, in path, query and body: not found, and nothing changed.

Served and documented routes are the same; anonymous callers get 401. Surveyors and their reviews are public: only the
appointment that a review names must be the caller's.

Control: ownership is not checked, so every caller finds everything.
"""

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from typing import Any, Final
from unittest.mock import patch
from uuid import uuid4

from django.utils import timezone

from accounts.identity.sessions import start_session
from accounts.models import User
from dossiers.models.dossiers import DossierQuerySet
from dossiers.models.shares import ShareQuerySet
from dossiers.shares.changes import open_share
from drills.harness.api_client import Answer, Caller, call, sign_up
from drills.harness.purchases import buy
from drills.harness.rows import everything
from drills.harness.runner import DrillContext, Result, main
from inspections.models import InspectionQuerySet
from inspections.vocabulary import Mode
from surveys.models.appointments import AppointmentQuerySet
from testing.dossiers import draft_of, eligible_inspection, final_of
from testing.factories import InspectionFactory, handover_of, maintenance_of, notification_of
from testing.letters import letter_of
from testing.openapi.operations import Operation, operations
from testing.openapi.routes import UNDOCUMENTED, served
from testing.surveys import confirmed_of, disputed_of, held_of, over_of, slot_of, surveyor_in
from vessels.models import HandoverQuerySet, VesselQuerySet

OPEN: Final = "/v1/inspections"
DOSSIERS: Final = "/v1/dossiers"
APPOINTMENTS: Final = "/v1/appointments"
REVIEWS: Final = "/v1/surveyors/{surveyor_id}/reviews"
# Every user sees these, and may report a review.
PUBLIC: Final = re.compile(r"GET /v1/surveyors/.*|POST /v1/reviews/.*")
COMPARE: Final = "/v1/corrosion/compare"
# The routes that take ids in their query.
QUERIES: Final = {COMPARE: "?from={inspection_id}&to={compared_id}", "/v1/corrosion/ghosts": "?for={inspection_id}"}


def disable_guard() -> AbstractContextManager[object]:
    stack = ExitStack()
    for rows in (InspectionQuerySet, VesselQuerySet, DossierQuerySet, ShareQuerySet):
        stack.enter_context(patch.object(rows, "owned_by", lambda rows, _: rows.all()))
    stack.enter_context(patch.object(HandoverQuerySet, "of", lambda rows, _: rows.all()))
    stack.enter_context(patch.object(AppointmentQuerySet, "of_owner", lambda rows, _: rows.all()))
    return stack


def drill(context: DrillContext) -> Result:
    owner, stranger = sign_up(context.base_url), sign_up(context.base_url)
    stranger.post("/subscriptions/corrosion/mock", {"active": True})
    # Else the calls that need a proven address would be refused before they look for the id.
    User.objects.filter(email=stranger.email).update(email_verified_at=timezone.now())
    called = [one for one in operations() if one.path.startswith("/v1/")]
    faults = [
        f"not documented or not served: {one}" for one in _served() ^ {(one.method, one.path) for one in operations()}
    ]
    tried = 0
    for ids in _ids_in_each_state(owner):
        before = everything()
        for one in called:
            if _names_an_owners_row(one):
                tried += 1
                faults += _faults(stranger, one, ids)
        if everything() != before:
            faults.append("rows changed")
    for one in called:
        if not one.is_open:
            tried += 1
            if _sent(context.base_url, "", one, {}).status != 401:
                faults.append(f"{one} lets the anonymous in")
    figure = f"{len(faults)} wrong of {tried} calls over {len(called)} operations" + (
        f" ({faults[0]})" if faults else ""
    )
    return Result(f"{tried} calls", figure, "404 (compare and review 400), no row changed", not faults)


def _served() -> set[tuple[str, str]]:
    return {(method, path) for method, path in served() if not UNDOCUMENTED.fullmatch(path)}


def _names_an_owners_row(operation: Operation) -> bool:
    in_body = operation.path in (OPEN, DOSSIERS, APPOINTMENTS) and operation.method == "POST"
    named = operation.names_an_id or operation.path in QUERIES or in_body
    return named and not operation.is_open and not PUBLIC.fullmatch(str(operation))


def _ids_in_each_state(owner: Caller) -> list[dict[str, str]]:
    """Create rows of the owner: inspections, drafts and a final dossier, an order, a phone, a vessel."""
    opened = owner.post("/inspections", {"mode": "corrosion"}).body
    upload = opened["uploads"][0]
    device = owner.post("/auth/me/devices", {"platform": "ios", "push_token": "owners-phone"}).body
    order = str(buy(owner))
    user = User.objects.get(email=owner.email)
    compared = InspectionFactory.create(owner=user, mode=Mode.CORROSION, completed=True)
    shared = final_of(user)
    common = {
        "compared_id": str(compared.pk),
        "slot_id": upload["slot_id"],
        "asset_id": upload["asset_id"],
        "device_id": device["id"],
        "vessel_id": owner.post("/vessels", {"name": "Tern"}).body["vessel_id"],
        "order_id": order,
        "session_id": order,
        "sign_in_id": str(start_session(user=user).pk),
        "notification_id": str(notification_of(user).pk),
        "maintenance_id": str(maintenance_of(user).pk),
        "eligible_id": str(eligible_inspection(user).pk),
        "share_id": str(open_share(shared, days=1).pk),
        "delivery_id": str(letter_of(user, dossier=shared).pk),
        "handover_id": str(handover_of(user).pk),
        "offered_id": str(slot_of(surveyor_in()).pk),
        "dispute_id": str(disputed_of(user).pk),
    }
    over = over_of(user)
    common["surveyor_id"] = str(over.surveyor_id)
    appointments = [held_of(user), confirmed_of(user), over]
    dossiers = [draft_of(user), final_of(user, eligible_inspection(user, mode=Mode.OSMOSIS)), draft_of(user)]
    completed = [InspectionFactory.create(owner=user, mode=mode, completed=True) for mode in Mode.values()]
    ids = [opened["inspection_id"], *(str(row.pk) for row in completed)]
    return [
        {**common, "inspection_id": one, "dossier_id": str(dossier.pk), "appointment_id": str(appointment.pk)}
        for one, dossier, appointment in zip(ids, dossiers, appointments, strict=True)
    ]


def _faults(stranger: Caller, operation: Operation, ids: Mapping[str, Any]) -> list[str]:
    expected = 400 if operation.path in (COMPARE, REVIEWS) else 404
    status = _sent(stranger.base_url, stranger.token, operation, ids).status
    return [] if status == expected else [f"{operation}: {status}"]


def _bodies(ids: Mapping[str, Any]) -> dict[str, Any]:
    """Return the bodies with an id, by their operation."""

    def named(name: str) -> str:
        return str(ids.get(name, uuid4()))

    return {
        f"POST {OPEN}": {"mode": "corrosion", "vessel_id": named("vessel_id")},
        f"POST {DOSSIERS}": {"inspection_ids": [named("eligible_id")]},
        f"POST {APPOINTMENTS}": {"slot_id": named("offered_id"), "dossier_id": named("dossier_id")},
        f"POST {REVIEWS}": {"appointment_id": named("appointment_id"), "rating": 1},
    }


def _sent(base_url: str, token: str, operation: Operation, ids: Mapping[str, Any]) -> Answer:
    path = operation.url(ids).removeprefix("/v1")
    if operation.path in QUERIES and ids:
        path += QUERIES[operation.path].format_map(ids)
    body = _bodies(ids).get(str(operation)) or operation.body()
    return call(base_url, operation.method, path, body, token=token)


if __name__ == "__main__":
    main(drill, disable_guard)
