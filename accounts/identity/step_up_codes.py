"""The mail with the code of a step-up."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
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


def _mailed() -> QuerySet[StepUp, StepUp]:
    """Return the requests that are mailed, of live sessions: a code of an ended one opens nothing."""
    return StepUp.objects.filter(channel=StepUpChannel.MAIL, session__ended_at=None)


def _compose(row: StepUp, code: str) -> Message:
    context = {"code": code, "minutes": str(settings.RESET_CODE_MINUTES)}
    return Message(MessageKind.STEP_UP_CODE, row.user.email, context)
