"""Test access to every operation of the schema: anonymous, signed out, and as another owner."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.identity.sessions import end_session, start_session
from accounts.identity.tokens import issue_tokens
from accounts.models import Session, User
from accounts.vocabulary import EndReason
from billing.vocabulary import Provider
from dossiers.models import Dossier, Share
from inspections.vocabulary import Mode
from maretech.common.storage import object_store
from testing.dossiers import draft_of, eligible_inspection, final_of
from testing.factories import handover_of, maintenance_of, notification_of
from testing.letters import letter_of
from testing.openapi.operations import Operation, operations
from testing.phone import Phone, caller
from testing.surveys import confirmed_of, disputed_of, over_of, review_of, surveyor_in
from tests.billing.buying import paid_order
from tests.contract.refusals import refused
from tests.contract.undone import undone

pytestmark = pytest.mark.django_db
SIGNED_IN = [operation for operation in operations() if not operation.is_open]
WITH_AN_ID = [operation for operation in SIGNED_IN if operation.names_an_id]
# Every user sees the surveyors and their reviews, and may report a review.
PUBLIC = re.compile(r"/v1/(surveyors|reviews)/.*")
OF_AN_OWNER = [operation for operation in WITH_AN_ID if not PUBLIC.fullmatch(operation.path)]
OF_ALL = [operation for operation in WITH_AN_ID if PUBLIC.fullmatch(operation.path)]
FOR_SURVEYORS = [one for one in SIGNED_IN if re.fullmatch(r"/v1/(check-ins|surveyors/me/.*)", one.path)]


def test_anonymous_callers_get_401(subtests):
    for operation in SIGNED_IN:
        with subtests.test(str(operation)), undone():
            answer = operation.call(caller())
            refused(answer, 401, "AUTHENTICATION_REQUIRED")
            assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("operation", [one for one in operations() if one.is_open], ids=str)
def test_open_routes_do_not_require_a_sign_in(operation: Operation):
    method = operation.method.lower()
    without, with_rubbish = (getattr(client, method)(operation.url()) for client in (caller(), caller("rubbish")))
    assert b"AUTHENTICATION_REQUIRED" not in without.content
    assert with_rubbish.status_code == without.status_code


def test_the_schema_marks_operations_that_require_a_token():
    assert [one for one in operations() if one.spec.get("security") == [{"bearer": []}]] == SIGNED_IN
    unasked = [one for one in operations() if one.is_open and "/auth/" not in one.path]
    assert not [one for one in unasked if "401" in one.spec["responses"]]


def test_an_ended_session_is_refused(owner, subtests):
    session = start_session(user=owner)
    end_session(session=session, reason=EndReason.LOGGED_OUT)
    token = issue_tokens(session).access_token
    for operation in SIGNED_IN:
        with subtests.test(str(operation)), undone():
            assert refused(operation.call(caller(token)), 401, "TOKEN_INVALID")["reason"] == "revoked"


def test_an_expired_token_is_refused(owner, subtests):
    token = issue_tokens(start_session(user=owner)).access_token
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.ACCESS_TOKEN_SECONDS + 1)):
        for operation in SIGNED_IN:
            with subtests.test(str(operation)), undone():
                assert refused(operation.call(caller(token)), 401, "TOKEN_INVALID")["reason"] == "expired"


def forged(claims: dict[str, object], key: str = "another-key-that-is-long-enough-for-hs256", algorithm: str = "HS256"):
    return jwt.encode(claims, key, algorithm=algorithm)


def bad_tokens(session: Session) -> dict[str, str]:
    good = issue_tokens(session)
    claims = jwt.decode(good.access_token, options={"verify_signature": False})
    head, payload, _ = good.access_token.split(".")
    return {
        "rubbish": "rubbish",
        "empty": "",
        "two words": "two words",
        "refresh token": good.refresh_token,
        "another key": forged(claims),
        "no algorithm": jwt.encode(claims, None, algorithm="none"),
        "no signature": f"{head}.{payload}.",
        "cut": good.access_token[:-4],
        "another user": forged(claims | {"user_id": str(uuid4())}, settings.JWT_SIGNING_KEY),
        "another session": forged(claims | {"sid": str(uuid4())}, settings.JWT_SIGNING_KEY),
        "a user that is no id": forged(claims | {"user_id": "1 or 1=1"}, settings.JWT_SIGNING_KEY),
        "no session": forged({k: v for k, v in claims.items() if k != "sid"}, settings.JWT_SIGNING_KEY),
        "no end": forged({k: v for k, v in claims.items() if k != "exp"}, settings.JWT_SIGNING_KEY),
    }


@pytest.mark.parametrize("path", ["/v1/entitlements/corrosion", f"/v1/inspections/{UUID(int=7)}/status"])
def test_a_forged_or_foreign_token_is_refused(owner, path: str):
    """One path checks the session first, the other in its own statement."""
    for kind, token in bad_tokens(start_session(user=owner)).items():
        answer = caller(token).get(path)
        assert answer.status_code == 401, kind
        assert refused(answer, 401, "TOKEN_INVALID")["reason"] == "revoked"


def test_an_expired_or_ended_refresh_token_requires_a_new_sign_in(owner):
    session = start_session(user=owner)
    body = {"refresh_token": issue_tokens(session).refresh_token}
    with time_machine.travel(timezone.now() + timedelta(days=settings.REFRESH_TOKEN_DAYS, seconds=1)):
        late = caller().post("/v1/auth/refresh", body, format="json")
        assert refused(late, 401, "TOKEN_INVALID")["reason"] == "revoked"
    end_session(session=session, reason=EndReason.LOGGED_OUT)
    for token in (body["refresh_token"], "rubbish", issue_tokens(session).access_token):
        answer = caller().post("/v1/auth/refresh", {"refresh_token": token}, format="json")
        assert refused(answer, 401, "TOKEN_INVALID")["reason"] == "revoked"


def test_only_refused_tokens_have_a_reason():
    answer = caller().post("/v1/auth/login", {"email": "a@example.org", "password": "wrong"}, format="json")
    assert "reason" not in refused(answer, 401, "INVALID_CREDENTIALS")
    assert "reason" not in refused(caller().get("/v1/auth/me"), 401, "AUTHENTICATION_REQUIRED")


def test_another_authentication_scheme_counts_as_no_token():
    answer = caller().get("/v1/auth/me", HTTP_AUTHORIZATION="Basic b3duZXI6cGFzc3dvcmQ=")
    refused(answer, 401, "AUTHENTICATION_REQUIRED")


def test_a_deactivated_owner_is_refused_at_once(phone):
    inspection_id = phone.open()["inspection_id"]
    phone.owner.is_active = False
    phone.owner.save()
    for path in ("/auth/me", f"/inspections/{inspection_id}", f"/inspections/{inspection_id}/status"):
        assert refused(phone.get(path), 401, "TOKEN_INVALID")["reason"] == "revoked"


OWN = ("accounts", "notifications", "billing", "vessels", "inspections", "corrosion", "osmosis", "dossiers", "surveys")


def everything() -> dict[str, list[Any]]:
    """Return all rows that an owner's call could change, those of joins between them too, and all objects.

    Every column, as the database has it: building models from a thousand rows would take longer than the call.
    """
    rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.app_label in OWN:
                pk = model._meta.pk.column
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY "{pk}"')
                rows[model._meta.label] = cursor.fetchall()
    return {**rows, "objects": sorted(object_store().list(""))}


def ids_of(phone: Phone, opened: dict) -> dict[str, str]:
    upload = opened["uploads"][0]
    device = phone.post("/auth/me/devices", {"platform": "ios", "push_token": "owners-phone"}).json()
    share = share_of(phone.owner)
    return {
        "inspection_id": opened["inspection_id"],
        "slot_id": upload["slot_id"],
        "asset_id": upload["asset_id"],
        "device_id": device["id"],
        "vessel_id": phone.add_vessel("Tern")["vessel_id"],
        "order_id": str(paid_order(phone.owner).pk),
        "session_id": str(paid_order(phone.owner, provider=Provider.STRIPE).pk),
        "sign_in_id": str(start_session(user=phone.owner).pk),
        "notification_id": str(notification_of(phone.owner).pk),
        "maintenance_id": str(maintenance_of(phone.owner).pk),
        "dossier_id": str(draft_of(phone.owner).pk),
        "share_id": str(share.pk),
        "delivery_id": str(letter_of(phone.owner, dossier=Dossier.objects.get(status="final")).pk),
        "handover_id": str(handover_of(phone.owner).pk),
        "surveyor_id": str(surveyor_in().pk),
        "appointment_id": str(confirmed_of(phone.owner, dossier=share.dossier).pk),
        "dispute_id": str(disputed_of(phone.owner).pk),
        "review_id": str(review_of(phone.owner).pk),
    }


def share_of(owner: User) -> Share:
    return Share.objects.create(dossier=final_of(owner), expires_at=timezone.now() + timedelta(days=1))


@pytest.mark.parametrize("state", ["open", "completed", "unknown"])
def test_an_id_of_another_owner_is_not_found_and_nothing_changes(state: str, phone, stranger, subtests):
    opened = phone.open()
    phone.shoot(opened["uploads"])
    ids = ids_of(phone, opened)
    if state == "completed":
        finished = eligible_inspection(phone.owner, mode=Mode.OSMOSIS)
        ids |= {"inspection_id": phone.complete("osmosis"), "dossier_id": str(final_of(phone.owner, finished).pk)}
        ids |= {"appointment_id": str(over_of(phone.owner).pk)}
    strangers = Phone.of(stranger).client
    assert strangers.get("/v1/auth/me").status_code == 200  # the first use of a session is recorded
    before = everything()
    for operation in OF_AN_OWNER:
        with subtests.test(str(operation)), undone():
            refused(operation.call(strangers, {} if state == "unknown" else ids), 404, "NOT_FOUND")
            assert everything() == before


def test_the_owner_finds_each_id_that_a_stranger_does_not(phone, subtests):
    """The control of the test above: the same calls by the owner reach something."""
    opened = phone.open()
    phone.shoot(opened["uploads"])
    ids = ids_of(phone, opened)
    for operation in WITH_AN_ID:
        with subtests.test(str(operation)), undone():
            assert operation.call(phone.client, ids).status_code != 404


def test_surveyors_and_reviews_are_found_by_all_users(phone, stranger, subtests):
    review = review_of(phone.owner)
    strangers = Phone.of(stranger).client
    assert strangers.get("/v1/auth/me").status_code == 200  # the first use of a session is recorded
    before = everything()
    for operation in OF_ALL:
        with subtests.test(str(operation)), undone():
            refused(operation.call(strangers), 404, "NOT_FOUND")
            answer = operation.call(strangers, {"surveyor_id": review.surveyor_id, "review_id": review.pk})
            if operation.method == "GET":
                assert answer.status_code == 200
            else:
                assert refused(answer, 403, "FORBIDDEN")["reason"] == "EMAIL_UNVERIFIED"
            assert everything() == before


def test_an_appointment_of_another_owner_cannot_be_reviewed(phone, stranger):
    row = over_of(phone.owner)
    stranger.email_verified_at = timezone.now()
    stranger.save(update_fields=["email_verified_at"])
    answer = Phone.of(stranger).post(
        f"/surveyors/{row.surveyor_id}/reviews", {"appointment_id": str(row.pk), "rating": 1}
    )
    assert set(refused(answer, 400, "VALIDATION_ERROR")["fields"]) == {"appointment_id"}


def test_calls_for_surveyors_are_forbidden_for_others(phone, subtests):
    confirmed_of(phone.owner)
    assert phone.get("/auth/me").status_code == 200  # the first use of a session is recorded
    before = everything()
    for operation in FOR_SURVEYORS:
        with subtests.test(str(operation)), undone():
            refused(operation.call(phone.client), 403, "FORBIDDEN")
            assert everything() == before
