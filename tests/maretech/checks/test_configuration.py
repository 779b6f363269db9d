"""Test that the environment is documented completely, and that production refuses every dangerous part of it."""

import ast
import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured

from maretech import checks
from maretech.checks import addresses
from maretech.environment import Environment
from notifications.channels.vapid import make_vapid_key
from testing.production import SAFE_ENVIRONMENT, dangers_under

ROOT = Path(__file__).resolve().parents[3]
LISTED = dict(re.findall(r"^# ([A-Z][A-Z0-9_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
# Their defaults are in VAR_DIR, which the tests have elsewhere.
PLACES = {"VAR_DIR", "DATABASE_URL"}

STRIPE_KEY, STRIPE_SECRET = f"sk_live_{secrets.token_hex(16)}", f"whsec_{secrets.token_hex(16)}"
SAFE = {
    "PRODUCTION": True,
    "ENVIRONMENT": "production",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "JWT_SIGNING_KEY": secrets.token_urlsafe(48),
    "ADDRESS_HASH_KEY": secrets.token_urlsafe(48),
    "DOSSIER_SIGNING_KEY": secrets.token_urlsafe(32),
    "MOCK_BILLING": False,
    "ENGINE": "classical",
    "DEBUG": False,
    "ALLOWED_HOSTS": ["api.example.org"],
    "PUBLIC_URL": "https://api.example.org",
    "USES_SQLITE": False,
    "USES_FILESYSTEM_BROKER": False,
    "S3_BUCKET": "photos",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "mail.example.org",
    "EMAIL_USE_TLS": True,
    "STRIPE_SECRET_KEY": STRIPE_KEY,
    "STRIPE_WEBHOOK_SECRET": STRIPE_SECRET,
    "CHECKOUT_SUCCESS_URL": "https://example.org/paid",
    "CHECKOUT_CANCEL_URL": "https://example.org/cancelled",
    "ADMIN_REQUIRE_SECOND_FACTOR": True,
    "RATE_LIMITS": {"credentials": "10/min", "account": "30/hour"},
    "TRUSTED_PROXY_COUNT": 1,
    "REDIS_URL": "rediss://broker.invalid:6379/0",
    "CELERY_BROKER_URL": "rediss://broker.invalid:6379/0",
    "S3_ACCESS_KEY_ID": "key",
    "S3_SECRET_ACCESS_KEY": "secret",
    "DEFAULT_FROM_EMAIL": "Maretech <no-reply@example.org>",
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SESSION_COOKIE_NAME": "__Host-session",
    "CSRF_COOKIE_NAME": "__Host-csrf",
}
DANGEROUS = {
    "maretech.E073": {"PGHOSTADDR": "8.8.8.8"},
    "maretech.E074": {"CELERY_BROKER_URL": "redis://broker.example.org"},
    "maretech.E001": {"SECRET_KEY": "insecure-development-only-key-never-accepted-in-production"},
    "maretech.E002": {"JWT_SIGNING_KEY": "short"},
    "maretech.E003": {"MOCK_BILLING": True},
    "maretech.E004": {"ENGINE": "stub"},
    "maretech.E005": {"DEBUG": True},
    "maretech.E006": {"ALLOWED_HOSTS": ["api.example.org", "*"]},
    "maretech.E007": {"USES_SQLITE": True},
    "maretech.E008": {"USES_FILESYSTEM_BROKER": True},
    "maretech.E009": {"S3_BUCKET": ""},
    "maretech.E010": {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"},
    "maretech.E075": {"OPS_WEBHOOK_URL": "http://chat.example.org/hooks/1"},
    "maretech.E076": {"EMAIL_PROVIDER": "postmark", "ANYMAIL": {"WEBHOOK_SECRET": "user:short"}},
    "maretech.E018": {"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False},
    "maretech.E014": {"STRIPE_SECRET_KEY": "sk_test_abc"},
    "maretech.E015": {"STRIPE_API_BASE": "http://127.0.0.1:1"},
    "maretech.E016": {"STRIPE_WEBHOOK_SECRET": ""},
    "maretech.E071": {"PUBLIC_URL": "http://api.example.org"},
    "maretech.E072": {"ADDRESS_HASH_KEY": "guessable"},
    "maretech.E041": {"METRICS_TOKEN": "guessable"},
    "maretech.E090": {"DOSSIER_SIGNING_KEY": ""},
    "maretech.E017": {"CHECKOUT_CANCEL_URL": "https://localhost/checkout/cancelled"},
    "maretech.E058": {"SECURE_SSL_REDIRECT": False},
    "maretech.E059": {"ALLOW_REMOTE_SERVICES": True},
    "maretech.E063": {"SESSION_COOKIE_SECURE": False},
    "maretech.E064": {"S3_SECRET_ACCESS_KEY": ""},
    "maretech.E065": {"S3_ENDPOINT_URL": "http://photos.example.org"},
    "maretech.E067": {"DEFAULT_FROM_EMAIL": "Maretech <no-reply@localhost>"},
    "maretech.E068": {"PGOPTIONS": "-c work_mem=8MB -c session_replication_role=replica"},
}


# App Store
DANGEROUS |= {
    "maretech.E020": {"APP_STORE_ENVIRONMENT": "sandbox"},
    "maretech.E021": {"APP_STORE_API_BASE": "http://localhost:1"},
    "maretech.E022": {"APP_STORE_BUNDLE_ID": "org.example.hull"},
}

# Letters
POSTED = {
    "LETTERS": "lob",
    "LOB_API_KEY": "live_7f3a9c15e8b24d60a1b7c2d9e4f58036",
    "LOB_WEBHOOK_SECRET": "b7c1e9d2-53af-4e08-8d16-2f9a7c40e3b5",
    "LOB_SENDER": "adr_210a8d4b0b76d77b",
}
DANGEROUS |= {
    "maretech.E100": {**POSTED, "LETTERS": "fake"},
    "maretech.E101": {**POSTED, "LOB_API_KEY": "test_0dc8d51e0acffcb1880e0f19c79b2f5b0cc"},
    "maretech.E102": {"LOB_API_BASE": "http://127.0.0.1:1"},
}

# Statements
DANGEROUS |= {
    "maretech.E095": {"TRANSCRIBER": "openai_endpoint", "TRANSCRIPTION_URL": "http://models.example.org/v1"},
    "maretech.E096": {"REFINER": "language_model", "REFINEMENT_URL": "", "REFINEMENT_MODEL": "m"},
    "maretech.E097": {"TRANSCRIBER": "faster_whisper", "WHISPER_MODEL_DIR": "/nowhere"},
}


def read_by_the_settings(*kinds: str) -> list[str]:
    """Return the variables, of these kinds or of any."""
    calls = [
        node for node in ast.walk(ast.parse((ROOT / "maretech/settings.py").read_text())) if isinstance(node, ast.Call)
    ]
    return [
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and (not kinds or call.func.attr in kinds)
        and isinstance(call.args[0], ast.Constant)
    ]


# Google Play
PLAY_KEY = {
    "client_email": "reader@project.example.org",
    "private_key": ec.generate_private_key(ec.SECP256R1())
    .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    .decode(),
    "token_uri": "https://oauth2.googleapis.com/token",
}
SOLD_ON_PLAY = {
    "PLAY_PACKAGE_NAME": "org.example.hulls",
    "PLAY_SERVICE_ACCOUNT_JSON": json.dumps(PLAY_KEY),
    "PLAY_PUSH_AUDIENCE": "https://api.example.org/v1/webhooks/play-store",
    "PLAY_PUSH_ACCOUNT": "pusher@project.example.org",
}
DANGEROUS |= {
    "maretech.E031": {"PLAY_API_BASE": "http://localhost:8099"},
    "maretech.E032": {"PLAY_CERTS_URL": "http://localhost:8099/certs"},
    "maretech.E033": {**SOLD_ON_PLAY, "PLAY_SERVICE_ACCOUNT_JSON": ""},
    "maretech.E034": {**SOLD_ON_PLAY, "PLAY_PUSH_AUDIENCE": ""},
}
# Push
FCM_KEY = {**PLAY_KEY, "project_id": "hulls"}
PUSHED = {
    "FCM_SERVICE_ACCOUNT_JSON": json.dumps(FCM_KEY),
    "VAPID_PRIVATE_KEY": make_vapid_key()[0],
    "VAPID_SUBJECT": "mailto:push@example.org",
}
DANGEROUS |= {
    "maretech.E080": {"FCM_BASE_URL": "http://localhost:8123"},
    "maretech.E081": {"FCM_SERVICE_ACCOUNT_JSON": json.dumps(PLAY_KEY)},
    "maretech.E082": {"PUSH_SERVICE_HOSTS": ["fcm.googleapis.com", "*"]},
    "maretech.E083": {**PUSHED, "VAPID_SUBJECT": ""},
}
# Doors
DANGEROUS |= {
    "maretech.E050": {"ADMIN_REQUIRE_SECOND_FACTOR": False},
    "maretech.E051": {"RATE_LIMITS": {"credentials": "10/min", "account": "100000/hour"}},
    "maretech.E052": {"CSRF_TRUSTED_ORIGINS": ["https://admin.example.org", "https://*"]},
    "maretech.E053": {"S3_PUBLIC_ENDPOINT_URL": "http://photos.example.org"},
}


def python(*arguments: str, var_dir: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run Python with only `env` as its environment."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(var_dir), **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_example_lists_exactly_what_the_settings_read():
    read = read_by_the_settings()
    assert len(read) > 40
    assert sorted(LISTED) == sorted(set(read))


def test_the_example_states_the_defaults(tmp_path):
    show = (
        "import re\n"
        "from maretech import settings\n"
        "for name, value in vars(settings).items():\n"
        "    if name.isupper():\n"
        "        print(name, '=', re.sub('0x[0-9a-f]+', '', str(value)))\n"
    )
    listed = {name: value for name, value in LISTED.items() if name not in PLACES}
    without, with_all = python("-c", show, var_dir=tmp_path), python("-c", show, var_dir=tmp_path, **listed)
    assert without.returncode == with_all.returncode == 0, with_all.stderr
    assert set(with_all.stdout.splitlines()) == set(without.stdout.splitlines())


def test_options_of_the_database_address_are_kept_beside_the_limits(tmp_path):
    show = "from maretech import settings; print(settings.DATABASES['default']['OPTIONS'])"
    url = "postgres://owner@database.invalid/books?sslmode=verify-full"
    result = python("-c", show, var_dir=tmp_path, DATABASE_URL=url, PGOPTIONS="-c work_mem=8MB")
    assert result.returncode == 0, result.stderr
    assert "'sslmode': 'verify-full'" in result.stdout
    assert "-c lock_timeout=20s" in result.stdout
    assert "-c work_mem=8MB" in result.stdout


def test_nothing_is_dangerous_in_development(settings):
    settings.PRODUCTION, settings.ENVIRONMENT = False, "development"
    checks.refuse_dangerous_start()


@pytest.fixture
def in_production(settings):
    for name, value in SAFE.items():
        setattr(settings, name, value)
    return settings


def test_a_safe_production_starts(in_production):
    assert checks.production_is_safe() == []
    checks.refuse_dangerous_start()


@pytest.mark.parametrize("danger", [danger_id for danger_id, _, _ in checks.DANGERS])
def test_each_danger_alone_is_refused_by_its_id(in_production, danger):
    for name, value in DANGEROUS[danger].items():
        setattr(in_production, name, value)
    assert [found.id for found in checks.production_is_safe()] == [danger]
    with pytest.raises(ImproperlyConfigured, match=danger):
        checks.refuse_dangerous_start()


@pytest.mark.parametrize("address", ["https://models.example.org/v1", "http://whisper:8000/v1", "http://127.0.0.1/v1"])
def test_an_endpoint_that_nobody_overhears_is_safe(in_production, address):
    in_production.TRANSCRIBER, in_production.REFINER = "openai_endpoint", "language_model"
    in_production.TRANSCRIPTION_URL = in_production.REFINEMENT_URL = address
    in_production.REFINEMENT_MODEL = "m"
    assert checks.production_is_safe() == []


@pytest.mark.parametrize("name", checks.BOUNDS)
def test_a_number_out_of_its_bounds_is_refused(in_production, name):
    for value in (checks.BOUNDS[name][0] - 1, checks.BOUNDS[name][1] + 1, float("nan"), -1, 10**15):
        setattr(in_production, name, value)
        found = [danger.msg.split()[0] for danger in checks.production_is_safe() if danger.id in OUT_OF_BOUNDS]
        assert found == [name]


@pytest.mark.parametrize("name", ["ACCESS_TOKEN_SECONDS", "REFRESH_TOKEN_DAYS"])
@pytest.mark.parametrize("number", ["999999999999", "-999999999999"])
def test_a_lifetime_too_long_for_a_date_is_refused_by_its_name(tmp_path, name, number):
    """The settings make dates of these numbers before any check runs."""
    refused = python("manage.py", "check", var_dir=tmp_path, **{**SAFE_ENVIRONMENT, name: number})
    assert refused.returncode == 1
    assert f"(maretech.E054) {name} is outside its safe range" in refused.stderr, refused.stderr


@pytest.mark.parametrize("pair", checks.PAIRS, ids=lambda pair: f"{pair.lesser} {pair.greater}")
def test_two_numbers_that_contradict_each_other_are_refused(in_production, pair):
    def found(lesser: float, greater: float) -> list[str]:
        for name, value in ((pair.lesser, lesser), (pair.greater, greater)):
            setattr(in_production, name, value)
        return [danger.msg for danger in checks.production_is_safe() if pair.text in danger.msg]

    (least, _), (low, high) = checks.BOUNDS[pair.lesser], checks.BOUNDS[pair.greater]
    most = checks.BOUNDS[pair.lesser][1]
    assert found(most, low) == [pair.text]
    assert found(least, high) == []
    assert found(least, low - 1) == []  # the message says that the value is out of bounds


@pytest.mark.parametrize(
    ("changed", "is_refused"),
    [
        ({"HEARTBEAT_SECONDS": 20, "HEARTBEAT_STALE_SECONDS": 60}, False),
        ({"HEARTBEAT_SECONDS": 21, "HEARTBEAT_STALE_SECONDS": 62}, True),
        ({"TASK_SOFT_LIMIT_SECONDS": 300, "TASK_HARD_LIMIT_SECONDS": 300}, True),
        ({"TASK_SOFT_LIMIT_SECONDS": 299, "TASK_HARD_LIMIT_SECONDS": 300}, False),
        ({"JOB_LEASE_SECONDS": 10, "SWEEP_SECONDS": 300}, True),
        ({"RETENTION_EXPORT_HOURS": 1, "VIEW_LINK_SECONDS": 3600}, False),
        ({"RETENTION_EXPORT_HOURS": 1, "VIEW_LINK_SECONDS": 3601}, True),
        ({"DISPUTE_TRIAGE_HOURS": 24, "DISPUTE_ACKNOWLEDGE_HOURS": 24}, False),
        ({"DISPUTE_TRIAGE_HOURS": 23, "DISPUTE_ACKNOWLEDGE_HOURS": 24}, True),
        ({"DISPUTE_TRIAGE_HOURS": 49, "DISPUTE_RESOLVE_DAYS": 2}, True),
    ],
    ids=str,
)
def test_related_numbers_may_fit_exactly(in_production, changed, is_refused):
    for name, value in changed.items():
        setattr(in_production, name, value)
    assert [found.id for found in checks.production_is_safe()] == (["maretech.E055"] if is_refused else [])


OUT_OF_BOUNDS = {"maretech.E054", "maretech.E040"}


def test_every_numeric_setting_has_bounds():
    numbers = read_by_the_settings("int", "float")
    assert len(numbers) > 40
    assert set(numbers) == set(checks.BOUNDS)


def test_a_numeric_setting_without_bounds_is_refused(in_production):
    in_production.NUMBERS_READ = {**in_production.NUMBERS_READ, "NEW_SECONDS": 5}
    assert [(found.id, found.msg.split()[0]) for found in checks.production_is_safe()] == [
        ("maretech.E057", "NEW_SECONDS")
    ]


@pytest.mark.parametrize("name", checks.RATE_BOUNDS)
@pytest.mark.parametrize("rate", ["0/min", "1/day", "-5/min", "100000000/min"])
def test_a_rate_limit_that_is_too_small_or_too_large_is_refused(in_production, name, rate):
    in_production.RATE_LIMITS = in_production.RATE_LIMITS | {name: rate}
    assert {found.id for found in checks.production_is_safe()} <= {"maretech.E051", "maretech.E062"}
    assert checks.production_is_safe()


def test_a_rate_limit_without_bounds_is_refused(in_production):
    in_production.RATE_LIMITS = in_production.RATE_LIMITS | {"new": "100/min"}
    assert [found.id for found in checks.production_is_safe()] == ["maretech.E062"]


def test_a_complete_google_play_configuration_is_accepted(in_production):
    for name, value in SOLD_ON_PLAY.items():
        setattr(in_production, name, value)
    assert checks.production_is_safe() == []


def test_production_pushes_when_all_of_it_is_there(in_production):
    for name, value in PUSHED.items():
        setattr(in_production, name, value)
    assert checks.production_is_safe() == []


@pytest.mark.parametrize("services", [["*"], ["*.com"], ["10.0.0.7"], ["http://127.0.0.1:8123"], ["a.example.org/x"]])
def test_a_list_of_push_services_that_names_others_is_refused(in_production, services):
    in_production.PUSH_SERVICE_HOSTS = services
    assert [found.id for found in checks.production_is_safe()] == ["maretech.E082"]


@pytest.mark.parametrize(
    "key",
    [
        "",
        "{",
        "[]",
        "{}",
        json.dumps({**PLAY_KEY, "private_key": "a key"}),
        json.dumps({**PLAY_KEY, "token_uri": "http://localhost:8099/token"}),
    ],
    ids=["none", "no JSON", "a list", "empty", "no key in it", "tokens from elsewhere"],
)
def test_an_invalid_key_file_of_google_is_refused(in_production, key):
    for name, value in {**SOLD_ON_PLAY, "PLAY_SERVICE_ACCOUNT_JSON": key}.items():
        setattr(in_production, name, value)
    assert [found.id for found in checks.production_is_safe()] == ["maretech.E033"]


@pytest.mark.parametrize("name", [name for name in LISTED if name.startswith("RETENTION_")])
@pytest.mark.parametrize("nonsense", [0, -1, 36_500])
def test_a_retention_of_nothing_or_for_ever_is_refused(in_production, name, nonsense):
    setattr(in_production, name, nonsense)
    assert [found.id for found in checks.production_is_safe()] == ["maretech.E040"]


@pytest.mark.parametrize(
    ("limit", "rate", "is_refused"),
    [
        ("account", "60/hour", False),
        ("account", "61/hour", True),
        ("account", "2/min", True),
        ("account", "1000/day", False),
        ("credentials", "60/min", False),
        ("credentials", "61/min", True),
    ],
)
def test_an_account_has_a_tighter_limit_than_an_address(in_production, limit, rate, is_refused):
    in_production.RATE_LIMITS = in_production.RATE_LIMITS | {limit: rate}
    assert [found.id for found in checks.production_is_safe()] == (["maretech.E051"] if is_refused else [])


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "x" * 39,
        "ab" * 40,
        "insecure-" + secrets.token_hex(32),
        "change-me-" * 5,
        "Change_Me_" + secrets.token_hex(32),
        "abcdefgh" * 5,
        "12345678" * 5,
        secrets.token_hex(12) * 2,
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH",
        "zyxwvutsrqponmlkjihgfedcba9876543210ZYXWVUTS",
        "aabbccddeeffgghhiijjkkllmmnnooppqqrrssttuuvv",
    ],
    ids=range(12),  # the same in every process of the run
)
def test_a_weak_signing_key_is_refused(in_production, secret):
    in_production.JWT_SIGNING_KEY = secret
    assert [found.id for found in checks.production_is_safe()] == ["maretech.E002"]


def test_the_signing_key_must_differ_from_other_keys(in_production):
    in_production.JWT_SIGNING_KEY = in_production.SECRET_KEY
    assert [found.id for found in checks.production_is_safe()] == ["maretech.E002"]


def test_the_address_hash_key_must_differ_from_other_keys():
    assert "maretech.E072" in text_of(environment({}, without="ADDRESS_HASH_KEY"))
    for name in ("SECRET_KEY", "JWT_SIGNING_KEY"):
        assert "maretech.E072" in text_of(environment({"ADDRESS_HASH_KEY": SAFE_ENVIRONMENT[name]}))


@pytest.mark.parametrize("size", [20, 32, 64, 2048])
def test_a_random_secret_is_not_called_weak(in_production, size):
    for make in (secrets.token_hex, secrets.token_urlsafe):
        in_production.SECRET_KEY = make(max(size, 30) if make is secrets.token_urlsafe else size)
        assert checks.production_is_safe() == []


@pytest.mark.parametrize("kind", ["console", "dummy", "locmem", "filebased"])
def test_a_mail_backend_that_sends_nothing_is_refused(in_production, kind):
    in_production.EMAIL_BACKEND = f"django.core.mail.backends.{kind}.EmailBackend"
    assert [found.id for found in checks.production_is_safe()] == ["maretech.E010"]


@pytest.mark.parametrize("word", ["prod", "Production", "staging", ""])
def test_a_misspelt_environment_is_refused(settings, word):
    settings.PRODUCTION, settings.ENVIRONMENT = False, word
    with pytest.raises(ImproperlyConfigured, match=r"maretech\.E011"):
        checks.refuse_dangerous_start()


def test_django_has_no_warning_about_a_safe_production(tmp_path):
    checked = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", var_dir=tmp_path, **SAFE_ENVIRONMENT)
    assert checked.returncode == 0, checked.stderr


def test_a_safe_production_is_served(tmp_path):
    served = python("-c", "import maretech.wsgi", var_dir=tmp_path, **SAFE_ENVIRONMENT)
    assert served.returncode == 0, served.stderr


def test_an_unsafe_production_is_not_served(tmp_path):
    refused = python("-c", "import maretech.wsgi", var_dir=tmp_path, **{**SAFE_ENVIRONMENT, "MOCK_BILLING": "true"})
    assert refused.returncode != 0
    assert "maretech.E003" in refused.stderr


@pytest.mark.parametrize("process", [["worker", "-c", "1"], ["beat"]], ids=lambda arguments: arguments[0])
def test_an_unsafe_production_starts_no_worker(tmp_path, process):
    refused = python(
        "-m", "celery", "-A", "maretech", *process, var_dir=tmp_path, ENVIRONMENT="production", MOCK_BILLING="true"
    )
    assert refused.returncode != 0
    assert "maretech.E003" in refused.stderr


PROCESSES = {
    "web": ["-c", "import maretech.wsgi"],
    "worker": ["-m", "celery", "-A", "maretech", "worker", "-c", "1"],
    "beat": ["-m", "celery", "-A", "maretech", "beat"],
    "money": ["manage.py", "reconcile", "--provider", "stripe"],
    "staff": ["manage.py", "create_staff", "me@example.org"],
    "shell": ["manage.py", "shell", "-c", "print(1)"],
    "migrate": ["manage.py", "migrate"],
    "script": ["-c", "import django; django.setup()"],
}


@pytest.mark.parametrize("process", PROCESSES.values(), ids=PROCESSES)
def test_no_process_starts_unsafe_and_each_names_the_reason(tmp_path, process):
    changed = {
        "SUBSCRIPTION_GRACE_DAYS": "many",
        "RATE_LIMIT_POLL": "1/day",
        "DJANGO_SETTINGS_MODULE": "maretech.settings",
    }
    result = python(*process, var_dir=tmp_path, **environment(changed))
    assert result.returncode != 0
    assert "maretech.E056: SUBSCRIPTION_GRACE_DAYS" in result.stderr
    assert "maretech.E062: RATE_LIMIT_POLL" in result.stderr
    assert "Traceback" not in result.stderr


def environment(changed: dict[str, str], *, without: str = "") -> dict[str, str]:
    made = {**SAFE_ENVIRONMENT, **changed}
    return {name: value for name, value in made.items() if name != without}


def test_a_production_without_its_environment_setting_is_refused(tmp_path):
    result = python("-c", "import maretech.wsgi", var_dir=tmp_path, **environment({}, without="ENVIRONMENT"))
    named = [
        "DATABASE_URL, PGHOST, PGHOSTADDR or PGSERVICE",
        "REDIS_URL or CELERY_BROKER_URL",
        "S3_BUCKET",
        "EMAIL_URL",
    ]
    assert all(f"maretech.E061: {name} is on another machine" in result.stderr for name in named)
    assert "maretech.E060: STRIPE_SECRET_KEY is a live key" in result.stderr


def test_development_on_several_machines_must_be_allowed_explicitly(in_production):
    in_production.PRODUCTION, in_production.ENVIRONMENT = False, "development"
    in_production.STRIPE_SECRET_KEY = "sk_test_" + "a" * 24
    assert {found.id for found in checks.development_is_harmless()} == {"maretech.E061"}
    in_production.ALLOW_REMOTE_SERVICES = True
    assert checks.development_is_harmless() == []


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("", True),
        ("localhost", True),
        ("127.0.0.53", True),
        ("::1", True),
        ("/var/run/postgresql", True),
        ("postgres", False),
        ("10.0.0.7", False),
        ("localhost.example.org", False),
        ("0.0.0.0", False),
        ("127.0.0.1.example.org", False),
    ],
)
def test_names_of_this_machine_are_recognised(host, is_ours):
    assert addresses.is_ours(host) is is_ours


@pytest.mark.parametrize(
    ("host", "inside", "reachable"),
    [
        ("postgres", True, False),
        ("my_db-1", True, False),
        ("10.0.0.7", True, False),
        ("fd00::7", True, False),
        ("::ffff:10.0.0.7", True, False),
        ("0.0.0.0", False, False),
        ("127.1", True, False),
        ("0x7f.1", True, False),
        ("2130706433", True, False),
        ("134744072", False, False),  # 8.8.8.8
        ("8.8.8.8", False, True),
        ("2606:4700::1111", False, True),
        ("example.org", False, True),
        ("Photos.Example.ORG", False, True),
        ("b\u00fccher.example.org", False, True),
        ("example.org.", False, False),
        ("localhost.", False, False),
        ("web.localhost", False, False),
        ("printer.local", False, False),
        ("1.2.3.4.5", False, False),
        ("example.0x1", False, False),
        (".example.org", False, False),
        ("a..example.org", False, False),
        ("-a.example.org", False, False),
        ("socket://cache", False, False),
    ],
)
def test_a_host_is_internal_or_reachable_by_phones_or_neither(host, inside, reachable):
    assert addresses.is_inside(host) is inside
    assert addresses.is_reachable(host) is reachable


@pytest.mark.parametrize(
    ("hosts", "is_refused"),
    [
        ("api.example.org", False),
        ("api.example.org,web,localhost,127.0.0.1", False),  # by which Prometheus and the container call
        (".example.org", False),
        (".example.co.uk,api.example.org", False),
        ("8.8.8.8,api.example.org", False),
        (".", True),
        (".com", True),
        (".co.uk", True),
        ("api.example.org,.com", True),
        ("*.example.org", True),
        ("https://api.example.org", True),
        ("api.example.org:443", True),
        ("localhost,127.0.0.1", True),
        ("web", True),
    ],
)
def test_allowed_hosts_must_be_own_host_names(hosts, is_refused):
    assert ("maretech.E006" in text_of(environment({"ALLOWED_HOSTS": hosts}))) is is_refused


@pytest.mark.parametrize(
    "changed",
    [
        {"PUBLIC_URL": "https://api.example.org:8443/"},
        {"PUBLIC_URL": "https://admin.example.org", "ALLOWED_HOSTS": ".example.org"},
        {"PUBLIC_URL": "https://admin.example.net", "CSRF_TRUSTED_ORIGINS": "https://admin.example.net"},
    ],
    ids=str,
)
def test_a_public_url_on_an_own_host_is_accepted(changed):
    assert text_of(environment(changed)) == ""


@pytest.mark.parametrize(
    ("kind", "text", "meant"),
    [
        ("int", "15", 15),
        ("int", " 15 ", 15),
        ("int", "1e3", None),
        ("int", "1_000", None),
        ("int", "\u0661\u0665", None),
        ("int", "", None),
        ("int", "15s", None),
        ("int", "9" * 30, None),
        ("float", "2.5", 2.5),
        ("float", "nan", None),
        ("float", "inf", None),
        ("float", "1O", None),
        ("float", "1,5", None),
        ("bool", "Yes", True),
        ("bool", "0", False),
        ("bool", "ture", None),
        ("bool", "", None),
        ("bool", "2", None),
    ],
)
def test_a_malformed_value_is_recorded_and_never_guessed(monkeypatch, kind, text, meant):
    monkeypatch.setenv("SOMETHING", text)
    env = Environment()
    default = {"int": 7, "float": 7.0, "bool": False}[kind]
    assert getattr(env, kind)("SOMETHING", default) == (default if meant is None else meant)
    assert bool(env.malformed) is (meant is None)


def test_blanks_around_a_value_are_removed(monkeypatch):
    monkeypatch.setenv("SOMETHING", " \tsk_live_x \n")
    monkeypatch.setenv("HOSTS", " a.example.org, , b.example.org ")
    env = Environment()
    assert env.str("SOMETHING", "") == "sk_live_x"
    assert env.str("SOMETHING", "", multiline=True) == "sk_live_x"
    assert env.list("HOSTS", default=[]) == ["a.example.org", "b.example.org"]


def test_production_accepts_values_with_blanks_around():
    assert text_of({name: f" {value}\n" for name, value in SAFE_ENVIRONMENT.items()}) == ""


@pytest.mark.parametrize("url", ["", "x", "mysql://a@b/c", "postgres://u@h:port/db", "postgres://u@h/", "http://a/b"])
def test_an_invalid_database_address_is_recorded(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    env = Environment()
    assert env.database("DATABASE_URL", default="sqlite:////tmp/x")["ENGINE"] == "django.db.backends.sqlite3"
    assert list(env.malformed) == ["DATABASE_URL"]


@pytest.mark.parametrize(
    ("changed", "danger"),
    [
        ({"STRIPE_WEBHOOK_SECRET": "whsec_short"}, "maretech.E016"),
        ({"STRIPE_WEBHOOK_SECRET": "whsec_" + "a" * 40}, "maretech.E016"),
        ({"STRIPE_WEBHOOK_SECRET": "0123456789abcdef" * 3}, "maretech.E016"),
        ({"STRIPE_SECRET_KEY": "sk_live_abc"}, "maretech.E014"),
        ({"CHECKOUT_SUCCESS_URL": "http://example.org/paid"}, "maretech.E017"),
        ({"CHECKOUT_CANCEL_URL": "https://127.0.0.1/cancelled"}, "maretech.E017"),
        ({"CHECKOUT_CANCEL_URL": ""}, "maretech.E017"),
        ({"CHECKOUT_SUCCESS_URL": "https://0.0.0.0/paid"}, "maretech.E017"),
        ({"S3_PUBLIC_ENDPOINT_URL": "https://localhost:8333"}, "maretech.E053"),
        ({"CELERY_BROKER_URL": "memory://"}, "maretech.E008"),
        ({"CELERY_BROKER_URL": "amqp://broker.example.org"}, "maretech.E008"),
        ({"CELERY_BROKER_URL": "redis://"}, "maretech.E008"),
        ({"REDIS_URL": ""}, "maretech.E008"),
        ({"S3_ENDPOINT_URL": "http://8.8.8.8:8333"}, "maretech.E065"),
        ({"S3_ENDPOINT_URL": "http://134744072:8333"}, "maretech.E065"),
        ({"S3_ENDPOINT_URL": "http://[::1"}, "maretech.E065"),
        ({"S3_ENDPOINT_URL": "ftp://localhost"}, "maretech.E065"),
        ({"S3_PUBLIC_ENDPOINT_URL": "photos.example.org"}, "maretech.E053"),
        ({"CSRF_COOKIE_HTTPONLY": False}, "maretech.E063"),
        ({"SESSION_COOKIE_NAME": "session"}, "maretech.E063"),
        ({"SESSION_COOKIE_SAMESITE": "None"}, "maretech.E063"),
        ({"PGOPTIONS": "-c role=postgres"}, "maretech.E068"),
        ({"PGOPTIONS": "-c work_mem=8MB; -c statement_timeout=0"}, "maretech.E068"),
        *(
            ({"PGOPTIONS": f"-c jit=off {options}"}, "maretech.E068")
            for options in (
                "-c synchronous_commit=off",
                "-csynchronous_commit=local",
                "-c synchronous_commit=remote_write",
                "-c synchronous_commit=on -c synchronous_commit=0",
                "-c Synchronous_Commit=off",
                "--synchronous_commit=off",
                "-c synchronous_commit",
                "-c work_mem=1",
                "-c work_mem=2TB",
                "-c work_mem=9999999",
                "-c random_page_cost=1e9",
                "-c effective_io_concurrency=many",
                "-c jit=-1",
            )
        ),
        ({"DEFAULT_FROM_EMAIL": ""}, "maretech.E067"),
        ({"TRUSTED_PROXY_COUNT": 0}, "maretech.E054"),
        ({"SECURE_HSTS_SECONDS": 0}, "maretech.E054"),
    ],
    ids=str,
)
def test_a_plausible_but_unsafe_value_is_refused(in_production, changed, danger):
    for name, value in changed.items():
        setattr(in_production, name, value)
    assert [found.id for found in checks.production_is_safe()] == [danger]


@pytest.mark.parametrize(
    "url", ["http://object-store:8333", "http://localhost:8333", "http://10.0.0.7", "https://s3.example.org", ""]
)
def test_an_internal_object_store_may_use_http(in_production, url):
    in_production.S3_ENDPOINT_URL = url
    assert checks.production_is_safe() == []


@pytest.mark.parametrize(
    "options",
    [
        "",
        "  ",
        "-c work_mem=64MB",
        "-cwork_mem=4096 -c  jit=off -c random_page_cost=1.1 ",
        "-c maintenance_work_mem=2GB -c effective_io_concurrency=200 -c application_name=web-1",
        "-c synchronous_commit=on -c synchronous_commit=remote_apply",
    ],
)
def test_a_connection_may_be_tuned(in_production, options):
    in_production.PGOPTIONS = options
    assert checks.production_is_safe() == []


@pytest.mark.parametrize(
    "url",
    [
        "postgres://u:p@postgres/books",
        "postgres://u:p@10.0.0.7/books",
        "postgres://u:p@[::1]/books?sslmode=disable",
        "postgres:////var/run/postgresql/books",
        "postgres:///books?host=/var/run/postgresql",
        "postgres://u:p@db.example.com/books?sslmode=require",
        "postgres://u:p@db.example.com/books?sslmode=verify-ca&sslrootcert=/etc/ca.pem",
        "postgres://u:p@a.example.com,b.example.com/books?sslmode=verify-full&target_session_attrs=read-write",
    ],
)
def test_a_database_on_a_private_or_encrypted_connection_is_accepted(url):
    assert text_of(environment({"DATABASE_URL": url})) == ""


def test_the_environment_of_libpq_counts_where_the_address_is_silent():
    at_home = {"DATABASE_URL": "postgres:///books", "PGHOST": "db.example.com"}
    assert "maretech.E073" in text_of(environment(at_home))
    assert text_of(environment({**at_home, "PGSSLMODE": "verify-full"})) == ""


@pytest.mark.parametrize(
    "url", ["redis://redis:6379/0", "redis://10.0.0.7", "rediss://cache.example.com:6379/0?ssl_cert_reqs=required"]
)
def test_a_broker_on_a_private_or_encrypted_connection_is_accepted(url):
    assert text_of(environment({"REDIS_URL": url})) == ""


def test_the_certificate_of_the_configured_broker_is_verified(tmp_path):
    show = (
        "from maretech.celery import app\n"
        "import django\n"
        "django.setup()\n"
        "for connection in (app.connection_for_read(), app.connection_for_write()):\n"
        "    print(connection.hostname, connection.ssl['ssl_cert_reqs'].name)\n"
    )
    elsewhere = {f"CELERY_BROKER_{way}_URL": "redis://elsewhere.example.org" for way in ("READ", "WRITE")}
    here = "rediss://cache.example.org"
    for variables in ({"REDIS_URL": here}, {"CELERY_BROKER_URL": f" {here}"}):
        trial = {"ALLOW_REMOTE_SERVICES": "true", **elsewhere, **variables}
        shown = python("-c", show, var_dir=tmp_path, **trial)
        assert shown.stdout.splitlines() == ["cache.example.org CERT_REQUIRED"] * 2, shown.stderr


AT_HOME = {"ENVIRONMENT": "development", "DATABASE_URL": "postgres:///books"}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"PGHOST": "/var/run/postgresql"},
        {"DATABASE_URL": "postgres://localhost/books", "PGHOST": "db.example.com"},  # which libpq then ignores
        {"CELERY_BROKER_URL": "redis://"},
        {"CELERY_BROKER_URL": "memory://"},
        {"CELERY_BROKER_URL": "redis+socket:///run/redis.sock"},
        {"STRIPE_SECRET_KEY": "rk_test_51Habc"},
    ],
    ids=str,
)
def test_development_accepts_services_on_this_machine(changed):
    assert "maretech" not in text_of({**AT_HOME, **changed})


def test_migrations_may_run_without_a_statement_timeout(in_production, monkeypatch):
    in_production.DATABASE_STATEMENT_SECONDS = 0
    assert [found.id for found in checks.production_is_safe()] == ["maretech.E054"]
    monkeypatch.setattr("sys.argv", ["manage.py", "migrate"])
    assert checks.production_is_safe() == []


# --- The template ---
TEMPLATE = dict(re.findall(r"^([A-Z][A-Z0-9_]+)=(.*)$", (ROOT / ".env.production.template").read_text(), re.MULTILINE))


def test_compose_passes_every_secret_of_the_template():
    compose = (ROOT / "docker-compose.yml").read_text()
    named = [name for name in TEMPLATE if name.endswith(("_KEY", "_KEY_ID", "_SECRET"))]
    assert len(named) > 5
    for name in named:
        assert f"    {name}: ${{{name}:" in compose


def text_of(variables: dict[str, str]) -> str:
    return " ".join(f"{danger.id} {danger.msg}" for danger in dangers_under(variables))


def test_the_template_names_every_setting_that_production_requires():
    assert text_of(SAFE_ENVIRONMENT) == ""
    required = {name for name in SAFE_ENVIRONMENT if text_of(environment({}, without=name))}
    assert required == set(SAFE_ENVIRONMENT) - {"PUBLIC_URL"}  # which follows from ALLOWED_HOSTS
    assert required == set(TEMPLATE)
    assert required <= set(LISTED)


@pytest.mark.parametrize("name", sorted(set(TEMPLATE) - {"ENVIRONMENT"}))
def test_every_unedited_line_of_the_template_is_refused(name):
    output = text_of({**SAFE_ENVIRONMENT, name: TEMPLATE[name]})
    assert name in output or f"security.W020 {name}" in output
    assert re.search(r"maretech\.E0\d\d", output)
    assert name in text_of(TEMPLATE)


@pytest.mark.parametrize("name", read_by_the_settings("int", "float"))
def test_each_malformed_number_is_refused_by_its_name(name):
    for text in ("", "0", "-1", "999999999999", "9" * 15, "many"):
        output = text_of(environment({name: text}))
        if (name, text) in MEANS_SOMETHING:
            assert output == ""
        else:
            assert re.search(rf"maretech\.E0(40|54|56) {name} is", output), text


# No app in the App Store; no provider of mail.
MEANS_SOMETHING = {("APP_STORE_APPLE_ID", "0"), ("EMAIL_PROVIDER", "")}


@pytest.mark.parametrize("name", read_by_the_settings("bool", "one_of", "database", "mail"))
def test_each_malformed_word_is_refused_by_its_name(name):
    for text in ("", "ture", "-"):
        output = text_of(environment({name: text}))
        if (name, text) in MEANS_SOMETHING:
            assert output == ""
        else:
            assert f"maretech.E056 {name} is" in output, text


def test_production_without_a_secret_key_is_refused(tmp_path):
    without = {name: value for name, value in SAFE_ENVIRONMENT.items() if name != "SECRET_KEY"}
    refused = python("-c", "import maretech.wsgi", var_dir=tmp_path, **without)
    assert refused.returncode != 0
    assert "maretech.E001" in refused.stderr


@pytest.mark.parametrize(
    ("name", "value", "danger"),
    [("ENGINE", "clasical", "maretech.E012"), ("RATE_LIMITS", {"default": "100/minute"}, "maretech.E013")],
)
def test_a_misspelt_value_is_refused_at_the_start(settings, name, value, danger):
    setattr(settings, name, value)
    assert danger in {found.id for found in checks.settings_make_sense()}
    with pytest.raises(ImproperlyConfigured, match=danger):
        checks.refuse_dangerous_start()
