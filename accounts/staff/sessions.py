"""Cookie sessions of the admin: they end when idle, and some hours after sign-in even if used."""

import time
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session as StoredSession

from accounts.models import User

BEGAN_AT: Final = "began_at"


class SessionStore(DatabaseSessions):
    """Django's own store with an end that no request extends. The row expires, not only the cookie."""

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        data.setdefault(BEGAN_AT, int(time.time()))
        return super().create_model_instance(data)

    def get_session_cookie_age(self) -> int:
        age = int(time.time()) - int(self.get(BEGAN_AT, time.time()))
        left: int = settings.ADMIN_SESSION_HOURS * 3600 - age
        idle: int = settings.ADMIN_IDLE_MINUTES * 60
        return min(idle, left)  # at 0 and below the row has expired: the next request is anonymous

    def cycle_key(self) -> None:
        """Change the key and restart the time limit: the person has just proven their identity."""
        self.pop(BEGAN_AT, None)
        super().cycle_key()


def end_staff_sessions(*, user: User) -> int:
    """Sign the user out of the admin in every browser. Returns how many sessions ended."""
    own = [row for row in StoredSession.objects.all() if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    return StoredSession.objects.filter(pk__in=[row.pk for row in own]).delete()[0]
