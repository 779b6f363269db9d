"""Start a production with one setting missing, empty, zero, negative or absurd: a check must refuse each.

Each attack changes one part of a safe environment; its own check must refuse it and name it. Every check id in
maretech/checks/ must have an attack. At full size the drill also starts each kind of process with one unsafe setting,
and `check --deploy --fail-level WARNING` must report nothing about the safe environment.

Control: attack by attack, the check that refused it is removed; no other check refuses it.
"""

import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

from drills.harness.api_client import side_by_side
from drills.harness.runner import DrillContext, Result, main
from maretech import checks
from maretech.processes import MANAGE
from notifications.channels.vapid import make_vapid_key
from testing.fake_stores.play_actions import AUDIENCE, PACKAGE, PUSH_ACCOUNT, key_of
from testing.production import SAFE_ENVIRONMENT, dangers_under


@dataclass(frozen=True)
class Attack:
    """One change to a safe environment (None: variable not set), and the check that must refuse it, by `names`.

    `beside` lists checks that also refuse it, for another reason: an unsafe default, or two values that contradict each
    other.
    """

    name: str
    danger: str
    variables: Mapping[str, str | None] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    names: str = ""
    beside: tuple[str, ...] = ()


# `sealed_books` attacks the database role.
ELSEWHERE: Final = {"maretech.E070"}
_PEM: Final = key_of("drill").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
_GOOGLES_KEY: Final = json.dumps(
    {"client_email": PUSH_ACCOUNT, "private_key": _PEM, "token_uri": "https://oauth2.googleapis.com/token"}
)
SOLD_ON_PLAY: Final = {
    "PLAY_PACKAGE_NAME": PACKAGE,
    "PLAY_SERVICE_ACCOUNT_JSON": _GOOGLES_KEY,
    "PLAY_PUSH_AUDIENCE": AUDIENCE,
    "PLAY_PUSH_ACCOUNT": PUSH_ACCOUNT,
}
_FCM_KEY: Final = json.dumps({**json.loads(_GOOGLES_KEY), "project_id": "hulls"})
_VAPID: Final = {"VAPID_PRIVATE_KEY": make_vapid_key()[0], "VAPID_SUBJECT": "mailto:push@example.org"}
# Every one of them would let owners name addresses that we then call.
ANYBODYS_PUSH_SERVICES: Final = (
    "*",
    "*.com",
    "*.co.uk",
    "localhost",
    "push",
    "10.0.0.7",
    "2130706433",
    "[::1]",
    "*.internal",
    "http://127.0.0.1:8123",
    "https://fcm.googleapis.com",
    "fcm.googleapis.com:8443",
    "user@fcm.googleapis.com",
    "fcm.googleapis.com,*",
)
_HEARD_BY: Final = {"TRANSCRIBER": "openai_endpoint"}
_POSTED_BY: Final = {
    "LETTERS": "lob",
    "LOB_API_KEY": f"live_{secrets.token_hex(18)}",
    "LOB_WEBHOOK_SECRET": secrets.token_hex(20),
    "LOB_SENDER": "adr_210a8d4b0b76d77b",
}
_REWORDED_BY: Final = {"REFINER": "language_model", "REFINEMENT_MODEL": "m"}
# Recordings and statements would be read on the way, or get lost.
OPEN_ENDPOINTS: Final = (
    "",
    "http://models.example.org/v1",
    "http://8.8.8.8/v1",
    "ftp://models.example.org/v1",
    "models.example.org/v1",
    "https://",
    "https://api.example.org@evil.example.com/v1",
)
BESIDE: Final = {
    "ALLOWED_HOSTS": ("maretech.E071",),
    "APP_STORE_BUNDLE_ID": ("maretech.E022", "maretech.E024"),
    "DATABASE_URL": ("maretech.E007",),
    "ENVIRONMENT": ("maretech.E060",),
    "TRUSTED_PROXY_COUNT": ("maretech.E054",),
}
IN_THE_CLEAR: Final = (
    "db.example.com/books",
    "db.example.com/books?sslmode=disable",
    "db.example.com/books?sslmode=prefer",
    "8.8.8.8/books",
    "134744072/books",
    "postgres,db.example.com/books",
    "postgres/books?hostaddr=8.8.8.8",
)
OVERHEARD: Final = (
    "redis://cache.example.com:6379/0",
    "redis://cache%2Eexample%2Ecom:6379/0",
    "redis://8.8.8.8:6379/0",
    "redis://redis:6379/0;redis://cache.example.com:6379/0",
    "rediss://cache.example.com:6379/0?ssl_cert_reqs=none",
    "rediss://cache.example.com:6379/0?ssl_check_hostname=false",
)
NEEDED_BY_PHONES: Final = {"maretech.E017": "CHECKOUT_SUCCESS_URL", "maretech.E053": "S3_PUBLIC_ENDPOINT_URL"}
NO_WAY_FOR_STAFF: Final = (
    "",
    "http://api.example.org",
    "https://localhost",
    "https://evil.example.com",
    "https://api.example.org@evil.example.com",
    "https://evil.example.com\\@api.example.org",
    "https://api.example.org/..",
    "https://api.example.org?",
    "https://api.example.org#",
)
SIGN_WITH: Final = {
    "maretech.E001": "SECRET_KEY",
    "maretech.E002": "JWT_SIGNING_KEY",
    "maretech.E041": "METRICS_TOKEN",
    "maretech.E072": "ADDRESS_HASH_KEY",
}
GUESSABLE: Final = (
    "change-me-" * 5,
    "12345678" * 5,
    "abcdefgh" * 6,
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH",
    SAFE_ENVIRONMENT["STRIPE_SECRET_KEY"][-24:] * 2,
    f"my-own-secret-{SAFE_ENVIRONMENT['STRIPE_SECRET_KEY'][-32:]}",
)
# Settings of a development machine, live settings, and settings of another system.
AT_HOME: Final = {
    "ENVIRONMENT": "development",
    "DATABASE_URL": "postgres:///books",
    "REDIS_URL": "",
    "S3_BUCKET": "",
    "EMAIL_URL": "consolemail://",
    "STRIPE_SECRET_KEY": "",
    "CELERY_BROKER_URL": "filesystem://",
}
LIVE: Final = (
    {"STRIPE_SECRET_KEY": f" {SAFE_ENVIRONMENT['STRIPE_SECRET_KEY']}"},
    {"STRIPE_SECRET_KEY": "sk_org_live_abcdefghijklmnop"},
    {"LOB_API_KEY": "live_0dc8d51e0acffcb1880e0f19c79b2f5b0cc"},
    {**SOLD_ON_PLAY, "PLAY_API_BASE": "https://androidpublisher.googleapis.com/"},
)
REMOTE: Final = (
    *({name: "https://models.example.org/v1"} for name in ("TRANSCRIPTION_URL", "REFINEMENT_URL")),
    *({name: "db.example.com"} for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE")),
    {"DATABASE_URL": "postgres:///books?host=db.example.com"},
    {"DATABASE_URL": "postgres://localhost/books?hostaddr=10.0.0.7"},
    *({"CELERY_BROKER_URL": url} for url in ("sqs://", "sqs://localhost", "redis:///0?host=cache.example.com")),
)
# The change, and the check that must report it.
DANGERS: Final[tuple[tuple[str, Mapping[str, str | None]], ...]] = (
    ("maretech.E001", {"SECRET_KEY": ""}),
    *((danger, {name: secret}) for danger, name in SIGN_WITH.items() for secret in GUESSABLE),
    ("maretech.E041", {"METRICS_TOKEN": SAFE_ENVIRONMENT["SECRET_KEY"]}),
    ("maretech.E072", {"ADDRESS_HASH_KEY": SAFE_ENVIRONMENT["SECRET_KEY"]}),
    ("maretech.E072", {"ADDRESS_HASH_KEY": SAFE_ENVIRONMENT["JWT_SIGNING_KEY"]}),
    ("maretech.E014", {"STRIPE_SECRET_KEY": "sk_live_" + "12345678" * 5}),
    ("maretech.E016", {"STRIPE_WEBHOOK_SECRET": "whsec_" + "abcdefgh" * 5}),
    ("maretech.E002", {"JWT_SIGNING_KEY": "short"}),
    ("maretech.E002", {"JWT_SIGNING_KEY": SAFE_ENVIRONMENT["SECRET_KEY"]}),
    ("maretech.E003", {"MOCK_BILLING": "true"}),
    ("maretech.E004", {"ENGINE": "stub"}),
    ("maretech.E005", {"DEBUG": "true"}),
    *(
        ("maretech.E006", {"ALLOWED_HOSTS": hosts})
        for hosts in ("*", ".com", "api.example.org,.co.uk", "localhost", "127.1")
    ),
    ("maretech.E008", {"REDIS_URL": ""}),
    ("maretech.E009", {"S3_BUCKET": ""}),
    *(("maretech.E073", {"DATABASE_URL": f"postgres://u:p@{rest}"}) for rest in IN_THE_CLEAR),
    ("maretech.E073", {"DATABASE_URL": "postgres:///books", "PGHOST": "db.example.com"}),
    ("maretech.E073", {"DATABASE_URL": "postgres://postgres/books", "PGHOSTADDR": "8.8.8.8"}),
    ("maretech.E073", {"DATABASE_URL": "postgres:///books", "PGSERVICE": "books"}),
    *(("maretech.E074", {"REDIS_URL": url}) for url in OVERHEARD),
    ("maretech.E074", {"CELERY_BROKER_URL": "redis://cache.example.com:6379/0"}),
    ("maretech.E010", {"EMAIL_URL": "consolemail://"}),
    ("maretech.E010", {"EMAIL_URL": "dummymail://"}),
    ("maretech.E075", {"OPS_WEBHOOK_URL": "http://chat.example.org/hooks/1"}),
    ("maretech.E076", {"EMAIL_PROVIDER": "postmark"}),
    ("maretech.E076", {"EMAIL_PROVIDER": "postmark", "ANYMAIL": '{"WEBHOOK_SECRET": "hook:short"}'}),
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
    ("maretech.E025", {"APP_STORE_SANDBOX": "somebody"}),
    ("maretech.E031", {"PLAY_API_BASE": "http://localhost:8099"}),
    ("maretech.E032", {"PLAY_CERTS_URL": "http://localhost:8099/certs"}),
    ("maretech.E033", {**SOLD_ON_PLAY, "PLAY_SERVICE_ACCOUNT_JSON": "{}"}),
    ("maretech.E034", {**SOLD_ON_PLAY, "PLAY_PUSH_ACCOUNT": ""}),
    ("maretech.E080", {"FCM_BASE_URL": "http://fcm.googleapis.com"}),
    ("maretech.E080", {"FCM_BASE_URL": "https://fcm.example.com"}),
    ("maretech.E081", {"FCM_SERVICE_ACCOUNT_JSON": "{}"}),
    ("maretech.E081", {"FCM_SERVICE_ACCOUNT_JSON": _GOOGLES_KEY}),
    ("maretech.E081", {"FCM_SERVICE_ACCOUNT_JSON": _FCM_KEY.replace("https://oauth2.googleapis.com", "http://o")}),
    *(("maretech.E082", {"PUSH_SERVICE_HOSTS": hosts}) for hosts in ANYBODYS_PUSH_SERVICES),
    ("maretech.E083", {**_VAPID, "VAPID_PRIVATE_KEY": "guessable"}),
    ("maretech.E083", {**_VAPID, "VAPID_SUBJECT": ""}),
    ("maretech.E083", {**_VAPID, "VAPID_SUBJECT": "push@example.org"}),
    ("maretech.E083", {**_VAPID, "VAPID_SUBJECT": "mailto:push@localhost"}),
    ("maretech.E090", {"DOSSIER_SIGNING_KEY": ""}),
    ("maretech.E090", {"DOSSIER_SIGNING_KEY": "A" * 43}),
    ("maretech.E091", {"DOSSIER_SIGNING_KEY": "guessable"}),
    ("maretech.E091", {"DOSSIER_RETIRED_KEYS": "guessable"}),
    *(("maretech.E095", {**_HEARD_BY, "TRANSCRIPTION_URL": url}) for url in OPEN_ENDPOINTS),
    ("maretech.E095", {**_HEARD_BY, "TRANSCRIPTION_URL": "https://m.example.org/v1", "TRANSCRIPTION_MODEL": ""}),
    *(("maretech.E096", {**_REWORDED_BY, "REFINEMENT_URL": url}) for url in OPEN_ENDPOINTS),
    ("maretech.E096", {"REFINER": "language_model", "REFINEMENT_URL": "https://m.example.org/v1"}),
    ("maretech.E097", {"TRANSCRIBER": "faster_whisper"}),
    ("maretech.E097", {"TRANSCRIBER": "faster_whisper", "WHISPER_MODEL_DIR": "/nowhere"}),
    ("maretech.E100", {**_POSTED_BY, "LETTERS": "fake"}),
    ("maretech.E101", {**_POSTED_BY, "LOB_API_KEY": "test_0dc8d51e0acffcb1880e0f19c79b2f5b0cc"}),
    ("maretech.E101", {**_POSTED_BY, "LOB_WEBHOOK_SECRET": ""}),
    ("maretech.E101", {**_POSTED_BY, "LOB_SENDER": "210 King St"}),
    ("maretech.E102", {"LOB_API_BASE": "https://lob.example.com"}),
    ("maretech.E103", {"LETTER_COUNTRIES": "USA"}),
    ("maretech.E103", {"LETTER_COUNTRIES": "us,DE"}),
    ("maretech.E041", {"METRICS_TOKEN": "guessable"}),
    ("maretech.E050", {"ADMIN_REQUIRE_SECOND_FACTOR": "false"}),
    ("maretech.E051", {"RATE_LIMIT_CREDENTIALS": "1000/min"}),
    ("maretech.E051", {"RATE_LIMIT_ACCOUNT": "10/min"}),
    ("maretech.E052", {"CSRF_TRUSTED_ORIGINS": "http://admin.example.org"}),
    ("maretech.E053", {"S3_PUBLIC_ENDPOINT_URL": "http://photos.example.org"}),
    ("maretech.E055", {"HEARTBEAT_SECONDS": "60"}),
    ("maretech.E007", {"DATABASE_URL": "sqlite:///books.sqlite3"}),
    ("maretech.E008", {"CELERY_BROKER_URL": "memory://"}),
    ("maretech.E008", {"CELERY_BROKER_URL": "amqp://broker.example.org"}),
    ("maretech.E016", {"STRIPE_WEBHOOK_SECRET": "whsec_short"}),
    ("maretech.E017", {"CHECKOUT_SUCCESS_URL": "http://example.org/paid"}),
    *(
        (danger, {name: f"https://{host}"})
        for danger, name in NEEDED_BY_PHONES.items()
        for host in (
            "localhost:8333",
            "0",
            "127.1",
            "2130706433",
            "10.0.0.7",
            "[::1]",
            "web",
            "a.org@evil.example.com",
        )
    ),
    ("maretech.E056", {"DATABASE_URL": "mysql://owner@database.invalid/books"}),
    ("maretech.E056", {"LOG_LEVEL": "LOUD"}),
    ("maretech.E058", {"SECURE_SSL_REDIRECT": "false"}),
    ("maretech.E059", {"ALLOW_REMOTE_SERVICES": "true"}),
    ("maretech.E060", {"ENVIRONMENT": "development", "ALLOW_REMOTE_SERVICES": "true"}),
    *(("maretech.E060", {**AT_HOME, **live}) for live in LIVE),
    *(("maretech.E061", {**AT_HOME, **remote}) for remote in REMOTE),
    *(
        ("maretech.E056", {"DATABASE_URL": f"{SAFE_ENVIRONMENT['DATABASE_URL']}&{parameter}"})
        for parameter in ("service=books", "autocommit=false", "assume_role=owner", "conninfo=host%3Ddb.example.com")
    ),
    ("maretech.E061", {"ENVIRONMENT": "development", "STRIPE_SECRET_KEY": "sk_test_abc"}),
    ("maretech.E065", {"S3_ENDPOINT_URL": "http://s3.example.org", "S3_PUBLIC_ENDPOINT_URL": "https://s3.example.org"}),
    ("maretech.E055", {"TASK_SOFT_LIMIT_SECONDS": "300"}),
    ("maretech.E055", {"JOB_LEASE_SECONDS": "10", "SWEEP_SECONDS": "300"}),
    ("maretech.E055", {"DISPUTE_TRIAGE_HOURS": "23"}),
    ("maretech.E068", {"PGOPTIONS": "-c session_replication_role=replica"}),
    ("maretech.E068", {"PGOPTIONS": "-c jit=off -c synchronous_commit=off"}),
    ("maretech.E068", {"PGOPTIONS": "-c synchronous_commit=local"}),
    ("maretech.E068", {"PGOPTIONS": "-c work_mem=512GB"}),
    *(("maretech.E071", {"PUBLIC_URL": url}) for url in NO_WAY_FOR_STAFF),
    ("maretech.E071", {"PUBLIC_URL": None, "ALLOWED_HOSTS": ".example.org"}),
    ("maretech.E072", {"ADDRESS_HASH_KEY": "guessable"}),
)
# Settings without an environment variable.
INSIDE: Final = (
    ("maretech.E057", {"NUMBERS_READ": {**settings.NUMBERS_READ, "UNHEARD_OF_SECONDS": 5.0}}),
    ("maretech.E062", {"RATE_LIMITS": {"credentials": "10/min", "account": "30/hour", "unheard of": "100/min"}}),
    ("maretech.E063", {"SESSION_COOKIE_SECURE": False}),
    ("maretech.E063", {"CSRF_COOKIE_NAME": "csrf"}),
)
# What must happen when each variable is missing.
MISSING: Final = {
    "ENVIRONMENT": "maretech.E061",
    "SECRET_KEY": "maretech.E001",
    "JWT_SIGNING_KEY": "maretech.E002",
    "ADDRESS_HASH_KEY": "maretech.E072",
    "DOSSIER_SIGNING_KEY": "maretech.E090",
    "ALLOWED_HOSTS": "maretech.E006",
    "TRUSTED_PROXY_COUNT": "maretech.E054",
    "DATABASE_URL": "maretech.E007",
    "REDIS_URL": "maretech.E008",
    "S3_BUCKET": "maretech.E009",
    "S3_ACCESS_KEY_ID": "maretech.E064",
    "S3_SECRET_ACCESS_KEY": "maretech.E064",
    "EMAIL_URL": "maretech.E010",
    "DEFAULT_FROM_EMAIL": "maretech.E067",
    "STRIPE_SECRET_KEY": "maretech.E014",
    "STRIPE_WEBHOOK_SECRET": "maretech.E016",
    "CHECKOUT_SUCCESS_URL": "maretech.E017",
    "CHECKOUT_CANCEL_URL": "maretech.E017",
}
# Zero is valid here: no app in the App Store.
ZERO_IS_FINE: Final = ("APP_STORE_APPLE_ID",)
ABSURD: Final = "999999999999"
UNSAFE: Final = {"SUBSCRIPTION_GRACE_DAYS": "0"}
PROCESSES: Final[Mapping[str, tuple[str, ...]]] = {
    "web": ("-c", "import maretech.wsgi"),
    "worker": ("-m", "celery", "-A", "maretech", "worker", "-c", "1"),
    "scheduler": ("-m", "celery", "-A", "maretech", "beat"),
    **{name: (str(MANAGE), name) for name in ("reconcile", "replay_events", "apply_retention", "serve", "migrate")},
}


def attacks() -> Iterator[Attack]:
    for danger, changed in DANGERS:
        words = " ".join(f"{name}={value}" for name, value in changed.items() if (name, value) not in AT_HOME.items())
        yield Attack(f"{danger} {words[-80:]}", danger, changed, beside=BESIDE.get(next(iter(changed)), ()))
    for danger, inside in INSIDE:
        yield Attack(f"{danger} {next(iter(inside))}", danger, settings=inside)
    for name, danger in MISSING.items():
        yield Attack(f"{name} missing", danger, {name: None}, beside=BESIDE.get(name, ()))
    yield from _attacks_on_numbers()
    yield from _attacks_on_pairs()
    yield from _attacks_on_limits()
    for name in ("DEBUG", "MOCK_BILLING", "SECURE_SSL_REDIRECT", "ADMIN_REQUIRE_SECOND_FACTOR", "LOG_JSON"):
        for text in ("", "ture"):
            yield Attack(f"{name}={text}", "maretech.E056", {name: text}, names=name)


def _attacks_on_numbers() -> Iterator[Attack]:
    for name in checks.BOUNDS:
        out = "maretech.E040" if name.startswith("RETENTION_") else "maretech.E054"
        kinds = {"": "maretech.E056", "many": "maretech.E056", "0": out, "-1": out, ABSURD: out}
        for text, danger in kinds.items():
            if text != "0" or name not in ZERO_IS_FINE:
                yield Attack(f"{name}={text}", danger, {name: text}, names=name, beside=BESIDE.get(name, ()))


def _attacks_on_pairs() -> Iterator[Attack]:
    """Combine the highest value of one setting with the lowest of another: each alone is valid."""
    for pair in checks.PAIRS:
        changed = {pair.lesser: str(checks.BOUNDS[pair.lesser][1]), pair.greater: str(checks.BOUNDS[pair.greater][0])}
        yield Attack(f"{pair.lesser} over {pair.greater}", "maretech.E055", changed, names=pair.text)


def _attacks_on_limits() -> Iterator[Attack]:
    for limit in checks.RATE_BOUNDS:
        name = f"RATE_LIMIT_{limit.upper()}"
        too_many = "maretech.E051" if limit in checks.GUESSES_AN_HOUR else "maretech.E062"
        for rate, danger in {"0/min": "maretech.E062", "1/day": "maretech.E062", "100000000/min": too_many}.items():
            yield Attack(f"{name}={rate}", danger, {name: rate}, names=name)
        for rate in ("", "100", "many/min"):
            yield Attack(f"{name}={rate}", "maretech.E013", {name: rate}, names=name)


def forgotten() -> list[str]:
    """Return the ids of the project's checks that have no attack here."""
    texts = [path.read_text() for path in Path(checks.__file__).parent.glob("*.py")]
    known = set(re.findall(r"maretech\.E\d+", "".join(texts)))
    return sorted(known - {attack.danger for attack in attacks()} - ELSEWHERE)


def disable_guard() -> AbstractContextManager[object]:
    return nullcontext()  # the guard of each attack is its own check: see `_succeeds`


def drill(context: DrillContext) -> Result:
    succeeded = {attack.name: _succeeds(attack, control=context.control) for attack in attacks()}
    faults = [f"{name} is not refused by its name" for name, success in succeeded.items() if success]
    faults += [f"{name} is not attacked" for name in forgotten()]
    faults += [f"a safe production is not clean: {danger}" for danger in dangers_under(SAFE_ENVIRONMENT)]
    faults += [] if context.small or context.control else _faults_of_processes()
    figure = f"{sum(not success for success in succeeded.values())} of {len(succeeded)} refused by name"
    figure += "" if context.small or context.control else f", {len(PROCESSES)} kinds of process; a safe one is clean"
    figure += f" ({faults[0]})" if faults else ""
    bound = "clean; each refused by its name"
    return Result(f"{len(succeeded)} attacks, {len(PROCESSES)} processes", figure, bound, not faults, succeeded)


def _succeeds(attack: Attack, *, control: bool) -> bool:
    """Return whether the attack succeeds without its check.

    It does if no other check of the project refuses it. Django's own checks only warn and stop no process.
    """
    variables = {name: text for name, text in {**SAFE_ENVIRONMENT, **attack.variables}.items() if text is not None}
    found = dangers_under(variables, changed=attack.settings)
    removed = (attack.danger, *attack.beside)
    if control:
        return not any(str(danger.id).startswith("maretech") for danger in found if danger.id not in removed)
    return not any(danger.id == attack.danger and attack.names in danger.msg for danger in found)


def _faults_of_processes() -> list[str]:
    code, output = _run((str(MANAGE), "check", "--deploy", "--fail-level", "WARNING"), {})
    faults = [] if code == 0 else [f"a safe production is not clean: {output[-300:]}"]
    for (name, _), (code, output) in zip(
        PROCESSES.items(), side_by_side(lambda process: _run(process[1], UNSAFE), PROCESSES.items(), by=2), strict=True
    ):
        if code == 0 or "maretech.E054: SUBSCRIPTION_GRACE_DAYS" not in output or "Traceback" in output:
            faults.append(f"{name} is not refused: {output[-300:]}")
    return faults


def _run(process: tuple[str, ...], changed: Mapping[str, str]) -> tuple[int, str]:
    inherited = {"PATH": os.environ["PATH"], "VAR_DIR": os.environ.get("VAR_DIR", "var")}
    own = {"DJANGO_SETTINGS_MODULE": "maretech.settings", "ENV_FILE": os.devnull}
    env = {**inherited, **own, **SAFE_ENVIRONMENT, **changed}
    command = [sys.executable, *process]
    done = subprocess.run(  # noqa: S603 - our own
        command, env=env, cwd=MANAGE.parent, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
