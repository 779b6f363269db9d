"""Requests to erase an account: sign-in stops at once, and the worker erases the rest."""

from django.db import transaction
from django.utils import timezone

from accounts.errors import PasswordWrong
from accounts.identity.passwords import check_step_up
from accounts.identity.sessions import end_sessions
from accounts.models import Erasure, Session, User
from accounts.staff.audit import record_staff_action
from accounts.staff.sessions import end_staff_sessions
from accounts.tasks import erase_account
from accounts.vocabulary import AskedBy, EndReason
from maretech.common.work.queue import enqueue_on_commit


def request_erasure(*, session: Session, password: str) -> Erasure:
    """Close the owner's account and queue the erasure of everything in it. Sign-in stops at once.

    Raises `PasswordWrong`, or `RateLimited` after too many wrong passwords.
    """
    user = session.user
    if not check_step_up(session, password):
        raise PasswordWrong
    with transaction.atomic():
        # A reset may have won while the password was checked. Then this request is void.
        if not User.objects.select_for_update().filter(pk=user.pk, password=user.password).first():
            raise PasswordWrong
        return _close(user, AskedBy.OWNER)


@transaction.atomic
def order_erasure(*, user: User, staff: User, reason: str) -> Erasure:
    """Erase an account in its owner's name, by staff, and record the reason. Raises `ReasonRequired`."""
    erasure = _close(User.objects.select_for_update().get(pk=user.pk), AskedBy.STAFF)
    detail = {"receipt": str(erasure.pk)}
    record_staff_action(staff=staff, action="erase_account", subject=user, reason=reason, detail=detail)
    return erasure


def _close(user: User, asked_by: AskedBy) -> Erasure:
    """Stop sign-in and all tokens, and queue the erasure. A repeated call retries the erasure at once."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    end_sessions(user=user, reason=EndReason.ERASED)
    end_staff_sessions(user=user)
    erasure, _ = Erasure.objects.get_or_create(user=user, defaults={"asked_by": asked_by})
    Erasure.objects.filter(pk=erasure.pk).update(due_at=timezone.now())
    enqueue_on_commit(erase_account, str(erasure.pk), queue="privacy", expires_seconds=60)
    return erasure
