"""A wrong password takes as long whether somebody has the address or nobody: asked in turn, medians compared.

Control: for an address that nobody has, no password is hashed.
"""

import time
from contextlib import AbstractContextManager
from statistics import median
from typing import Final
from unittest.mock import patch
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.test import override_settings

from accounts.models import User
from drills.calling import PASSWORD
from drills.harness import Result, Stage, main
from tests.phone import caller

ARGON2: Final = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
BOUND_MS: Final = 5.0
# The tests' machine is busy with other tests, and asks a few times only: of one hash no more than half is missing.
BOUND_SMALL: Final = 0.5


def without_guard() -> AbstractContextManager[object]:
    return patch.object(User, "set_password", lambda *_: None)


def drill(stage: Stage) -> Result:
    times = 5 if stage.small else 100 if stage.control else 1000
    with override_settings(PASSWORD_HASHERS=ARGON2):
        known = f"{uuid4().hex}@example.org"
        User.objects.create(email=known, password=make_password(PASSWORD))
        asked = [(known, f"{uuid4().hex}@example.org") for _ in range(times)]
        pairs = [(_milliseconds(one), _milliseconds(other)) for one, other in asked]
    known_ms, unknown_ms = median(one for one, _ in pairs), median(other for _, other in pairs)
    bound = BOUND_SMALL * max(known_ms, unknown_ms) if stage.small else BOUND_MS
    figure = f"known {known_ms:.1f} ms, unknown {unknown_ms:.1f} ms"
    return Result(f"{times} each", figure, f"within {bound:g} ms", abs(known_ms - unknown_ms) <= bound)


def _milliseconds(email: str) -> float:
    client = caller()
    client.defaults["SERVER_NAME"] = "localhost"
    started = time.perf_counter()
    answer = client.post("/v1/auth/login", {"email": email, "password": "not-the-password"}, format="json")
    if answer.status_code != 401:
        raise RuntimeError(f"Signing in was not refused: {answer.status_code}")
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main(drill, without_guard, served=False)
