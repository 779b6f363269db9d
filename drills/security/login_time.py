"""Time wrong passwords for known and unknown addresses, in turn: the medians must not differ.

A password in another Unicode composition than the stored one costs two hashes, and must do so for both.

Control: for an unknown address no password is hashed.
"""

import time
import unicodedata
from collections.abc import Callable
from contextlib import AbstractContextManager
from statistics import median
from typing import Final
from unittest.mock import patch
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.test import override_settings

from accounts.models import User
from drills.harness.api_client import PASSWORD
from drills.harness.runner import DrillContext, Result, main
from testing.phone import caller

ARGON2: Final = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
WRONG: Final = {"as stored": "not-the-password", "composed otherwise": unicodedata.normalize("NFD", "nöt-the-pässwörd")}
BOUND_MS: Final = 5.0
# The tests run on a busy machine and take few samples: they count CPU time, and require that less than half a hash is
# missing.
BOUND_SMALL: Final = 0.5


def disable_guard() -> AbstractContextManager[object]:
    return patch.object(User, "simulate_password_check", lambda *_: None)


def drill(context: DrillContext) -> Result:
    times = 3 if context.small else 100 if context.control else 400
    with override_settings(PASSWORD_HASHERS=ARGON2):
        known = f"{uuid4().hex}@example.org"
        User.objects.create(email=known, password=make_password(PASSWORD))
        figures, apart, bound = [], [], BOUND_MS
        for kind, password in WRONG.items():
            addresses = [(known, f"{uuid4().hex}@example.org") for _ in range(times)]
            clock = time.process_time if context.small else time.perf_counter
            pairs = [[_milliseconds(each, password, clock) for each in pair] for pair in addresses]
            known_ms, unknown_ms = median(one for one, _ in pairs), median(other for _, other in pairs)
            bound = BOUND_SMALL * max(known_ms, unknown_ms) if context.small else BOUND_MS
            apart.append(abs(known_ms - unknown_ms) <= bound)
            figures.append(f"{kind}: known {known_ms:.1f} ms, unknown {unknown_ms:.1f} ms")
    # Without the guard the two must be distinguishable.
    passed = any(apart) if context.control else all(apart)
    return Result(f"{times} each of {len(WRONG)}", "; ".join(figures), f"within {bound:g} ms", passed)


def _milliseconds(email: str, password: str, clock: Callable[[], float]) -> float:
    client = caller()
    client.defaults["SERVER_NAME"] = "localhost"
    started = clock()
    answer = client.post("/v1/auth/login", {"email": email, "password": password}, format="json")
    if answer.status_code != 401:
        raise RuntimeError(f"Signing in was not refused: {answer.status_code}")
    return (clock() - started) * 1000


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
