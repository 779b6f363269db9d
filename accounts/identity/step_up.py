"""Step-up: a session confirms by a code that its account's owner is acting, and is open for some minutes.

The code comes from the user's authenticator app, if there is one, and else by mail to the account's proven address; for
some hours after the address changed, it comes from the app alone.
Apps above decide what needs an open session.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.errors import CodeInvalid, StepUpUnavailable
from accounts.identity import mailed_codes
from accounts.identity.authenticator import has_authenticator, verified_authenticator
from accounts.identity.step_up_codes import mails_begin_at, open_time
from accounts.identity.verification import require_verified
from accounts.models import Session, StepUp, StepUpFlag, User
from accounts.tasks import send_step_up_code
from accounts.vocabulary import StepUpChannel
from maretech.common.http.errors import RateLimited
from maretech.common.http.rate_counter import count_one
from maretech.common.work.queue import enqueue_on_commit

# Each request allows five guesses at a new code. This limit bounds them per account, over all its sessions.
STEP_UPS_PER_DAY: Final = 10
_DAY_SECONDS: Final = 86_400


def is_open(session: Session) -> bool:
    """Return whether this session got the right code in the last `STEP_UP_MINUTES`, and is live."""
    found = StepUp.objects.filter(session=session, session__ended_at=None, session__user__is_active=True)
    return found.filter(used_at__gt=timezone.now() - open_time()).exists()


def is_flagged(user: User) -> bool:
    """Return whether staff ask for step-ups of this account."""
    return StepUpFlag.objects.filter(user=user, lifted_at=None).exists()


def check_available(user: User) -> None:
    """Raise `StepUpUnavailable` while no code can reach the user: the address is new, and there is no authenticator."""
    available_at = mails_begin_at(user)
    if available_at is not None and not has_authenticator(user):
        raise StepUpUnavailable(available_at=available_at)


def request_step_up(*, session: Session) -> StepUp:
    """Request a code for this session; it replaces the session's earlier one. Returns the request, with its channel.

    By mail, this only writes a row; the worker makes and mails the code. Raises `RateLimited`, `EmailUnverified` if the
    code would go to an address that is not proven: it may be another person's, and `StepUpUnavailable`.
    """
    user = session.user
    channel = StepUpChannel.AUTHENTICATOR if has_authenticator(user) else StepUpChannel.MAIL
    if channel == StepUpChannel.MAIL:
        require_verified(user)
        check_available(user)
    _count_request(user)
    now = timezone.now()
    row = StepUp(user=user, session=session, channel=channel, requested_at=now)
    if channel == StepUpChannel.AUTHENTICATOR:
        row.expires_at = now + mailed_codes.lifetime()
    with transaction.atomic():
        row.save(force_insert=True)
        if channel == StepUpChannel.MAIL:
            enqueue_on_commit(send_step_up_code, str(row.pk), queue="housekeeping", expires_seconds=30)
    return row


def verify_step_up(*, session: Session, code: str) -> datetime:
    """Open the session if the code is right, and return until when. A wrong code costs a try.

    Only the session's newest request counts, and a code counts once. Raises `CodeInvalid`.
    """
    with transaction.atomic():
        used_at = _redeem(session, code)
    # Raise only after the commit, so that the try is counted.
    if used_at is None:
        raise CodeInvalid
    return used_at + open_time()


def _redeem(session: Session, code: str) -> datetime | None:
    """Count one try. Returns when the code was used, or None if it is not right or no longer valid."""
    of_session = StepUp.objects.select_for_update().filter(session=session)
    row = of_session.order_by("-requested_at", "-id").first()
    if row is None:
        return None
    if row.channel == StepUpChannel.MAIL:
        right = mailed_codes.try_code(row, code)
    else:
        right = mailed_codes.count_try(row, lambda: verified_authenticator(user=session.user, code=code) is not None)
    return row.used_at if right else None


def _count_request(user: User) -> None:
    counted = count_one(f"step-up:{user.pk}", window_seconds=_DAY_SECONDS)
    if counted.count > STEP_UPS_PER_DAY:
        raise RateLimited(retry_after=max(1, round(counted.remaining_seconds + 0.5)))
