"""The environment is listed completely, and production refuses every dangerous part of it."""

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

ROOT = Path(__file__).resolve().parents[2]
LISTED = dict(re.findall(r"^# ([A-Z][A-Z0-9_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
# Their defaults lie in VAR_DIR, which the tests have elsewhere.
PLACES = {"VAR_DIR", "DATABASE_URL"}

SAFE = {
    "PRODUCTION": True,
    "ENVIRONMENT": "production",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "JWT_SIGNING_KEY": secrets.token_urlsafe(48),
    "ADDRESS_HASH_KEY": secrets.token_urlsafe(48),
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
    "STRIPE_SECRET_KEY": "sk_live_abc",
    "STRIPE_WEBHOOK_SECRET": "whsec_abc",
    "CHECKOUT_SUCCESS_URL": "https://example.org/paid",
    "CHECKOUT_CANCEL_URL": "https://example.org/cancelled",
    "ADMIN_REQUIRE_SECOND_FACTOR": True,
    "RATE_LIMITS": {"credentials": "10/min", "account": "30/hour"},
}
DANGEROUS = {
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
    "maretech.E018": {"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False},
    "maretech.E014": {"STRIPE_SECRET_KEY": "sk_test_abc"},
    "maretech.E015": {"STRIPE_API_BASE": "http://127.0.0.1:1"},
    "maretech.E016": {"STRIPE_WEBHOOK_SECRET": ""},
    "maretech.E056": {"ADDRESS_HASH_KEY": "guessable"},
    "maretech.E041": {"METRICS_TOKEN": "guessable"},
    "maretech.E017": {"CHECKOUT_CANCEL_URL": "https://localhost/checkout/cancelled"},
    "maretech.E040": {"RETENTION_SESSION_DAYS": 0},
}
SAFE_ENVIRONMENT = {
    "ENVIRONMENT": "production",
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
}


# App Store
DANGEROUS |= {
    "maretech.E020": {"APP_STORE_ENVIRONMENT": "sandbox"},
    "maretech.E021": {"APP_STORE_API_BASE": "http://localhost:1"},
    "maretech.E022": {"APP_STORE_BUNDLE_ID": "org.example.hull"},
}


def read_by_the_settings() -> list[str]:
    calls = [
        node for node in ast.walk(ast.parse((ROOT / "maretech/settings.py").read_text())) if isinstance(node, ast.Call)
    ]
    return [
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
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
    "maretech.E030": {"PLAY_ALLOW_TEST_PURCHASES": True},
    "maretech.E031": {"PLAY_API_BASE": "http://localhost:8099"},
    "maretech.E032": {"PLAY_CERTS_URL": "http://localhost:8099/certs"},
    "maretech.E033": {**SOLD_ON_PLAY, "PLAY_SERVICE_ACCOUNT_JSON": ""},
    "maretech.E034": {**SOLD_ON_PLAY, "PLAY_PUSH_AUDIENCE": ""},
}
# Doors
DANGEROUS |= {
    "maretech.E050": {"ADMIN_REQUIRE_SECOND_FACTOR": False},
    "maretech.E051": {"RATE_LIMITS": {"credentials": "10/min", "account": "100000/hour"}},
    "maretech.E052": {"CSRF_TRUSTED_ORIGINS": ["https://admin.example.org", "https://*"]},
    "maretech.E053": {"S3_PUBLIC_ENDPOINT_URL": "http://photos.example.org"},
    "maretech.E055": {"HEARTBEAT_SECONDS": 21, "HEARTBEAT_STALE_SECONDS": 62},
}


def python(*arguments: str, var_dir: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run Python in an environment of nothing but `env`."""
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


def test_what_the_database_is_asked_for_is_kept_beside_the_limits(tmp_path):
    show = "from maretech import settings; print(settings.DATABASES['default']['OPTIONS'])"
    url = "postgres://owner@database.invalid/books?sslmode=verify-full"
    asked = python("-c", show, var_dir=tmp_path, DATABASE_URL=url, PGOPTIONS="-c work_mem=8MB")
    assert asked.returncode == 0, asked.stderr
    assert "'sslmode': 'verify-full'" in asked.stdout
    assert "-c lock_timeout=20s" in asked.stdout
    assert "-c work_mem=8MB" in asked.stdout


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


@pytest.mark.parametrize("name", checks.BOUNDS)
def test_a_number_out_of_all_proportion_is_refused(in_production, name):
    for value in (checks.BOUNDS[name][0] - 1, checks.BOUNDS[name][1] + 1):
        setattr(in_production, name, value)
        [found] = [danger for danger in checks.production_is_safe() if danger.id == "maretech.E054"]
        assert found.msg.split()[0] == name


def test_production_sells_on_google_play_when_all_of_it_is_there(in_production):
    for name, value in SOLD_ON_PLAY.items():
        setattr(in_production, name, value)
    assert checks.production_is_safe() == []


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
def test_a_key_file_that_is_not_googles_is_refused(in_production, key):
    for name, value in {**SOLD_ON_PLAY, "PLAY_SERVICE_ACCOUNT_JSON": key}.items():
        setattr(in_production, name, value)
    assert [found.id for found in checks.production_is_safe()] == ["maretech.E033"]


@pytest.mark.parametrize("name", [name for name in LISTED if name.startswith("RETENTION_")])
@pytest.mark.parametrize("nonsense", [0, -1, 36_500])
def test_keeping_nothing_at_all_or_for_ever_is_refused(in_production, name, nonsense):
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
def test_an_account_bears_fewer_guesses_than_an_address(in_production, limit, rate, is_refused):
    in_production.RATE_LIMITS = in_production.RATE_LIMITS | {limit: rate}
    assert [found.id for found in checks.production_is_safe()] == (["maretech.E051"] if is_refused else [])


@pytest.mark.parametrize("secret", ["", "x" * 39, "ab" * 40, "insecure-" + "0123456789abcdef" * 4])
def test_a_weak_signing_key_is_refused(in_production, secret):
    in_production.JWT_SIGNING_KEY = secret
    assert [found.id for found in checks.production_is_safe()] == ["maretech.E002"]


def test_the_signing_key_is_a_key_of_its_own(in_production):
    in_production.JWT_SIGNING_KEY = in_production.SECRET_KEY
    assert [found.id for found in checks.production_is_safe()] == ["maretech.E002"]


@pytest.mark.parametrize("kind", ["console", "dummy", "locmem", "filebased"])
def test_mail_that_reaches_nobody_is_refused(in_production, kind):
    in_production.EMAIL_BACKEND = f"django.core.mail.backends.{kind}.EmailBackend"
    assert [found.id for found in checks.production_is_safe()] == ["maretech.E010"]


@pytest.mark.parametrize("word", ["prod", "Production", "staging", ""])
def test_a_misspelt_environment_is_refused(settings, word):
    settings.PRODUCTION, settings.ENVIRONMENT = False, word
    with pytest.raises(ImproperlyConfigured, match=r"maretech\.E011"):
        checks.refuse_dangerous_start()


def test_django_finds_nothing_to_warn_of_in_a_safe_production(tmp_path):
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
def test_an_unsafe_production_does_no_work(tmp_path, process):
    refused = python(
        "-m", "celery", "-A", "maretech", *process, var_dir=tmp_path, ENVIRONMENT="production", MOCK_BILLING="true"
    )
    assert refused.returncode != 0
    assert "maretech.E003" in refused.stderr


def test_production_without_a_secret_key_is_refused(tmp_path):
    without = {name: value for name, value in SAFE_ENVIRONMENT.items() if name != "SECRET_KEY"}
    refused = python("-c", "import maretech.wsgi", var_dir=tmp_path, **without)
    assert refused.returncode != 0
    assert "maretech.E001" in refused.stderr


@pytest.mark.parametrize(
    ("name", "value", "danger"),
    [("ENGINE", "clasical", "maretech.E012"), ("RATE_LIMITS", {"default": "100/minute"}, "maretech.E013")],
)
def test_a_typing_error_is_found_at_the_start(settings, name, value, danger):
    setattr(settings, name, value)
    assert danger in {found.id for found in checks.settings_make_sense()}
    with pytest.raises(ImproperlyConfigured, match=danger):
        checks.refuse_dangerous_start()
