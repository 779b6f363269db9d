"""`check --deploy --fail-level WARNING`: clean under the settings of a production, and each danger alone is named.

Each is a process of its own with nothing but that environment; the tests have each danger without a process.
That every id of maretech/checks.py has its danger here is part of it.
Control: it is not said that this is production.
"""

import os
import re
import secrets
import subprocess
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final

from drills.calling import side_by_side
from drills.harness import Result, Stage, main
from maretech import checks
from maretech.processes import MANAGE

SAFE: Final = {
    "ENVIRONMENT": "production",
    "ENV_FILE": os.devnull,
    "SECRET_KEY": secrets.token_urlsafe(48),
    "JWT_SIGNING_KEY": secrets.token_urlsafe(48),
    "ALLOWED_HOSTS": "api.example.org",
    "TRUSTED_PROXY_COUNT": "1",
    "DATABASE_URL": "postgres://maretech:secret@database.invalid:5432/maretech",
    "REDIS_URL": "redis://broker.invalid:6379/0",
    "S3_BUCKET": "photos",
    "S3_ACCESS_KEY_ID": "key",
    "S3_SECRET_ACCESS_KEY": "secret",
    "EMAIL_URL": "smtp+tls://maretech:secret@mail.invalid:587",
    "STRIPE_SECRET_KEY": "sk_live_abc",
    "STRIPE_WEBHOOK_SECRET": "whsec_abc",
    "CHECKOUT_SUCCESS_URL": "https://example.org/paid",
    "CHECKOUT_CANCEL_URL": "https://example.org/cancelled",
}
# What is changed, and the check that must say so.
DANGERS: Final = (
    ("maretech.E001", {"SECRET_KEY": "", "JWT_SIGNING_KEY": secrets.token_urlsafe(48)}),
    ("maretech.E002", {"JWT_SIGNING_KEY": "short"}),
    ("maretech.E002", {"JWT_SIGNING_KEY": SAFE["SECRET_KEY"]}),
    ("maretech.E003", {"MOCK_BILLING": "true"}),
    ("maretech.E004", {"ENGINE": "stub"}),
    ("maretech.E005", {"DEBUG": "true"}),
    ("maretech.E006", {"ALLOWED_HOSTS": "*"}),
    ("maretech.E007", {"DATABASE_URL": ""}),
    ("maretech.E008", {"REDIS_URL": ""}),
    ("maretech.E009", {"S3_BUCKET": ""}),
    ("maretech.E010", {"EMAIL_URL": "consolemail://"}),
    ("maretech.E010", {"EMAIL_URL": "dummymail://"}),
    ("maretech.E011", {"ENVIRONMENT": "prod"}),
    ("maretech.E012", {"ENGINE": "clasical"}),
    ("maretech.E013", {"RATE_LIMIT_DEFAULT": "100/minute"}),
    ("maretech.E014", {"STRIPE_SECRET_KEY": "sk_test_abc"}),
    ("maretech.E015", {"STRIPE_API_BASE": "http://127.0.0.1:1"}),
    ("maretech.E016", {"STRIPE_WEBHOOK_SECRET": ""}),
    ("maretech.E017", {"CHECKOUT_CANCEL_URL": "https://localhost/cancelled"}),
    ("maretech.E018", {"EMAIL_URL": "smtp://maretech:secret@mail.invalid:25"}),
    ("maretech.E020", {"APP_STORE_ENVIRONMENT": "sandbox"}),
    ("maretech.E021", {"APP_STORE_API_BASE": "http://localhost:1"}),
    ("maretech.E022", {"APP_STORE_BUNDLE_ID": "org.example.hull"}),
    ("maretech.E023", {"APP_STORE_ENVIRONMENT": "xcode"}),
    ("maretech.E024", {"APP_STORE_BUNDLE_ID": "org.example.hull", "APP_STORE_ROOTS_DIR": "/nowhere"}),
    ("maretech.E030", {"PLAY_ALLOW_TEST_PURCHASES": "true"}),
    ("maretech.E031", {"PLAY_API_BASE": "http://localhost:8099"}),
    ("maretech.E032", {"PLAY_CERTS_URL": "http://localhost:8099/certs"}),
    ("maretech.E033", {"PLAY_PACKAGE_NAME": "org.example.hulls"}),
    ("maretech.E034", {"PLAY_PACKAGE_NAME": "org.example.hulls", "PLAY_PUSH_AUDIENCE": "https://api.example.org"}),
    ("maretech.E040", {"RETENTION_WEBHOOK_DAYS": "0"}),
    ("maretech.E041", {"METRICS_TOKEN": "guessable"}),
    ("maretech.E050", {"ADMIN_REQUIRE_SECOND_FACTOR": "false"}),
    ("maretech.E051", {"RATE_LIMIT_CREDENTIALS": "1000/min"}),
    ("maretech.E051", {"RATE_LIMIT_ACCOUNT": "10/min"}),
    ("maretech.E052", {"CSRF_TRUSTED_ORIGINS": "http://admin.example.org"}),
    ("maretech.E053", {"S3_PUBLIC_ENDPOINT_URL": "http://photos.example.org"}),
    ("maretech.E054", {"ACCESS_TOKEN_SECONDS": "864000"}),
    ("maretech.E054", {"TRUSTED_PROXY_COUNT": "-1"}),
    ("maretech.E055", {"HEARTBEAT_SECONDS": "60"}),
    ("security.W004", {"SECURE_HSTS_SECONDS": "0"}),
    ("security.W008", {"SECURE_SSL_REDIRECT": "false"}),
)


def forgotten() -> list[str]:
    """The ids of the project's checks that no danger here belongs to."""
    return sorted(set(re.findall(r"maretech\.E\d+", Path(checks.__file__).read_text())) - {name for name, _ in DANGERS})


def without_guard() -> AbstractContextManager[object]:
    return nullcontext()  # the guard is the word `production` itself: see `_checked`


def drill(stage: Stage) -> Result:
    dangers = DANGERS[::12] if stage.small or stage.control else DANGERS
    code, said = _checked({})
    faults = [] if code == 0 else [f"a safe production is not clean: {said[-300:]}"]
    faults += [f"nobody tries {name}" for name in forgotten()]
    for (name, changed), (code, said) in zip(
        dangers, side_by_side(lambda danger: _checked(danger[1], control=stage.control), dangers, by=2), strict=True
    ):
        if code == 0 or f"({name})" not in said:
            faults.append(f"{changed} is not refused as {name}")
    figure = f"{len(dangers) + 1 - len(faults)} of {len(dangers) + 1} as they should be"
    figure += f" ({faults[0]})" if faults else ""
    return Result(f"{len(dangers)} dangers and none", figure, "clean; each refused by its name", not faults)


def _checked(changed: dict[str, str], *, control: bool = False) -> tuple[int, str]:
    env = {"PATH": os.environ["PATH"], "VAR_DIR": os.environ.get("VAR_DIR", "var"), **SAFE, **changed}
    env = {name: value for name, value in env.items() if value}
    if control:
        env["ENVIRONMENT"] = "development"
    command = [sys.executable, str(MANAGE), "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    return done.returncode, done.stdout + done.stderr


if __name__ == "__main__":
    main(drill, without_guard, served=False)
