"""Invitations to staff: only a reader of the address's mail becomes staff, and no earlier credential opens the admin.

If someone else registered the address beforehand, they gain nothing: password, sessions, devices and second factor end
when the account is invited, and again when the link comes back.
"""

from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import AccountClosed, LinkInvalid, StaffRequired
from accounts.identity.addresses import normalise_email
from accounts.identity.email_codes import close_codes
from accounts.identity.passwords import require_strong_password
from accounts.identity.sessions import end_sessions, reset_sign_in_count
from accounts.models import PasswordReset, StaffInvitation, User
from accounts.staff.audit import ASKED, keep_outcome, record_staff_action
from accounts.staff.links import LINK_LIFETIME, invitation_of
from accounts.staff.permissions import support_group
from accounts.staff.second_factor import remove_second_factor
from accounts.staff.sessions import end_staff_sessions
from accounts.tasks import send_staff_link
from accounts.vocabulary import EndReason
from maretech.common.work.queue import enqueue_on_commit

ACTION: Final = "invite_staff"
ACCEPTED: Final = "accepted"
FIRST: Final = "the first member of staff"


def has_staff() -> bool:
    """Return whether the admin lets anyone in. An account with an unproven address does not count."""
    return User.objects.filter(is_staff=True, is_active=True, email_verified_at__isnull=False).exists()


@transaction.atomic
def invite_staff(*, email: str, is_superuser: bool, staff: User | None, reason: str) -> StaffInvitation:
    """End the account's earlier credentials, and mail a link to its address that makes it staff.

    Only the first member of staff is invited without an inviter, and is recorded as the actor. Raises `StaffRequired`,
    `ReasonRequired`, and `AccountClosed` for an account that is being erased.
    """
    if staff is None and has_staff():
        raise StaffRequired
    user = _locked_account(normalise_email(email))
    if not user.is_active:
        raise AccountClosed
    _end_credentials(user)
    user.save()
    action = record_staff_action(
        staff=staff or user,
        action=ACTION,
        subject=user,
        reason=reason,
        detail={"superuser": is_superuser, "outcome": ASKED},
    )
    invitation = StaffInvitation.objects.create(
        user=user, action=action, is_superuser=is_superuser, expires_at=timezone.now() + LINK_LIFETIME
    )
    enqueue_on_commit(send_staff_link, str(invitation.pk), queue="housekeeping", expires_seconds=30)
    return invitation


def accept_invitation(*, token: str, password: str) -> User:
    """Make the account staff, with this password and a proven address. Raises `LinkInvalid` and `PasswordTooWeak`."""
    invitation = invitation_of(token)
    if invitation is None:
        raise LinkInvalid
    chosen = User(email=invitation.user.email)
    require_strong_password(password, user=chosen, field="password")
    # Hashing is slow on purpose, so it never runs inside a transaction.
    chosen.set_password(password)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=invitation.user_id)
        invitation = invitation_of(token)  # again, now that neither the password nor the address can change
        if invitation is None:
            raise LinkInvalid
        _end_credentials(user)
        user.password, user.email_verified_at = chosen.password, timezone.now()
        user.is_staff, user.is_superuser = True, invitation.is_superuser
        user.save()
        user.groups.add(support_group())
        StaffInvitation.objects.filter(pk=invitation.pk).update(used_at=timezone.now())
        keep_outcome(invitation.action, ACCEPTED)
    reset_sign_in_count(user.email)
    return user


def _locked_account(email: str) -> User:
    """Return the account with this address, locked. Creates one that cannot sign in if there is none."""
    found = User.objects.select_for_update().filter(email=email).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return User.objects.create_user(email)
    except IntegrityError:  # someone registered it just now
        return User.objects.select_for_update().get(email=email)


def _end_credentials(user: User) -> None:
    """End every credential of the account. The caller has locked the user's row and saves it."""
    user.set_unusable_password()
    user.is_staff = user.is_superuser = False
    user.groups.clear()
    user.user_permissions.clear()
    PasswordReset.objects.filter(user=user).delete()
    close_codes(user=user)
    end_sessions(user=user, reason=EndReason.PASSWORD_RESET)
    end_staff_sessions(user=user)
    remove_second_factor(user)
