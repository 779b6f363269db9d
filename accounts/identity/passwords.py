"""Choosing, changing and resetting a password."""

import uuid

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.errors import OldPasswordWrong, PasswordTooWeak, ResetCodeInvalid
from accounts.identity.addresses import normalise_email
from accounts.identity.email_codes import close_codes
from accounts.identity.mailed_codes import try_code
from accounts.identity.password_spelling import normalise_password
from accounts.identity.security_events import announce_security_event
from accounts.identity.sessions import end_sessions, reset_sign_in_count
from accounts.models import PasswordReset, Session, User
from accounts.tasks import send_reset_code
from accounts.vocabulary import EndReason, SecurityEvent
from maretech.common.http.errors import RateLimited
from maretech.common.http.rate_counter import count_one
from maretech.common.http.throttling import retry_after
from maretech.common.work.queue import enqueue_on_commit

# Each request allows five guesses at a new code, from any number of addresses. This limit bounds them per account.
RESETS_PER_DAY = 10


def require_strong_password(password: str, *, user: User, field: str) -> None:
    """Raises `PasswordTooWeak` naming every rule that the normalised password breaks."""
    try:
        validate_password(normalise_password(password), user=user)
    except ValidationError as exc:
        raise PasswordTooWeak(field=field, texts=exc.messages) from None


def check_step_up(session: Session, password: str) -> bool:
    """Return whether the signed-in person knows the account's password. Raises `RateLimited`.

    The thief of a phone gets no more guesses than an attacker at the login. Each session is counted separately:
    otherwise a thief or remote attackers could stop the owner from changing the password.
    """
    if (wait := retry_after(scope="account", caller=f"session:{session.pk}")) is not None:
        raise RateLimited(retry_after=wait)
    return session.user.check_password(password)


def change_password(*, session: Session, old_password: str, new_password: str) -> None:
    """Set the new password and end every session but this one, or change nothing."""
    user = session.user
    if not check_step_up(session, old_password):
        raise OldPasswordWrong
    known_hash = user.password
    require_strong_password(new_password, user=user, field="new_password")
    user.set_password(new_password)
    with transaction.atomic():
        # Compare-and-set: another change or a reset may have won while this one was hashing. The user's row is locked
        # first, as everywhere an address or a password changes.
        if not User.objects.filter(pk=user.pk, password=known_hash).update(password=user.password):
            raise OldPasswordWrong
        PasswordReset.objects.filter(user=user).delete()
        close_codes(user=user)
        end_sessions(user=user, reason=EndReason.PASSWORD_CHANGED, keep=session)
        _announce_change(user)


def end_sessions_on_password_save(*, instance: User, created: bool, **_: object) -> None:
    """End sessions, resets and codes on `post_save`: the admin's form and `changepassword` set a password by saving.

    The functions of this module update the row instead, and end those themselves.
    """
    if created or instance._password is None:  # type: ignore[attr-defined]  # noqa: SLF001 - Django reads it too
        return
    with transaction.atomic():
        PasswordReset.objects.filter(user=instance).delete()
        close_codes(user=instance)
        end_sessions(user=instance, reason=EndReason.PASSWORD_CHANGED)
        _announce_change(instance)


def request_reset(*, email: str) -> None:
    """Request a reset: mails a code if an account has this address. Does the same work in the same time if none has.

    This only writes a row; the worker makes and mails the code. The row replaces any earlier request.
    """
    email = normalise_email(email)
    key = salted_hmac("accounts.passwords.reset", email, algorithm="sha256").hexdigest()
    if count_one(f"reset:{key}", window_seconds=86_400).count > RESETS_PER_DAY:
        return
    user = User.objects.filter(email=email, is_active=True).first()
    with transaction.atomic():
        reset = PasswordReset.objects.create(user=user, requested_at=timezone.now())
        enqueue_on_commit(send_reset_code, str(reset.pk), queue="housekeeping", expires_seconds=30)


def confirm_reset(*, email: str, code: str, password: str) -> None:
    """Set the new password and end all sessions if the code is the newest one. A wrong code costs a try.

    The code came by mail, so it proves the address too.
    """
    email = normalise_email(email)
    chosen = User(email=email)
    require_strong_password(password, user=chosen, field="password")
    # Hash before any lookup: outside the transaction, and as slowly for an address without an account.
    chosen.set_password(password)
    with transaction.atomic():
        user = _redeem(email=email, code=code)
        if user is not None:
            User.objects.filter(pk=user.pk).update(
                password=chosen.password, email_verified_at=Coalesce("email_verified_at", timezone.now())
            )
            close_codes(user=user)
            end_sessions(user=user, reason=EndReason.PASSWORD_RESET)
            _announce_change(user)
    # Raise only after the commit, so that the try is counted.
    if user is None:
        raise ResetCodeInvalid
    reset_sign_in_count(email)


def _announce_change(user: User) -> None:
    announce_security_event(user_id=user.pk, event=SecurityEvent.PASSWORD_CHANGED, event_id=uuid.uuid4())


def _redeem(*, email: str, code: str) -> User | None:
    """Count one try at the newest code of this address. Returns the user if the code is right and still valid."""
    user = _locked_account(email)
    reset = _locked_newest_reset(email)
    return user if user is not None and reset is not None and try_code(reset, code) else None


def _locked_account(email: str) -> User | None:
    """Return the user with this address, locked so that the address stays theirs until the transaction ends."""
    return User.objects.select_for_update().filter(email=email, is_active=True).first()


def _locked_newest_reset(email: str) -> PasswordReset | None:
    of_this_address = PasswordReset.objects.filter(user__email=email, user__is_active=True)
    return of_this_address.select_for_update(of=("self",)).order_by("-requested_at", "-id").first()
