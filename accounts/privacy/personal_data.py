"""The part of accounts (and of the shared mechanics below it) in the register of personal data."""

from typing import Any, Final

from django.contrib.admin.models import LogEntry
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.api.serializers import ConsentOutput, DeviceOutput
from accounts.models import (
    ERASED_DOMAIN,
    Consent,
    Device,
    EmailCode,
    Erasure,
    Export,
    PasswordReset,
    Session,
    StaffAction,
    StaffInvitation,
    StepUp,
    StepUpFlag,
    User,
    exports_of,
)
from accounts.privacy.archive import Archive
from accounts.privacy.register import Counts, DataSubject, PersonalData, registered, scrub
from maretech.common.models import IdempotencyRecord, QueueHeartbeat, RateCounter
from maretech.common.storage import object_store


def count(subject: DataSubject) -> Counts:
    found = {model._meta.model_name or "": rows.count() for model, rows in _cascading_rows(subject)}
    idempotency_records = IdempotencyRecord.objects.filter(user_id=subject.id).count()
    objects = sum(1 for _ in object_store().list(exports_of(subject.id)))
    return {**found, "idempotencyrecord": idempotency_records, "objects": objects}


def erase(subject: DataSubject) -> None:
    """Delete every row that would cascade with the user's, and rename the user to an address that belongs to no one."""
    _forget(subject)
    store = object_store()
    store.delete(store.list(exports_of(subject.id)))


@transaction.atomic
def _forget(subject: DataSubject) -> None:
    # Lock the user's row first, as wherever an address changes.
    user = User.objects.select_for_update().get(pk=subject.id)
    for model, column in (text for data in registered() for text in data.staff_wrote):
        scrub(QuerySet(model), column, email=subject.email)
    for _, rows in _cascading_rows(subject):
        rows.delete()
    LogEntry.objects.filter(object_id=str(subject.id)).delete()  # written by anyone who viewed the account
    IdempotencyRecord.objects.filter(user_id=subject.id).delete()
    EmailCode.objects.filter(email=subject.email).delete()  # requests by anyone who wanted this address
    user.groups.clear()
    user.user_permissions.clear()
    user.email_verified_at = user.email_changed_at = None
    user.email, user.erased_at = f"{user.pk.hex}{ERASED_DOMAIN}", user.erased_at or timezone.now()
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    user.save()


def export(user: User, archive: Archive) -> None:
    content = {
        "id": user.pk,
        "email": user.email,
        "email_verified_at": user.email_verified_at,
        "email_changed_at": user.email_changed_at,
        "created_at": user.created_at,
        "agreements": ConsentOutput(user.consents.order_by("given_at", "id"), many=True).data,
        "phones": [
            {**DeviceOutput(device).data, **_reached_by(device)} for device in user.devices.order_by("created_at")
        ],
        "sign_ins": list(
            user.sessions.order_by("created_at").values(
                "id", "created_at", "refreshed_at", "ended_at", "end_reason", "user_agent"
            )
        ),
        "password_resets": list(user.password_resets.order_by("requested_at").values("requested_at", "used_at")),
        "step_ups": list(user.step_ups.order_by("requested_at").values("channel", "requested_at", "used_at")),
        "step_up_flags": list(user.step_up_flags.order_by("set_at").values("set_at", "lifted_at")),
        "address_codes": list(user.email_codes.order_by("requested_at").values("email", "requested_at", "used_at")),
    }
    archive.json("account/account.json", content)


def _reached_by(device: Device) -> dict[str, Any]:
    if device.push_token is not None:
        return {"push_token": device.push_token}
    return {"subscription": {"endpoint": device.endpoint, "keys": {"p256dh": device.p256dh, "auth": device.auth}}}


def _cascading_rows(subject: DataSubject) -> list[tuple[type[models.Model], "QuerySet[models.Model]"]]:
    """Return every table, of any app, with rows that would cascade with the user's."""
    return [
        (relation.related_model, QuerySet(relation.related_model).filter(**{relation.field.name: subject.id}))
        for relation in User._meta.related_objects
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.CASCADE
    ]


PERSONAL_DATA: Final = PersonalData(
    app="accounts",
    erased=(
        Session,
        Device,
        Consent,
        PasswordReset,
        EmailCode,
        StepUp,
        StepUpFlag,
        StaffInvitation,
        Export,
        IdempotencyRecord,
    ),
    retained={
        User: {
            "email": "replaced by a placeholder address",
            "password": "replaced by an unusable password",
        },
        StaffAction: {
            "action": "a fixed name from the code",
            "subject_type": "the name of a table",
            "subject_id": "an internal id",
            "reason": "why staff acted; the person's address is removed",
            "detail": "ids and numbers; the person's address is removed",
        },
        Erasure: {"counts": "numbers"},
    },
    impersonal=(QueueHeartbeat, RateCounter),
    staff_wrote=((StaffAction, "reason"), (StaffAction, "detail")),
    count=count,
    erase=erase,
    export=export,
)
