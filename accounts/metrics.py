"""The accounts section of `/metrics`: only how long owners have waited for a mail, an erasure or their data."""

from collections.abc import Iterator

from django.db.models import Count, Min

from accounts.identity import email_codes, reset_codes, step_up_codes
from accounts.models import EmailCode, Erasure, Export, StaffInvitation
from maretech.common.observability.metrics import Backlog


def backlogs() -> Iterator[Backlog]:
    for work, unsent in (
        ("reset_code", reset_codes.unsent_resets()),
        ("email_code", email_codes.unsent_codes()),
        ("step_up_code", step_up_codes.unsent_codes()),
        ("notice", EmailCode.awaited()),
        ("staff_link", StaffInvitation.awaited()),
    ):
        mails = unsent.aggregate(count=Count("pk"), oldest_at=Min("requested_at"))
        yield Backlog(queue="housekeeping", work=work, **mails)
    # Measured from the request, regardless of retries: the owner waits until the work is done.
    for work, unfinished in (
        ("erasure", Erasure.awaited()),
        ("export", Export.awaited()),
    ):
        requests = unfinished.aggregate(count=Count("pk"), oldest_at=Min("requested_at"))
        yield Backlog(queue="privacy", work=work, **requests)
