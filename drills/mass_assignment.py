"""Every field of every model is sent in every write: nothing but what is documented changes.

Two owners make the same calls; one of them sends all those fields as well. Afterwards their rows look the same.
Control: an input passes on what it does not know.
"""

import json
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

from django.apps import apps
from django.db import models
from rest_framework.serializers import Serializer

from accounts.models import User
from accounts.registration import register_owner
from drills.calling import PASSWORD
from drills.harness import Result, Stage, main
from drills.rows import APPS, Shape
from tests.contract.operations import Operation, component, operations
from tests.phone import Phone, caller

SENT: Final = UUID(int=0xBAD)
_VALUES: Final = {
    models.BooleanField: True,
    models.IntegerField: 987_654,
    models.DateTimeField: "2031-01-01T00:00:00Z",
    models.DateField: "2031-01-01",
    models.UUIDField: str(SENT),
    models.ForeignKey: str(SENT),
    models.JSONField: {"mass": "assigned"},
}


def without_guard() -> AbstractContextManager[object]:
    understood = Serializer.to_internal_value

    def passed_on(serializer: Any, data: Any) -> Any:
        return {**data, **understood(serializer, data)}

    return patch.object(Serializer, "to_internal_value", passed_on)


def drill(stage: Stage) -> Result:
    writes = [one for one in operations() if one.takes_json]
    if stage.small:
        writes = writes[::4]
    faults = [fault for number, one in enumerate(writes) for fault in _faults(one, number)]
    figure = f"{len(faults)} writes changed more{f' ({faults[0]})' if faults else ''}"
    return Result(f"{len(writes)} writes × {len(_every_field())} fields", figure, "0", not faults)


@cache
def _every_field() -> dict[str, Any]:
    """A value for each column of each of our tables."""
    found: dict[str, Any] = {}
    for model in (model for model in apps.get_models() if model._meta.app_label in APPS):
        for field in model._meta.concrete_fields:
            for name in {field.name, field.attname}:
                found.setdefault(name, _value_of(field))
    return found


def _value_of(field: Any) -> Any:
    if field.choices:
        return list(field.choices)[-1][0]
    return next((value for kind, value in _VALUES.items() if isinstance(field, kind)), "mass-assigned")


def _faults(operation: Operation, number: int) -> list[str]:
    """The call with documented fields and with all of them, by two owners in the same state."""
    extra = {name: value for name, value in _every_field().items() if name not in _documented(operation)}
    (plainly, status), (with_more, other_status) = (
        _effect(operation, f"{kind}{number}", more) for kind, more in (("plain", {}), ("more", extra))
    )
    same = (plainly, status) == (with_more, other_status)
    return [] if same else [f"{operation}: {status} {other_status} {str((with_more - plainly) or '')[:200]}"]


def _effect(operation: Operation, name: str, more: dict[str, Any]) -> tuple[Any, int]:
    email = f"{name}@example.org"
    phone = _phone(register_owner(email=email, password=PASSWORD).user)
    opened = phone.post("/inspections", {"mode": "corrosion"}).json()
    ids = {**opened, **opened["uploads"][0]}
    # What no two owners can have: an address, and a phone, which moves to whoever registered it last.
    own = {"email": f"new{email}", "push_token": email}
    body = {field: own.get(field, value) for field, value in (operation.body() or {}).items()}
    before = Shape()
    client = _here(caller()) if operation.is_open else phone.client
    sent = {**body, **({"password": PASSWORD} if "password" in body else {}), **more}
    answer = client.generic(operation.method, operation.url(ids), json.dumps(sent), content_type="application/json")
    return Shape().added_since(before), answer.status_code


def _documented(operation: Operation) -> set[str]:
    reference = operation.spec["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return set(component(reference.rpartition("/")[2])["properties"])


def _phone(user: User) -> Phone:
    phone: Phone = Phone.of(user)
    _here(phone.client)
    return phone


def _here(client: Any) -> Any:
    client.defaults["SERVER_NAME"] = "localhost"
    return client


if __name__ == "__main__":
    main(drill, without_guard, served=False)
