"""The life of a session: it starts with a pair, moves from generation to generation, and ends for a reason."""

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
from accounts.identity.tokens import RefreshClaims, access_issued_at, read_refresh
from accounts.models import MAX_USER_AGENT, Device, Session, User
from accounts.vocabulary import EndReason
from maretech.common.http.errors import NotFound, RateLimited, TokenInvalid
from maretech.common.http.throttling import retry_after, start_anew

log = structlog.get_logger(__name__)
_ADVANCED = ("previous_refresh_id", "refresh_id", "refreshed_at", "access_issued_at", "ended_at", "end_reason")


def sign_in(*, email: str, password: str, user_agent: str = "") -> Session:
    """A new session for the right pair. A wrong one gets the same words and time, the address known or not."""
    email = normalise_email(email)
    if (wait := throttle_sign_in(email)) is not None:
        raise RateLimited(retry_after=wait)
    user = User.objects.filter(email=email).first()
    if user is None or not user.is_active:
        User.hash_in_vain(password)
        raise InvalidCredentials
    if not user.check_password(password):
        raise InvalidCredentials
    return _start_unless_password_changed(user, user_agent)


def throttle_sign_in(email: str) -> int | None:
    """Count one more try at this account, from wherever it comes and whoever has it: guesses come from many addresses.

    None within the limit, else the seconds to wait. Who is signed in stays so; a reset by mail begins the count anew.
    """
    return retry_after(limit="account", caller=_account_key(email))


def forget_sign_ins(email: str) -> None:
    """Somebody has just proven that the account is theirs: what others tried there keeps them out no longer."""
    start_anew(limit="account", caller=_account_key(email))


def _account_key(email: str) -> str:
    return salted_hmac("accounts.sessions.sign_in", email, algorithm="sha256").hexdigest()


def start_session(*, user: User, user_agent: str = "") -> Session:
    return Session.objects.create(user=user, refreshed_at=timezone.now(), user_agent=user_agent[:MAX_USER_AGENT])


def live_sessions(*, user: User) -> QuerySet[Session, Session]:
    """Those with a token that still works, the last used first."""
    unexpired = timezone.now() - timedelta(days=settings.REFRESH_TOKEN_DAYS)
    return Session.objects.filter(user=user, ended_at=None, refreshed_at__gt=unexpired).order_by("-refreshed_at", "-id")


def refresh_session(*, refresh_token: str) -> Session:
    """The session in its next generation; for a retry with the token before it, in the same one until that was used.

    A phone that lost the answer never used the successor, and gets it however late it comes back. A token presented
    after its successor was used is in the wrong hands, or the successor is: the session ends for both.
    """
    claims = read_refresh(refresh_token)
    with transaction.atomic():
        session = _locked_session(claims)
        if session is not None:
            _advance(session, presented=claims.refresh_id)
    # Refused only after the commit: the end of a session must outlive its refusal.
    if session is None or session.ended_at is not None:
        raise TokenInvalid
    return session


def end_session(*, session: Session, reason: EndReason) -> None:
    """Both tokens of this session stop at once, and pushes to its devices; the user's other sessions live on."""
    with transaction.atomic():
        _end(Session.objects.filter(pk=session.pk, ended_at=None), reason)
        Device.objects.filter(session=session).delete()


def end_own_session(*, user: User, session_id: uuid.UUID) -> None:
    """As `end_session`, from another phone. Raises `NotFound` for one that is not the user's, or has ended."""
    with transaction.atomic():
        session = Session.objects.select_for_update().filter(pk=session_id, user=user, ended_at=None).first()
        if session is None:
            raise NotFound
        end_session(session=session, reason=EndReason.LOGGED_OUT)


def end_sessions(*, user: User, reason: EndReason, keep: Session | None = None) -> int:
    """Ends the user's sessions, all but the one to keep, and pushes to their devices; returns how many."""
    live, devices = Session.objects.filter(user=user, ended_at=None), Device.objects.filter(user=user)
    if keep is not None:
        live, devices = live.exclude(pk=keep.pk), devices.exclude(session=keep)
    with transaction.atomic():
        # The user first: of two that end several sessions each, one waits here and not halfway.
        User.objects.select_for_update().filter(pk=user.pk).first()
        ended = _end(live, reason)
        devices.delete()
    return ended


def _end(live: QuerySet[Session, Session], reason: EndReason) -> int:
    return live.update(ended_at=timezone.now(), end_reason=reason)


def _start_unless_password_changed(user: User, user_agent: str) -> Session:
    """The password was checked outside any transaction: a reset meanwhile has ended all sessions, this one too."""
    with transaction.atomic():
        unchanged = User.objects.select_for_update().filter(pk=user.pk, password=user.password, is_active=True)
        if not unchanged.first():
            raise InvalidCredentials
        return start_session(user=user, user_agent=user_agent)


def _locked_session(claims: RefreshClaims) -> Session | None:
    live = Session.objects.filter(pk=claims.session_id, user_id=claims.user_id, ended_at=None, user__is_active=True)
    return live.select_for_update(of=("self",)).first()


def _advance(session: Session, *, presented: uuid.UUID) -> None:
    now = timezone.now()
    if presented == session.refresh_id:
        session.previous_refresh_id, session.refresh_id, session.refreshed_at = presented, uuid.uuid4(), now
        session.access_issued_at = None
    elif presented == session.previous_refresh_id and session.used_refresh_id != session.refresh_id:
        # The same pair to the byte while it is fresh; later the same generation with time left to use it.
        if now - access_issued_at(session) > timedelta(seconds=settings.ACCESS_TOKEN_SECONDS) / 2:
            session.access_issued_at = now
    else:
        log.warning("refresh token reused, session ended", session_id=str(session.pk))
        session.ended_at, session.end_reason = now, EndReason.REFRESH_REUSED
        Device.objects.filter(session=session).delete()
    session.save(update_fields=_ADVANCED)
