"""The mail with the code of a step-up."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.identity import mailed_codes
from accounts.models import StepUp, User
from accounts.notifications.port import Message, MessageKind
from accounts.vocabulary import StepUpChannel


def mail_code(*, step_up_id: uuid.UUID) -> None:
    """Mail the code of this request unless it was mailed. Safe to run twice, and after a worker died in it."""
    mailed_codes.mail_code(_mailed(), step_up_id, compose=_compose)


def pending_codes() -> list[uuid.UUID]:
    """Return the codes that are not mailed yet and that no worker has claimed."""
    return mailed_codes.pending(_mailed())


def unsent_codes() -> QuerySet[StepUp, StepUp]:
    """Return the codes that are not mailed and that no worker seems to be mailing."""
    return mailed_codes.unsent(_mailed())


def old_step_ups() -> QuerySet[StepUp, StepUp]:
    """Return the requests that can no longer be used and that keep no session open."""
    return mailed_codes.expired(StepUp.objects.all()).exclude(used_at__gt=timezone.now() - open_time())


def delete_unused(*, user: User) -> None:
    """Delete the requests without a right code yet: their codes went to an address that the account gave up."""
    StepUp.objects.filter(user=user, used_at=None).delete()


def open_time() -> timedelta:
    """Return how long a session stays open after the right code."""
    return timedelta(minutes=settings.STEP_UP_MINUTES)


def mails_begin_at(user: User) -> datetime | None:
    """Return when codes go to the user's new address, None if they go to it now.

    Who stole a session could have changed the address.
    """
    if user.email_changed_at is None:
        return None
    begin = user.email_changed_at + _new_address_time()
    return begin if begin > timezone.now() else None


def _new_address_time() -> timedelta:
    return timedelta(hours=settings.STEP_UP_NEW_ADDRESS_HOURS)


def _mailed() -> QuerySet[StepUp, StepUp]:
    """Return the requests that are mailed: of live sessions, as a code of an ended one opens nothing, to old addresses.

    A request may have been written while the address changed. So the address is read with the request.
    """
    is_old = Q(user__email_changed_at=None) | Q(user__email_changed_at__lte=timezone.now() - _new_address_time())
    rows = StepUp.objects.filter(is_old, channel=StepUpChannel.MAIL, session__ended_at=None)
    return rows.select_related("user")


def _compose(row: StepUp, code: str) -> Message:
    context = {"code": code, "minutes": str(settings.RESET_CODE_MINUTES)}
    return Message(MessageKind.STEP_UP_CODE, row.user.email, context)
