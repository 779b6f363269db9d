"""Test that a push token belongs to one account at a time, under simultaneous registration too."""

from collections.abc import Callable
from importlib import import_module
from itertools import count
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from rest_framework.test import APIClient

from accounts.identity.sessions import end_session, end_sessions, start_session
from accounts.models import Device, Session, User
from accounts.notifications.devices import register_device
from accounts.vocabulary import EndReason, Platform
from maretech.common.http.errors import TokenInvalid
from testing.database_role import as_owner
from tests.accounts.mailed_codes import PASSWORD
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Session], APIClient]
TOKEN = "ExponentPushToken[one]"
AT_ONCE = 16


def sessions_of(number: int) -> list[Session]:
    users = [User.objects.create_user(f"sailor{index}@example.org", PASSWORD) for index in range(number)]
    return [start_session(user=user) for user in users]


def registered_at_once(sessions: list[Session], token_for: Callable[[int], str]) -> list[Any]:
    turns = count()

    def register() -> str:
        turn = next(turns)
        session = sessions[turn % len(sessions)]
        return register_device(session=session, platform=Platform.IOS, push_token=token_for(turn)).push_token

    return at_once(AT_ONCE, register)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("accounts", [2, AT_ONCE, 1])
def test_one_of_sixteen_parallel_registrations_owns_the_token(accounts: int) -> None:
    sessions = sessions_of(accounts)
    for _ in range(4):
        assert registered_at_once(sessions, lambda _: TOKEN) == [TOKEN] * AT_ONCE
        assert Device.objects.filter(push_token=TOKEN).count() == 1


@pytest.mark.django_db(transaction=True)
def test_registrations_in_opposite_order_do_not_deadlock() -> None:
    """Two accounts both register the same two phones, in opposite order."""
    sessions = sessions_of(2)
    tokens = ["first", "second"]
    outcomes = registered_at_once(sessions, lambda turn: tokens[(turn // 2 + turn) % 2])
    assert sorted(set(outcomes)) == tokens
    assert Device.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_ended_session_keeps_no_device_registered_in_parallel() -> None:
    for _ in range(5):
        User.objects.all().delete()
        sessions = sessions_of(2)
        turns = count()

        def act(sessions: list[Session] = sessions, turns: Any = turns) -> None:
            turn = next(turns)
            session = sessions[turn % 2]
            if turn % 8 == 6:
                end_session(session=session, reason=EndReason.LOGGED_OUT)
            elif turn % 8 == 7:
                end_sessions(user=session.user, reason=EndReason.PASSWORD_RESET)
            else:
                register_device(session=session, platform=Platform.IOS, push_token=TOKEN)

        assert set(at_once(AT_ONCE, act)) <= {None, TokenInvalid.error_code}
        assert not Device.objects.filter(session__ended_at__isnull=False).exists()


def test_the_database_refuses_a_second_device_with_the_token(owner: User) -> None:
    other = User.objects.create_user("other@example.org", PASSWORD)
    Device.objects.create(user=owner, platform="ios", push_token=TOKEN)
    with pytest.raises(IntegrityError), transaction.atomic():
        Device.objects.create(user=other, platform="ios", push_token=TOKEN)


def test_an_ended_session_registers_no_device(session: Session) -> None:
    end_session(session=session, reason=EndReason.LOGGED_OUT)
    with pytest.raises(TokenInvalid):
        register_device(session=session, platform=Platform.IOS, push_token=TOKEN)
    assert not Device.objects.exists()


def test_a_phone_with_a_new_owner_is_a_new_device(session: Session, client_of: ClientOf) -> None:
    key = {"HTTP_IDEMPOTENCY_KEY": "k1"}
    body = {"platform": "ios", "push_token": TOKEN}
    client, (other,) = client_of(session), sessions_of(1)
    first = client.post("/v1/auth/me/devices", body, format="json", **key).json()["id"]
    second = client_of(other).post("/v1/auth/me/devices", body, format="json").json()["id"]
    assert first != second
    assert client.post("/v1/auth/me/devices", body, format="json", **key).status_code == 404
    assert client.delete(f"/v1/auth/me/devices/{second}").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_migration_keeps_the_last_registration_of_a_token(owner: User) -> None:
    other = User.objects.create_user("other@example.org", PASSWORD)
    constraint = next(one for one in Device._meta.constraints if one.name == "a_push_token_belongs_to_one_account")
    others = [one for one in Device._meta.constraints if one is not constraint]
    with as_owner(), patch.object(Device._meta, "constraints", others), connection.schema_editor() as editor:
        editor.remove_constraint(Device, constraint)
    try:
        for user, token in ((owner, TOKEN), (owner, "own"), (other, TOKEN)):
            Device.objects.create(user=user, platform="ios", push_token=token)
        migration = import_module("accounts.migrations.0005_one_account_per_push_token")
        with as_owner(), connection.schema_editor() as editor:
            migration.keep_the_last(apps, editor)
        assert set(Device.objects.values_list("user", "push_token")) == {(owner.pk, "own"), (other.pk, TOKEN)}
    finally:
        Device.objects.all().delete()
        with as_owner(), connection.schema_editor() as editor:
            editor.add_constraint(Device, constraint)
