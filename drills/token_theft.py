"""Refresh tokens in two hands: ten refreshes at once, a late reuse, a password change, a sign-out.

Control: sessions are read without a lock. SQLite writes one transaction at a time, so that its control shows nothing.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from typing import Final
from unittest.mock import patch

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Session
from drills.calling import PASSWORD, Answer, Caller, at_once, call, sign_up
from drills.harness import Result, Stage, main

AT_ONCE: Final = 10
NEW_PASSWORD: Final = "anchor-and-chain-9"  # noqa: S105 - of an account that lives as long as the drill


def without_guard() -> AbstractContextManager[object]:
    return patch.object(QuerySet, "select_for_update", lambda rows, *_, **__: rows.all())


def drill(stage: Stage) -> Result:
    rounds = 4 if stage.small else 20 if stage.control else 100
    owner = sign_up(stage.base_url)
    faults: list[str] = []
    for _ in range(rounds):
        faults += _refreshed_at_once(owner)
    for attack in (_reused_late, _reused_two_generations_later, _password_changed, _signed_out):
        for _ in range(1 if stage.small else 10):
            faults += [f"{attack.__name__}: {fault}" for fault in attack(sign_up(stage.base_url))]
    figure = f"{len(faults)} wrong{f' ({faults[0]})' if faults else ''}"
    bound = "one successor each; the family dies; ended sessions at once"
    return Result(f"{rounds} tokens × {AT_ONCE}, 4 thefts", figure, bound, not faults)


def _signed_in(who: Caller) -> tuple[str, str]:
    token = call(who.base_url, "POST", "/auth/login", {"email": who.email, "password": PASSWORD}).body["token"]
    return token["access_token"], token["refresh_token"]


def _refresh(who: Caller, token: str) -> Answer:
    return call(who.base_url, "POST", "/auth/refresh", {"refresh_token": token})


def _lives(who: Caller, access: str) -> bool:
    return call(who.base_url, "GET", "/auth/me", token=access).status == 200


def _refreshed_at_once(who: Caller) -> list[str]:
    _, token = _signed_in(who)
    answers = at_once([partial(_refresh, who, token)] * AT_ONCE)
    successors = {answer.body["token"]["refresh_token"] for answer in answers if answer.is_done}
    refused = [answer.status for answer in answers if not answer.is_done]
    return [f"{len(successors)} successors, {refused}"] if len(successors) != 1 or refused else []


def _reused_late(who: Caller) -> list[str]:
    """After the grace time the old token is in wrong hands, or the new one is: both die."""
    _, old = _signed_in(who)
    new = _refresh(who, old).body["token"]
    newest = Session.objects.filter(user__email=who.email).latest("refreshed_at")
    newest.refreshed_at -= timedelta(seconds=settings.REFRESH_GRACE_SECONDS + 1)
    newest.save(update_fields=["refreshed_at"])
    return _dead(who, lambda: _refresh(who, old), new["access_token"], new["refresh_token"])


def _reused_two_generations_later(who: Caller) -> list[str]:
    _, oldest = _signed_in(who)
    new = _refresh(who, _refresh(who, oldest).body["token"]["refresh_token"]).body["token"]
    return _dead(who, lambda: _refresh(who, oldest), new["access_token"], new["refresh_token"])


def _password_changed(who: Caller) -> list[str]:
    (keeper, _), (access, refresh) = _signed_in(who), _signed_in(who)
    body = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    faults = [] if call(who.base_url, "POST", "/auth/password/change", body, token=keeper).is_done else ["refused"]
    faults += [] if _lives(who, keeper) else ["the own session died"]
    return faults + _dead(who, lambda: Answer(401), access, refresh)


def _signed_out(who: Caller) -> list[str]:
    (access, refresh), (other, _) = _signed_in(who), _signed_in(who)
    call(who.base_url, "POST", "/auth/logout", token=access)
    return _dead(who, lambda: Answer(401), access, refresh) + ([] if _lives(who, other) else ["the other died"])


def _dead(who: Caller, attack: Callable[[], Answer], access: str, refresh: str) -> list[str]:
    """What still lives of a session after the attack on it, which is refused."""
    faults = [] if attack().status == 401 else ["not refused"]
    if _lives(who, access):
        faults.append("its access token lives")
    if _refresh(who, refresh).status != 401:
        faults.append("its refresh token lives")
    return faults


if __name__ == "__main__":
    main(drill, without_guard)
