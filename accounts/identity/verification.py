"""Proof of an address: a code mailed to it, and nothing else.

The user's own row is locked before any other row of the account, here and wherever an address or a password changes.
"""

from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.errors import CodeInvalid, EmailTaken, EmailUnverified, PasswordWrong
from accounts.identity.address_changes import announce_address_change
from accounts.identity.addresses import normalise_email
from accounts.identity.email_codes import close_codes
from accounts.identity.mailed_codes import try_code
from accounts.identity.passwords import check_step_up
from accounts.identity.security_events import announce_security_event
from accounts.identity.step_up_codes import delete_unused
from accounts.models import MAX_MAIL_DELAY, EmailCode, PasswordReset, Session, User
from accounts.tasks import send_email_code
from accounts.vocabulary import SecurityEvent
from maretech.common.http.errors import RateLimited, TokenInvalid
from maretech.common.http.rate_counter import count_one
from maretech.common.work.queue import enqueue_on_commit

# Each code allows five guesses, and is a mail that the reader may not want. The limit holds per account, and also per
# address that is not the account's own, over all requesting accounts.
CODES_PER_DAY: Final = 10
_DAY_SECONDS: Final = 86_400


def require_verified(user: User) -> None:
    """Raise `EmailUnverified` unless the user has proven the address: what reaches other people asks for this."""
    if not user.email_verified:
        raise EmailUnverified


def request_code(*, user: User, email: str) -> None:
    """Request a code for this address; it replaces any earlier one. Call this in a transaction.

    This only writes a row; the worker makes and mails the code. If the address is not the account's own, the account's
    own address gets a notice.
    """
    notice_to = "" if email == user.email else user.email
    row = EmailCode.objects.create(user=user, email=email, requested_at=timezone.now(), notice_to=notice_to)
    enqueue_on_commit(send_email_code, str(row.pk), queue="housekeeping", expires_seconds=30)


def resend_code(*, session: Session) -> None:
    """Request another code for the address that awaits proof, if there is one. Raises `RateLimited`."""
    user = session.user
    _count_code(user)
    with transaction.atomic():
        account = _locked(user)
        email = _awaited_address(account)
        if email is not None:
            request_code(user=account, email=email)


def request_change(*, session: Session, password: str, new_email: str) -> None:
    """Request a change of address: mails a code to the new one. The old address stays until that code comes back.

    The answer is the same whether or not another account has the address; only the mail to it says so. Raises
    `PasswordWrong` and `RateLimited`.
    """
    user, email = session.user, normalise_email(new_email)
    if not check_step_up(session, password):
        raise PasswordWrong
    _count_code(user)
    may_be_mailed = email == user.email or _may_be_mailed(email)
    with transaction.atomic():
        # A reset may have won while the password was checked. Then this request is void.
        account = _locked(user)
        if account.password != user.password:
            raise PasswordWrong
        if may_be_mailed:
            request_code(user=account, email=email)


def confirm_address(*, session: Session, code: str) -> None:
    """Prove the address and make it the account's own if the code is the newest. A wrong code costs a try.

    Raises `CodeInvalid`, and `EmailTaken` if another account took the address first.
    """
    with transaction.atomic():
        proven, taken = _redeem(session.user, code)
    # Raise only after the commit, so that the try is counted.
    if taken:
        raise EmailTaken
    if not proven:
        raise CodeInvalid


def _redeem(user: User, code: str) -> tuple[bool, bool]:
    """Count one try. Returns whether the code was right, and whether another account has the address nevertheless."""
    user = _locked(user)
    newest = EmailCode.objects.select_for_update(of=("self",)).filter(user=user)
    row = newest.order_by("-requested_at", "-id").first()
    if row is None or not try_code(row, code):
        return False, False
    try:
        with transaction.atomic():
            if row.email != user.email:
                announce_address_change(user_id=user.pk, old=user.email, new=row.email)
            now, account = timezone.now(), User.objects.filter(pk=user.pk)
            moved = account.exclude(email=row.email).update(email=row.email, email_changed_at=now)
            account.update(email_verified_at=now)
    except IntegrityError:
        return True, True
    if moved:
        _close_codes_to_the_old_address(user)
        announce_security_event(user_id=user.pk, event=SecurityEvent.ADDRESS_CHANGED, event_id=row.pk)
    return True, False


def _close_codes_to_the_old_address(user: User) -> None:
    PasswordReset.objects.filter(user=user).delete()
    close_codes(user=user)
    delete_unused(user=user)


def _locked(user: User) -> User:
    # Do not lock the key: a transaction that adds rows of the owner under the allowance's lock would wait for this one,
    # and this one for that lock.
    found = User.objects.select_for_update(no_key=True).filter(pk=user.pk, is_active=True).first()
    if found is None:
        raise TokenInvalid
    return found


def _awaited_address(user: User) -> str | None:
    """Return where a code goes: the requested new address, or the account's own while it is unproven."""
    newest = EmailCode.objects.filter(user=user).order_by("-requested_at", "-id").first()
    is_awaited = newest is not None and newest.used_at is None and newest.requested_at > timezone.now() - MAX_MAIL_DELAY
    if newest is not None and is_awaited and newest.email != user.email and not newest.is_closed:
        return newest.email
    return None if user.email_verified else user.email


def _count_code(user: User) -> None:
    counted = count_one(f"email-code:{user.pk}", window_seconds=_DAY_SECONDS)
    if counted.count > CODES_PER_DAY:
        raise RateLimited(retry_after=max(1, round(counted.remaining_seconds + 0.5)))


def _may_be_mailed(email: str) -> bool:
    key = salted_hmac("accounts.verification", email, algorithm="sha256").hexdigest()
    return count_one(f"email-code-to:{key}", window_seconds=_DAY_SECONDS).count <= CODES_PER_DAY
