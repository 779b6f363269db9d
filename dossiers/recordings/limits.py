"""The daily limit of announced recordings per owner, which bounds an owner's share of the object store."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from dossiers.errors import TooManyOfOwner
from dossiers.models import Recording

WINDOW: Final = timedelta(days=1)
TOO_MANY_RECORDINGS: Final = "TOO_MANY_RECORDINGS"


def refuse_beyond_limit(owner: User) -> None:
    """Raise `TooManyOfOwner` if the owner has announced too many. The caller holds the owner's lock.

    Replaced recordings count too, and those of deleted drafts: their links may still write.
    """
    since = timezone.now() - WINDOW
    announced = Recording.objects.filter(dossier__owner=owner, created_at__gt=since).order_by("created_at")
    times = list(announced.values_list("created_at", flat=True)[: settings.RECORDINGS_PER_OWNER])
    if len(times) >= settings.RECORDINGS_PER_OWNER:
        waits = round((times[0] - since).total_seconds()) + 1
        raise TooManyOfOwner(reason=TOO_MANY_RECORDINGS, retry_after=waits)
