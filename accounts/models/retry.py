"""How often a worker retries work for an account."""

from datetime import timedelta
from typing import Final

from django.conf import settings

from maretech.common.work.durable import Retry

# Without end, at least every hour.
UNTIL_DONE: Final = Retry(first=timedelta(seconds=settings.JOB_LEASE_SECONDS), factor=2, longest=timedelta(hours=1))
