"""The accounts section of `/metrics`: only how long owners have waited for a mail, an erasure or their data."""

from collections.abc import Iterator

from django.db.models import Count, Min

from accounts.identity import email_codes, reset_codes
from accounts.models import EmailCode, Erasure, Export, StaffInvitation
from maretech.common.observability.metrics import Backlog


def backlogs() -> Iterator[Backlog]:
    for work, owed in (
        ("reset_code", reset_codes.owed()),
        ("email_code", email_codes.owed_codes()),
        ("notice", EmailCode.awaited()),
        ("staff_link", StaffInvitation.awaited()),
    ):
        mails = owed.aggregate(count=Count("pk"), oldest_at=Min("requested_at"))
        yield Backlog(queue="housekeeping", work=work, **mails)
    # Measured from the request, regardless of retries: the owner waits until the work is done.
    for work, undone in (
        ("erasure", Erasure.awaited()),
        ("export", Export.awaited()),
    ):
        yield Backlog(queue="privacy", work=work, **undone.aggregate(count=Count("pk"), oldest_at=Min("requested_at")))
