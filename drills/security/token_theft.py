"""Attack refresh tokens: ten refreshes at once, lost answers, thieves, a password change, a sign-out.

A stolen token must end the session; a retry after a lost answer must not.

Control: each attack without the guard that stops it; each must succeed. Sessions are read without a lock; a successor
never counts as used and an old token never as reused; sessions do not end. SQLite writes one transaction at a time, so
its control proves nothing about the first attack.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Final
from unittest.mock import patch

import jwt
from django.db.models import QuerySet
from django.utils import timezone

from accounts.api import auth_views
from accounts.identity import passwords, sessions
from accounts.models import Session
from drills.harness.api_client import PASSWORD, Answer, Caller, at_once, call, sign_up
from drills.harness.runner import DrillContext, Result, main

AT_ONCE: Final = 10
NEW_PASSWORD: Final = "anchor-and-chain-9"  # noqa: S105 - of an account that lives as long as the drill


@contextmanager
def disable_guard() -> Iterator[None]:
    """Remove all guards: no lock, no detection of reuse, no end of sessions."""
    with (
        patch.object(QuerySet, "select_for_update", lambda rows, *_, **__: rows.all()),
        patch.object(sessions, "_advance", _advanced_without_check),
        patch.object(auth_views, "end_session", lambda **_: None),
        patch.object(passwords, "end_sessions", lambda **_: 0),
    ):
        yield


def _advanced_without_check(session: Session, *, presented: uuid.UUID) -> None:
    """Advance for any token: a retry gets the successor, used or not, and any older token moves the session on."""
    if presented == session.previous_refresh_id:
        return
    session.previous_refresh_id, session.refresh_id, session.refreshed_at = presented, uuid.uuid4(), timezone.now()
    session.save()


def drill(context: DrillContext) -> Result:
    rounds = 4 if context.small else 20 if context.control else 100
    owner = sign_up(context.base_url)
    at_once_faults = [fault for _ in range(rounds) for fault in _refreshed_at_once(owner)]
    faults = {"at once": at_once_faults}
    for attack in ATTACKS:
        times = 1 if context.small else 10
        faults[attack.__name__.strip("_")] = [
            fault for _ in range(times) for fault in attack(sign_up(context.base_url))
        ]
    stopped = [name for name, found in faults.items() if not found]
    found_faults = "; ".join(f"{name}: {found[0]}" for name, found in faults.items() if found)
    if context.control and stopped:
        found_faults += f"; NOT FALLEN: {', '.join(stopped)}"
    figure = f"{sum(map(len, faults.values()))} wrong{f' ({found_faults})' if found_faults else ''}"
    bound = "one successor each; a lost answer costs nothing; the family of a stolen token dies; ended ones at once"
    # In a control, an attack that still fails proves nothing about its guard: count it as passed, and so as a failure.
    passed = bool(stopped) if context.control else not found_faults
    return Result(f"{rounds} tokens × {AT_ONCE}, {len(ATTACKS)} attacks", figure, bound, passed)


def _signed_in(who: Caller) -> tuple[str, str]:
    token = call(who.base_url, "POST", "/auth/login", {"email": who.email, "password": PASSWORD}).body["token"]
    return token["access_token"], token["refresh_token"]


def _refresh(who: Caller, token: str) -> Answer:
    return call(who.base_url, "POST", "/auth/refresh", {"refresh_token": token})


def _is_valid(who: Caller, access: str) -> bool:
    return call(who.base_url, "GET", "/auth/me", token=access).status == 200


def _refreshed_at_once(who: Caller) -> list[str]:
    _, token = _signed_in(who)
    answers = at_once([partial(_refresh, who, token)] * AT_ONCE)
    successors = {answer.body["token"]["refresh_token"] for answer in answers if answer.is_done}
    refused = [answer.status for answer in answers if not answer.is_done]
    return [f"{len(successors)} successors, {refused}"] if len(successors) != 1 or refused else []


def _answer_lost(who: Caller) -> list[str]:
    """Retry long after a lost answer: the phone gets the same successor, can use it, and the old token then fails."""
    _, old = _signed_in(who)
    lost = _refresh(who, old).body["token"]
    _long_ago(who)
    found = _refresh(who, old).body.get("token", {})
    faults = [] if _generation(found.get("refresh_token", "")) == _generation(lost["refresh_token"]) else ["another"]
    faults += [] if _is_valid(who, found.get("access_token", "")) else ["its successor is dead"]
    return faults + _dead(who, lambda: _refresh(who, old), found.get("access_token", ""), lost["refresh_token"])


def _stolen_and_used_first(who: Caller) -> list[str]:
    """Use a stolen token first: the phone's retry of the same token must end the session for both."""
    _, old = _signed_in(who)
    thiefs = _refresh(who, old).body["token"]
    _is_valid(who, thiefs["access_token"])
    return _dead(who, lambda: _refresh(who, old), thiefs["access_token"], thiefs["refresh_token"])


def _reused_after_a_call(who: Caller) -> list[str]:
    """Reuse the old token right after the phone used the successor for a call."""
    _, old = _signed_in(who)
    new = _refresh(who, old).body["token"]
    _is_valid(who, new["access_token"])
    return _dead(who, lambda: _refresh(who, old), new["access_token"], new["refresh_token"])


def _reused_after_a_poll(who: Caller) -> list[str]:
    """Reuse the old token after a poll, which checks the session in its own statement."""
    inspection = who.post("/inspections", {"mode": "corrosion"}).body["inspection_id"]
    _, old = _signed_in(who)
    new = _refresh(who, old).body["token"]
    call(who.base_url, "GET", f"/inspections/{inspection}/status", token=new["access_token"])
    _long_ago(who)
    return _dead(who, lambda: _refresh(who, old), "", new["refresh_token"])


def _generation(refresh_token: str) -> str:
    """Return the token's id: its dates depend on the row, which `_long_ago` has changed."""
    return str(jwt.decode(refresh_token, options={"verify_signature": False})["jti"]) if refresh_token else ""


def _long_ago(who: Caller) -> None:
    """Move the start of the newest generation a day into the past."""
    newest = Session.objects.filter(user__email=who.email).latest("refreshed_at")
    newest.refreshed_at -= timedelta(days=1)
    newest.save(update_fields=["refreshed_at"])


def _reused_two_generations_later(who: Caller) -> list[str]:
    _, oldest = _signed_in(who)
    new = _refresh(who, _refresh(who, oldest).body["token"]["refresh_token"]).body["token"]
    return _dead(who, lambda: _refresh(who, oldest), new["access_token"], new["refresh_token"])


def _password_changed(who: Caller) -> list[str]:
    (keeper, _), (access, refresh) = _signed_in(who), _signed_in(who)
    body = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    faults = [] if call(who.base_url, "POST", "/auth/password/change", body, token=keeper).is_done else ["refused"]
    faults += [] if _is_valid(who, keeper) else ["the own session died"]
    return faults + _dead(who, lambda: Answer(401), access, refresh)


def _signed_out(who: Caller) -> list[str]:
    (access, refresh), (other, _) = _signed_in(who), _signed_in(who)
    call(who.base_url, "POST", "/auth/logout", token=access)
    return _dead(who, lambda: Answer(401), access, refresh) + ([] if _is_valid(who, other) else ["the other died"])


def _dead(who: Caller, attack: Callable[[], Answer], access: str, refresh: str) -> list[str]:
    """Return what of a session still works after an attack, which must be refused."""
    faults = [] if attack().status == 401 else ["not refused"]
    if access and _is_valid(who, access):
        faults.append("its access token is valid")
    if _refresh(who, refresh).status != 401:
        faults.append("its refresh token is valid")
    return faults


ATTACKS: Final = (
    _answer_lost,
    _stolen_and_used_first,
    _reused_after_a_call,
    _reused_after_a_poll,
    _reused_two_generations_later,
    _password_changed,
    _signed_out,
)


if __name__ == "__main__":
    main(drill, disable_guard)
