"""Send every field of every model in every write: only documented fields may change.

Two owners make the same calls, and each call succeeds; one of them also sends the extra fields. Afterwards their
rows must look the same, and no row may contain an id, time or number that was sent.

Control: an input passes unknown fields on.
"""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import cache
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils import timezone
from rest_framework.serializers import Serializer

from accounts.identity.mailed_codes import hash_code
from accounts.identity.registration import register_owner
from accounts.identity.sessions import start_session
from accounts.identity.tokens import issue_tokens
from accounts.models import EmailCode, PasswordReset, Session, StepUp, User
from accounts.vocabulary import StepUpChannel
from drills.harness.api_client import PASSWORD
from drills.harness.rows import APPS, Shape, everything
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import photo
from inspections.models import MediaAsset
from maretech.common.storage import object_store
from surveys.check_ins.tokens import make_token
from testing.dossiers import draft_of, eligible_inspection, final_of
from testing.factories import UserFactory, handover_of
from testing.openapi.operations import Operation, fields_of, operations
from testing.phone import Phone, caller
from testing.surveys import confirmed_of, disputed_of, over_of, review_of, slot_of, surveyor_in
from vessels.handovers import codes as handover_codes
from vessels.vocabulary import HandoverStatus, Party

SENT: Final = UUID(int=0xBAD)
CODE: Final = "271828"
_DOSSIERS: Final = "/v1/dossiers"
_HANDOVERS: Final = "/v1/handovers"
_SURVEYS: Final = ("/v1/appointments", "/v1/check-ins", "/v1/disputes", "/v1/reviews", "/v1/surveyors")
NEW_PASSWORD: Final = "anchor-and-chain-9"  # noqa: S105 - of accounts that live as long as the drill
_VALUES: Final = {
    models.IntegerField: 987_654,
    models.DateTimeField: "2031-01-01T00:00:00Z",
    models.DateField: "2031-01-01",
    models.UUIDField: str(SENT),
    models.ForeignKey: str(SENT),
    models.JSONField: {"mass": "assigned"},
}
_MARKS: Final = re.compile(rf"{SENT}|2031-01-01|\b987654\b|mass-assigned")


def disable_guard() -> AbstractContextManager[object]:
    understood = Serializer.to_internal_value

    def passed_on(serializer: Any, data: Any) -> Any:
        return {**data, **understood(serializer, data)}

    return patch.object(Serializer, "to_internal_value", passed_on)


def drill(context: DrillContext) -> Result:
    writes = [one for one in operations() if one.takes_json]
    if context.small:
        writes = writes[::4]
    faults = [fault for number, one in enumerate(writes) for fault in _faults(one, number)]
    faults += [f"{mark} was stored" for mark in sorted(set(_MARKS.findall(everything())))]
    figure = f"{len(faults)} writes changed more{f' ({faults[0]})' if faults else ''}"
    return Result(f"{len(writes)} writes × {len(_every_field())} fields", figure, "0", not faults)


@cache
def _every_field() -> dict[str, Any]:
    """Return a value for each column of each of our tables."""
    found: dict[str, Any] = {}
    for model in (model for model in apps.get_models() if model._meta.app_label in APPS):
        for field in model._meta.concrete_fields:
            for name in {field.name, field.attname}:
                found.setdefault(name, _value_of(field))
    return found


def _value_of(field: Any) -> Any:
    if field.choices:
        return list(field.choices)[-1][0]
    if isinstance(field, models.BooleanField):
        return not field.get_default()
    return next((value for kind, value in _VALUES.items() if isinstance(field, kind)), "mass-assigned")


def _faults(operation: Operation, number: int) -> list[str]:
    """Make the call with documented fields and with all fields, as two owners in the same state; return differences."""
    extra = {name: value for name, value in _every_field().items() if name not in _documented(operation)}
    (plainly, status), (with_more, other_status) = (
        _effect(operation, f"{kind}{number}", more) for kind, more in (("plain", {}), ("more", extra))
    )
    if status // 100 != 2:
        return [f"{operation} was not done: {status}"]
    same = (plainly, status) == (with_more, other_status)
    return [] if same else [f"{operation}: {status} {other_status} {str((with_more - plainly) or '')[:200]}"]


def _effect(operation: Operation, name: str, more: dict[str, Any]) -> tuple[Any, int]:
    email = f"{name}@example.org"
    user = register_owner(email=email, password=PASSWORD).user
    phone = _phone(user)
    opened = phone.post("/inspections", {"mode": "corrosion"}).json()
    ids = {**opened, **opened["uploads"][0], "vessel_id": phone.add_vessel("Tern")["vessel_id"]}
    if operation.path.startswith(_DOSSIERS):
        ids["dossier_id"] = _dossier_for(operation, user)
    if operation.path.startswith(_HANDOVERS):
        ids["handover_id"] = _handover_for(operation, user)
    named: dict[str, Any] = {}
    if operation.path.startswith(_SURVEYS):
        named = _surveys_for(operation, user)
        ids |= named
    # Values that two owners cannot share: an address, and a phone, which moves to the account that registered it last.
    own = {"email": f"new{email}", "push_token": email, "password": PASSWORD}
    named |= _ready(user, phone).get(operation.path, dict)()
    body = {field: own.get(field, value) for field, value in (operation.body() or {}).items()}
    body |= {field: value for field, value in named.items() if field in _documented(operation)}
    before = Shape()
    client = _here(caller()) if operation.is_open else phone.client
    sent = {**body, **more}
    answer = client.generic(operation.method, operation.url(ids), json.dumps(sent), content_type="application/json")
    return Shape().added_since(before), answer.status_code


def _dossier_for(operation: Operation, user: User) -> str:
    """Return a dossier in the state that the call requires, of an owner with a proven address."""
    _prove_address(user)
    is_final = operation.path.endswith(("/shares", "/deliveries"))
    return str((final_of(user) if is_final else draft_of(user)).pk)


def _handover_for(operation: Operation, user: User) -> str:
    """Return an offer of the owner with a mailed code, or for a dispute a completed handover to another owner."""
    _prove_address(user)
    row = handover_of(user)
    row.vessel_name = "Tern"  # the same for both owners
    row.save(update_fields=["vessel_name"])
    if operation.path.endswith("/dispute"):
        assert row.vessel is not None
        row.vessel.owner = row.buyer = UserFactory.create()
        row.vessel.save(update_fields=["owner"])
        row.status, row.completed_at = HandoverStatus.COMPLETED, timezone.now()
        row.save(update_fields=["buyer", "status", "completed_at"])
    else:
        code = row.codes.get(party=Party.SELLER)
        code.code_hash, code.sent_at = handover_codes.hash_code(code, CODE), timezone.now()
        code.save(update_fields=["code_hash", "sent_at"])
    return str(row.pk)


def _surveys_for(operation: Operation, user: User) -> dict[str, Any]:
    """Return the ids and the token that the call names, of rows in the state that it requires."""
    _prove_address(user)
    if operation.path.endswith("/appointments"):
        return {"slot_id": str(slot_of(surveyor_in()).pk)}
    if operation.path.endswith("/check-ins"):
        surveyor = surveyor_in(user=user)
        row = confirmed_of(UserFactory.create(), slot_of(surveyor, starts_in=timedelta(hours=2)))
        return {"token": make_token(row), "place_id": str(row.place_id)}
    if operation.path.endswith("/recovery-attempts"):
        return {"dispute_id": str(disputed_of(user).pk)}
    if operation.path.endswith("/reports"):
        return {"review_id": str(review_of(UserFactory.create()).pk)}
    over = over_of(user)
    return {"appointment_id": str(over.pk), "surveyor_id": str(over.surveyor_id)}


def _prove_address(user: User) -> None:
    user.email_verified_at = timezone.now()
    user.save(update_fields=["email_verified_at"])


def _ready(user: User, phone: Phone) -> dict[str, Callable[[], dict[str, Any]]]:
    """Prepare the state that a call requires, and return the part of the body that depends on it."""

    def subscribed() -> dict[str, str]:
        phone.post("/subscriptions/corrosion/mock", {"active": True})
        return {"mode": "corrosion"}

    def maintained() -> dict[str, str]:
        return subscribed() | {"vessel_label": "Tern"}

    def proven() -> dict[str, str]:
        _prove_address(user)
        return {}

    def photographed() -> dict[str, str]:
        for asset in MediaAsset.objects.filter(slot__inspection__owner=user):
            object_store().write(asset.uri, photo(), content_type="image/jpeg")
        return {}

    return {
        "/v1/auth/login": lambda: {"email": user.email},
        "/v1/auth/refresh": lambda: {"refresh_token": issue_tokens(start_session(user=user)).refresh_token},
        "/v1/auth/password/change": lambda: {"old_password": PASSWORD, "new_password": NEW_PASSWORD},
        "/v1/auth/password/reset/confirm": lambda: {"email": user.email, "code": _mailed(_reset(user))},
        "/v1/auth/email/verify": lambda: {"code": _mailed(EmailCode.objects.filter(user=user).latest("requested_at"))},
        "/v1/auth/step-up/verify": lambda: {"code": _mailed(_step_up(user))},
        _DOSSIERS: lambda: {"inspection_ids": [str(eligible_inspection(user).pk)]},
        f"{_DOSSIERS}/{{dossier_id}}/recording": lambda: {"content_type": "audio/ogg"},
        "/v1/vessels/{vessel_id}/handovers": proven,
        f"{_HANDOVERS}/{{handover_id}}/confirm": lambda: {"code": CODE},
        "/v1/corrosion/maintenance": maintained,
        "/v1/corrosion/reminders/{vessel_id}": subscribed,
        "/v1/inspections": subscribed,
        "/v1/inspections/{inspection_id}/complete": photographed,
        "/v1/inspections/{inspection_id}/submit": photographed,
    }


def _reset(user: User) -> PasswordReset:
    return PasswordReset.objects.create(user=user, requested_at=timezone.now())


def _step_up(user: User) -> StepUp:
    session = Session.objects.filter(user=user).latest("created_at")
    return StepUp.objects.create(user=user, session=session, channel=StepUpChannel.MAIL, requested_at=timezone.now())


def _mailed(row: PasswordReset | EmailCode | StepUp) -> str:
    """Return the code of the row, as if the worker had mailed it."""
    row.sent_at = row.expires_at = timezone.now() + timedelta(minutes=5)
    row.code_hash = hash_code(row, CODE)
    row.save()
    return CODE


def _documented(operation: Operation) -> set[str]:
    return set(fields_of(operation.spec["requestBody"]["content"]["application/json"]["schema"]))


def _phone(user: User) -> Phone:
    phone: Phone = Phone.of(user)
    _here(phone.client)
    return phone


def _here(client: Any) -> Any:
    client.defaults["SERVER_NAME"] = "localhost"
    return client


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
