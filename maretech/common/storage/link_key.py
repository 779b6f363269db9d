"""The credentials that sign links. A link stops working when the credentials that signed it expire."""

import time
from typing import Any, Final

from botocore.credentials import Credentials, RefreshableCredentials
from botocore.exceptions import BotoCoreError, ClientError

from maretech.common.observability.metrics import count_store_error
from maretech.common.storage.base import ObjectStoreUnavailable

REFRESH_PAUSE_SECONDS: Final = 60
SHORTEST_LINK_SECONDS: Final = 2


class LinkKey:
    """Fixed credentials, or those of a role, which expire. Safe to use from several threads."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self.refresh_again_at = 0.0

    def current(self, seconds: int) -> tuple[Any, int]:
        """Return frozen credentials, and for how many of these seconds their signatures will work.

        Credentials that expire sooner are refreshed first: once a minute, because a role may be granted for less than a
        link promises. Raises `ObjectStoreUnavailable` when they have expired and there are no others.
        """
        if not isinstance(self.credentials, RefreshableCredentials):
            return self.credentials.get_frozen_credentials(), seconds
        try:
            frozen, left = self._of_role(self.credentials, seconds)
        except (BotoCoreError, ClientError, RuntimeError) as exc:  # botocore's: refreshed, but still expired
            raise _unavailable(type(exc).__name__) from exc
        return frozen, min(seconds, int(left))

    def _of_role(self, role: Any, seconds: int) -> tuple[Any, float]:
        # botocore has no public way to read credentials and their expiry together; its lock prevents a refresh in
        # between.
        with role._refresh_lock:  # noqa: SLF001
            have_ended = role.refresh_needed(SHORTEST_LINK_SECONDS)
            if have_ended or (role.refresh_needed(seconds) and time.monotonic() >= self.refresh_again_at):
                self.refresh_again_at = time.monotonic() + REFRESH_PAUSE_SECONDS
                role._protected_refresh(is_mandatory=have_ended)  # noqa: SLF001
            return role._frozen_credentials, role._seconds_remaining()  # noqa: SLF001


def _unavailable(error: str) -> ObjectStoreUnavailable:
    count_store_error("refused")
    return ObjectStoreUnavailable(error)
