"""What `/metrics` tells of accounts: nothing but how long a mail waits."""

from collections.abc import Iterator

from django.db.models import Count, Min

from accounts import reset_codes
from maretech.common.metrics import Waiting


def waiting() -> Iterator[Waiting]:
    mails = reset_codes.owed().aggregate(count=Count("pk"), oldest_at=Min("requested_at"))
    yield Waiting(queue="housekeeping", work="reset_code", **mails)
