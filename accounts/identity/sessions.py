"""The life of a session: it starts with a token pair, advances by generations, and ends for a recorded reason."""

import uuid
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.errors import InvalidCredentials
from accounts.identity.addresses import normalise_email
from accounts.identity.security_events import announce_security_event
from accounts.identity.tokens import RefreshClaims, access_issued_at, read_refresh
from accounts.models import MAX_USER_AGENT, Device, Session, User
from accounts.vocabulary import EndReason, SecurityEvent
from maretech.common.http.errors import NotFound, RateLimited, TokenInvalid
from maretech.common.http.throttling import reset_count, retry_after

log = structlog.get_logger(__name__)
_ADVANCED = ("previous_refresh_id", "refresh_id", "refreshed_at", "access_issued_at", "ended_at", "end_reason")


def sign_in(*, email: str, password: str, user_agent: str = "") -> Session:
    """Return a new session for the right pair. A wrong pair gets the same message and time, address known or not."""
    email = normalise_email(email)
    if (wait := throttle_sign_in(email)) is not None:
        raise RateLimited(retry_after=wait)
    user = User.objects.filter(email=email).first()
    if user is None or not user.is_active:
        User.simulate_password_check(password)
        raise InvalidCredentials
    if not user.check_password(password):
        raise InvalidCredentials
    return _start_unless_password_changed(user, user_agent)


def throttle_sign_in(email: str) -> int | None:
    """Count one try at this account, from any address and by any client: an attacker guesses from many addresses.

    Returns None within the limit, else the seconds to wait. Live sessions continue. A reset by mail resets the count.
    """
    return retry_after(scope="account", caller=_account_key(email))


def reset_sign_in_count(email: str) -> None:
    """Reset the count of sign-in tries: the owner just proved ownership, so tries by others no longer lock them out."""
    reset_count(scope="account", caller=_account_key(email))


def _account_key(email: str) -> str:
    return salted_hmac("accounts.sessions.sign_in", email, algorithm="sha256").hexdigest()


def start_session(*, user: User, user_agent: str = "") -> Session:
    return Session.objects.create(user=user, refreshed_at=timezone.now(), user_agent=user_agent[:MAX_USER_AGENT])


def live_sessions(*, user: User) -> QuerySet[Session, Session]:
    """Return the sessions with a token that still works, the most recently used first."""
    unexpired = timezone.now() - timedelta(days=settings.REFRESH_TOKEN_DAYS)
    return Session.objects.filter(user=user, ended_at=None, refreshed_at__gt=unexpired).order_by("-refreshed_at", "-id")


def refresh_session(*, refresh_token: str) -> Session:
    """Advance the session to its next generation and return it. A retry gets the same generation until that was used.

    A retry presents the previous token. A phone that lost the answer never used the successor, and gets it however late
    it retries. If a token is presented after its successor was used, one of the two is stolen: the session ends for
    both.
    """
    claims = read_refresh(refresh_token)
    with transaction.atomic():
        session = _locked_session(claims)
        if session is not None:
            _advance(session, presented=claims.refresh_id)
    # Raise only after the commit: the end of a session must outlive the refusal.
    if session is None or session.ended_at is not None:
        raise TokenInvalid
    return session


def end_session(*, session: Session, reason: EndReason) -> None:
    """End this session: both tokens and the pushes to its devices stop at once. The user's other sessions continue."""
    with transaction.atomic():
        _end(Session.objects.filter(pk=session.pk, ended_at=None), reason)
        Device.objects.filter(session=session).delete()


def end_session_of_token(*, refresh_token: str) -> None:
    """End the live session of this refresh token, current or previous; a token of no live session changes nothing."""
    try:
        claims = read_refresh(refresh_token)
    except TokenInvalid:
        return
    session = Session.objects.filter(pk=claims.session_id, user_id=claims.user_id, ended_at=None).first()
    if session is not None:
        end_session(session=session, reason=EndReason.LOGGED_OUT)


def end_own_session(*, user: User, session_id: uuid.UUID) -> None:
    """End a session from another phone, as `end_session`. Raises `NotFound` if it is not the user's or has ended."""
    with transaction.atomic():
        session = Session.objects.select_for_update().filter(pk=session_id, user=user, ended_at=None).first()
        if session is None:
            raise NotFound
        end_session(session=session, reason=EndReason.LOGGED_OUT)


def end_sessions(*, user: User, reason: EndReason, keep: Session | None = None) -> int:
    """End the user's sessions except `keep`, and the pushes to their devices. Returns how many ended."""
    live, devices = Session.objects.filter(user=user, ended_at=None), Device.objects.filter(user=user)
    if keep is not None:
        live, devices = live.exclude(pk=keep.pk), devices.exclude(session=keep)
    with transaction.atomic():
        # Lock the user first: if two calls end several sessions each, one waits here and not halfway.
        User.objects.select_for_update().filter(pk=user.pk).first()
        ended = _end(live, reason)
        devices.delete()
    return ended


def _end(live: QuerySet[Session, Session], reason: EndReason) -> int:
    return live.update(ended_at=timezone.now(), end_reason=reason)


def _start_unless_password_changed(user: User, user_agent: str) -> Session:
    """Start a session unless the password changed since its check, which ran outside any transaction.

    A reset in between has ended all sessions, so it must prevent this one too. Raises `InvalidCredentials`.
    """
    with transaction.atomic():
        unchanged = User.objects.select_for_update().filter(pk=user.pk, password=user.password, is_active=True)
        if not unchanged.first():
            raise InvalidCredentials
        session = start_session(user=user, user_agent=user_agent)
        announce_security_event(user_id=user.pk, event=SecurityEvent.NEW_SIGN_IN, event_id=session.pk)
        return session


def _locked_session(claims: RefreshClaims) -> Session | None:
    live = Session.objects.filter(pk=claims.session_id, user_id=claims.user_id, ended_at=None, user__is_active=True)
    return live.select_for_update(of=("self",)).first()


def _advance(session: Session, *, presented: uuid.UUID) -> None:
    now = timezone.now()
    if presented == session.refresh_id:
        session.previous_refresh_id, session.refresh_id, session.refreshed_at = presented, uuid.uuid4(), now
        session.access_issued_at = None
    elif presented == session.previous_refresh_id and session.used_refresh_id != session.refresh_id:
        # Return the identical pair while it is fresh; later, the same generation with time left to use it.
        if now - access_issued_at(session) > timedelta(seconds=settings.ACCESS_TOKEN_SECONDS) / 2:
            session.access_issued_at = now
    else:
        log.warning("refresh token reused, session ended", session_id=str(session.pk))
        session.ended_at, session.end_reason = now, EndReason.REFRESH_REUSED
        Device.objects.filter(session=session).delete()
    session.save(update_fields=_ADVANCED)
