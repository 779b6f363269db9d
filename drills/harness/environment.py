"""Choose a drill's services before Django reads its settings.

Uses Postgres and Redis of this machine (or DRILL_POSTGRES_URL and DRILL_REDIS_URL), with a database of its own in each,
emptied afterwards. If one of them does not answer, the drill uses SQLite or the filesystem broker and says so.
"""

import atexit
import getpass
import os
import shutil
import tempfile
from contextlib import closing, suppress
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
import redis
from django.apps import apps

from maretech.processes import free_port

_PREPARED = "DRILL_PREPARED"
# The environment of the process that started the drill.
OUTSIDE = dict(os.environ)
_FIRST_BROKER = 11
_LIMITS = ("DEFAULT", "CREDENTIALS", "ACCOUNT", "PAYMENTS", "WEBHOOKS", "POLL", "UPLOADS")


def prepare_django() -> None:
    """Prepare Django for a drill's own process; do nothing in a test or in a server that a drill has started."""
    if apps.ready or _PREPARED in os.environ:
        return
    os.environ.update(_environment())
    django.setup()


def make_database(suffix: str = "") -> None:
    """Create an empty database, dropped when the process ends; with a suffix, a second one beside the drill's own."""
    name = f"maretech_drill_{os.getpid()}{suffix}"
    server = _postgres()
    if server:
        _tell(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        _tell(server, f"CREATE DATABASE {name}")
        _tell(server, f"ALTER DATABASE {name} SET synchronous_commit = off")  # durability is not needed here
        atexit.register(_tell, server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def empty_broker() -> None:
    """Empty the broker now, and again when the process ends."""
    if os.environ["REDIS_URL"]:
        redis.Redis.from_url(os.environ["REDIS_URL"]).flushdb()
        atexit.register(redis.Redis.from_url(os.environ["REDIS_URL"]).flushdb)


def empty_counters() -> None:
    """Reset the rate counters."""
    RateCounter = apps.get_model("common", "RateCounter")
    RateCounter.objects.all().delete()
    if os.environ["REDIS_URL"]:
        client = redis.Redis.from_url(os.environ["REDIS_URL"])
        for key in client.scan_iter("rate:*"):
            client.delete(key)


def _environment() -> dict[str, str]:
    var_dir = tempfile.mkdtemp(prefix="maretech-drill-")
    atexit.register(shutil.rmtree, var_dir, ignore_errors=True)
    postgres, redis_url = _postgres(), _redis()
    name = f"maretech_drill_{os.getpid()}"
    own = urlunsplit(urlsplit(postgres)._replace(path=f"/{name}")) if postgres else f"sqlite:///{var_dir}/{name}"
    stripe = f"http://127.0.0.1:{free_port()}"
    return {
        _PREPARED: "yes",
        "DJANGO_SETTINGS_MODULE": "maretech.settings",
        "ENVIRONMENT": "development",
        "ALLOW_REMOTE_SERVICES": "true",  # DRILL_POSTGRES_URL may name another machine
        "ENV_FILE": os.devnull,
        "VAR_DIR": var_dir,
        "DATABASE_URL": own,
        "REDIS_URL": redis_url,
        "CELERY_BROKER_URL": redis_url or "filesystem://localhost//",
        "S3_BUCKET": "",
        "ENGINE": "stub",
        "LOG_LEVEL": "CRITICAL",
        "STRIPE_SECRET_KEY": "sk_test_fake",
        "STRIPE_WEBHOOK_SECRET": "whsec_fake",
        "STRIPE_API_BASE": stripe,
        **{f"RATE_LIMIT_{limit}": "100000000/min" for limit in _LIMITS},
    }


def _postgres() -> str:
    """Return the server that can create databases, or None."""
    given = OUTSIDE.get("DRILL_POSTGRES_URL")
    users = (getpass.getuser(), "postgres")
    for url in [given] if given else [f"postgres://{user}@127.0.0.1:5432/postgres" for user in users]:
        with suppress(psycopg.OperationalError), closing(psycopg.connect(url, connect_timeout=3)):
            return url
    return ""


def brokers(lanes: int) -> list[str]:
    """Return a Redis database for each drill that runs in parallel; if a URL is given, only that one."""
    given = OUTSIDE.get("DRILL_REDIS_URL")
    return [given] if given else [f"redis://127.0.0.1:6379/{_FIRST_BROKER + lane}" for lane in range(lanes)]


def _redis() -> str:
    [url] = brokers(1)
    try:
        redis.Redis.from_url(url, socket_connect_timeout=3).ping()
    except redis.RedisError:
        return ""
    return url


def _tell(server: str, statement: str) -> None:
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute(statement)
