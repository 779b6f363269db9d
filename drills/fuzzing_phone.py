"""How the fuzzer signs in: schemathesis imports this, in a process of its own, beside the server it attacks."""

import os
from typing import Any

import django
import schemathesis

django.setup()

from accounts.models import User  # noqa: E402 - once the apps are ready
from accounts.sessions import start_session  # noqa: E402
from accounts.tokens import tokens_of  # noqa: E402

EMAIL = os.environ["FUZZING_AS"]
ENDS_SESSIONS = ("/auth/logout",)


def _access_token() -> str:
    return tokens_of(start_session(user=User.objects.get(email=EMAIL))).access_token


@schemathesis.auth(refresh_interval=None)
class Phone:
    """Signed in for as long as the run takes; signs out of a session that nobody else uses."""

    token = ""

    def get(self, case: Any, context: Any) -> str:
        if case.path.endswith(ENDS_SESSIONS):
            return _access_token()
        Phone.token = Phone.token or _access_token()
        return Phone.token

    def set(self, case: Any, data: str, context: Any) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}
