"""Call every route and method with another owner's ids, in path, query and body: not found, and nothing changed.

Served and documented routes are the same; anonymous callers get 401.

Control: ownership is not checked, so every caller finds everything.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from typing import Any, Final
from unittest.mock import patch
from uuid import uuid4

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
from testing.dossiers import draft_of, eligible_inspection, final_of
from testing.factories import InspectionFactory, handover_of, maintenance_of, notification_of
from testing.letters import letter_of
from testing.openapi.operations import Operation, operations
from testing.openapi.routes import UNDOCUMENTED, served
from vessels.models import HandoverQuerySet, VesselQuerySet

OPEN: Final = "/v1/inspections"
DOSSIERS: Final = "/v1/dossiers"
COMPARE: Final = "/v1/corrosion/compare"
# The routes that take ids in their query.
QUERIES: Final = {COMPARE: "?from={inspection_id}&to={compared_id}", "/v1/corrosion/ghosts": "?for={inspection_id}"}


def disable_guard() -> AbstractContextManager[object]:
    stack = ExitStack()
    for rows in (InspectionQuerySet, VesselQuerySet, DossierQuerySet, ShareQuerySet):
        stack.enter_context(patch.object(rows, "owned_by", lambda rows, _: rows.all()))
    stack.enter_context(patch.object(HandoverQuerySet, "of", lambda rows, _: rows.all()))
    return stack


def drill(context: DrillContext) -> Result:
    owner, stranger = sign_up(context.base_url), sign_up(context.base_url)
    stranger.post("/subscriptions/corrosion/mock", {"active": True})
    called = [one for one in operations() if one.path.startswith("/v1/")]
    faults = [
        f"not documented or not served: {one}" for one in _served() ^ {(one.method, one.path) for one in operations()}
    ]
    tried = 0
    for ids in _ids_in_each_state(owner):
        before = everything()
        for one in called:
            in_body = one.path in (OPEN, DOSSIERS) and one.method == "POST"
            if not one.is_open and (one.names_an_id or one.path in QUERIES or in_body):
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
    return Result(f"{tried} calls", figure, "404 (compare 400), no row changed", not faults)


def _served() -> set[tuple[str, str]]:
    return {(method, path) for method, path in served() if not UNDOCUMENTED.fullmatch(path)}


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
    }
    dossiers = [draft_of(user), final_of(user, eligible_inspection(user, mode=Mode.OSMOSIS)), draft_of(user)]
    completed = [InspectionFactory.create(owner=user, mode=mode, completed=True) for mode in Mode.values()]
    ids = [opened["inspection_id"], *(str(row.pk) for row in completed)]
    pairs = zip(ids, dossiers, strict=True)
    return [{**common, "inspection_id": one, "dossier_id": str(dossier.pk)} for one, dossier in pairs]


def _faults(stranger: Caller, operation: Operation, ids: Mapping[str, Any]) -> list[str]:
    expected = 400 if operation.path == COMPARE else 404
    status = _sent(stranger.base_url, stranger.token, operation, ids).status
    return [] if status == expected else [f"{operation}: {status}"]


def _sent(base_url: str, token: str, operation: Operation, ids: Mapping[str, Any]) -> Answer:
    path = operation.url(ids).removeprefix("/v1")
    if operation.path in QUERIES and ids:
        path += QUERIES[operation.path].format_map(ids)
    body = operation.body()
    # The two bodies with an id.
    if operation.path == OPEN and operation.method == "POST":
        body = {"mode": "corrosion", "vessel_id": ids.get("vessel_id", str(uuid4()))}
    if operation.path == DOSSIERS and operation.method == "POST":
        body = {"inspection_ids": [ids.get("eligible_id", str(uuid4()))]}
    return call(base_url, operation.method, path, body, token=token)


if __name__ == "__main__":
    main(drill, disable_guard)
