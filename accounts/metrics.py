"""What `/metrics` tells of accounts: nothing but how long owners wait for a mail, an erasure or their data."""

from collections.abc import Iterator

from django.db.models import Count, Min

from accounts import reset_codes
from accounts.models import Erasure, Export
from maretech.common.metrics import Waiting


def waiting() -> Iterator[Waiting]:
    mails = reset_codes.owed().aggregate(count=Count("pk"), oldest_at=Min("requested_at"))
    yield Waiting(queue="housekeeping", work="reset_code", **mails)
    # From when it was asked for, however often it was tried since: what is owed is that it is done.
    for work, undone in (
        ("erasure", Erasure.objects.filter(done_at=None)),
        ("export", Export.objects.filter(built_at=None, user__is_active=True)),
    ):
        yield Waiting(queue="privacy", work=work, **undone.aggregate(count=Count("pk"), oldest_at=Min("requested_at")))
