"""The whole server on one machine: `make serve`."""

import fcntl
import gc
import os
import secrets
import shlex
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.urls import get_resolver
from kombu.exceptions import OperationalError

from maretech.celery import app
from maretech.common.models import QueueHeartbeat
from maretech.common.tasks import heartbeat
from maretech.processes import ASK_SECONDS, LOOPBACK, Child, Supervisor, free_port, is_free, readiness
from maretech.web_app import is_built

# One worker takes all short tasks, with two processes: an owner has one photo checked at a time, so the second process
# serves all other owners. Analyses and dossiers have another: the owner is at the hull and must never wait behind one.
LONG = ("analyses", "dossiers")
WORKERS = {
    "worker-analyses": LONG,
    "worker-short": tuple(queue for queue in settings.TASK_QUEUES if queue not in LONG),
}
# As in production, so that a queue can be stopped alone: for drills.
WORKER_OF_EACH_QUEUE = {f"worker-{queue}": (queue,) for queue in settings.TASK_QUEUES}
AT_ONCE = {"worker-short": 2, "worker-checks": 2}
IMPATIENT_SECONDS = 30
# The settings that choose the data and the services. Secrets of remote services stay in .env, which is read anyway.
NOTED = (
    *("ENVIRONMENT", "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "S3_BUCKET", "EMAIL_URL", "MOCK_BILLING"),
    *("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE", "CHECKOUT_SUCCESS_URL", "CHECKOUT_CANCEL_URL"),
    *("LETTERS", "LOB_API_KEY", "LOB_WEBHOOK_SECRET", "LOB_SENDER", "LOB_API_BASE"),
)
ALL_ADDRESSES = "0.0.0.0"  # noqa: S104 - only if the operator passes it


class Command(BaseCommand):
    help = "Run the API, the workers and the scheduler until stopped. Reads PORT and HOST from the environment."

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = os.environ.get("HOST") or LOOPBACK, _port()
        port = port or free_port(host)
        if not is_free(host, port):
            raise CommandError(f"Port {port} on {host} is taken. Choose another with PORT=, or leave it out.")
        fakes = {"stripe": _fake_stripe(host, port), "lob": _fake_lob(host, port)}
        children = [*_fakes(fakes), *_children(host, port)]
        also = f", fake Stripe (takes no money) {os.environ['STRIPE_API_BASE']}" if fakes["stripe"] else ""
        also += f", fake Lob (posts no letter) {os.environ['LOB_API_BASE']}" if fakes["lob"] else ""
        url = f"http://{host}:{port}"
        supervisor = Supervisor(children, settings.VAR_DIR / "processes.json", self._say)
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(signum, supervisor.stop)
        with _alone_in(settings.VAR_DIR) as lock:
            os.register_at_fork(after_in_child=lock.close)  # it ends with this process, however that ends
            self._say(f"Maretech starts: app {url}/app/, API {url}/v1/, docs {url}/v1/docs, admin {url}/admin/{also}")
            _prepare()
            with _noted(host, port):
                supervisor.run(_Announcement(self, host, port).make_once)
        self._say("stopped")

    def _say(self, line: str) -> None:
        self.stdout.write(f"serve: {line}")
        self.stdout.flush()


class _Announcement:
    """Prints once that the server is ready; until then it prints at intervals which parts are not."""

    def __init__(self, command: BaseCommand, host: str, port: int) -> None:
        self.command, self.host, self.port = command, host, port
        self.made = False
        self.ask_at = time.monotonic()
        self.complain_at = self.ask_at + IMPATIENT_SECONDS

    def make_once(self) -> None:
        if self.made or time.monotonic() < self.ask_at:
            return
        self.ask_at = time.monotonic() + ASK_SECONDS
        name = settings.ALLOWED_HOSTS[0].lstrip(".")
        state = readiness(self.port, address=LOOPBACK if self.host == ALL_ADDRESSES else self.host, host=name)
        if state == "ok":
            self.made = True
            self.command.stdout.write(self._block())
        elif time.monotonic() > self.complain_at:
            self.complain_at += IMPATIENT_SECONDS
            self.command.stdout.write(f"serve: not ready yet: {state}")
        self.command.stdout.flush()

    def _block(self) -> str:
        url = f"http://{self.host}:{self.port}"
        built = is_built()
        return f"""
  Maretech is ready.
    app    {f"{url}/app/" if built else "missing: build it with `make web`, which fetches Node and npm's packages"}
    API    {url}/v1/
    docs   {url}/v1/docs
    admin  {url}/admin/   (an account for it: {hint("create_staff you@example.org --superuser")})
    data   {settings.VAR_DIR}
    stop   Ctrl-C, or: kill {os.getpid()}
"""


def hint(command: str) -> str:
    """Return a shell line that runs `command` on the data of this server."""
    elsewhere = settings.VAR_DIR != settings.BASE_DIR / "var"
    where = f"VAR_DIR={shlex.quote(str(settings.VAR_DIR))} " if elsewhere else ""
    return f'make manage {where}ARGS="{command}"'


@contextmanager
def _noted(host: str, port: int) -> Iterator[None]:
    """Note for `make manage`, while the server runs, the settings that only this process was given or has chosen."""
    given = {name: os.environ[name] for name in NOTED if name in os.environ}
    settled = {**given, "HOST": host, "PORT": str(port)}
    note = settings.VAR_DIR / "served.env"
    note.unlink(missing_ok=True)
    note.touch(mode=0o600)  # a password may be part of an address
    # What the caller of `make manage` sets wins.
    lines = (f'[ -n "${{{name}+set}}" ] || {name}={shlex.quote(value)}\n' for name, value in settled.items())
    note.write_text("".join(lines))
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def _port() -> int:
    given = os.environ.get("PORT", "")
    if given and not given.isdecimal():
        raise CommandError(f"PORT={given} is not a number.")
    return int(given or 0)


def _alone_in(var_dir: Path) -> IO[str]:
    """Hold the directory's lock."""
    lock = (var_dir / "serve.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(f"Another server runs on {var_dir}. Choose another directory with VAR_DIR=.") from None
    return lock


def _prepare() -> None:
    for counted in settings.METRICS_DIR.glob("*.db"):  # counters from processes of an earlier run
        counted.unlink()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    QueueHeartbeat.objects.all().delete()  # heartbeats of an earlier run would report "ready" too early
    for queue in settings.TASK_QUEUES:
        _send_first_heartbeat(queue)
    _load_what_children_share()


def _load_what_children_share() -> None:
    """Load the application and its routes, and keep them out of collections, which would copy them into each child."""
    import_module("maretech.wsgi")
    _ = get_resolver().url_patterns
    connections.close_all()
    gc.collect()
    gc.freeze()


def _send_first_heartbeat(queue: str) -> None:
    """Send a heartbeat task that the worker takes at once: the scheduler's first one is due seconds after its start."""
    try:
        heartbeat.apply_async(args=(queue,), queue=queue, expires=settings.HEARTBEAT_STALE_SECONDS, retry=False)
    except (OperationalError, OSError):  # readiness reports it until the broker is back
        return


def _fakes(options: Mapping[str, Mapping[str, Any]]) -> list[Child]:
    """Return the process of the fakes that are needed; none if none is."""
    needed = {name: made_with for name, made_with in options.items() if made_with}
    return [Child("fakes", partial(_run_fakes, needed))] if needed else []


def _run_fakes(needed: Mapping[str, Mapping[str, Any]]) -> None:
    import_module("testing.fake_services").serve_fakes(needed)


def _choose(**chosen: str) -> None:
    """Change settings of this process and its children, which have loaded them, and note them for `make manage`."""
    os.environ |= chosen
    for name, value in chosen.items():
        setattr(settings, name, value)


def _fake_stripe(host: str, port: int) -> dict[str, Any]:
    """Choose a fake Stripe if no Stripe account is configured, so that a purchase can be tried; `{}` otherwise.

    Every child gets its address. Production has no mock billing, and refuses another API address. The
    image has no fake.
    """
    if settings.STRIPE_SECRET_KEY or not settings.MOCK_BILLING or find_spec("testing") is None:
        return {}
    own, key, secret = free_port(), f"sk_test_{secrets.token_hex(12)}", f"whsec_{secrets.token_hex(12)}"
    here = f"http://{LOOPBACK if host == ALL_ADDRESSES else host}:{port}"
    pages = {
        "CHECKOUT_SUCCESS_URL": f"{here}/checkout/paid?session={{CHECKOUT_SESSION_ID}}",
        "CHECKOUT_CANCEL_URL": f"{here}/checkout/cancelled",
    }
    _choose(
        STRIPE_SECRET_KEY=key,
        STRIPE_WEBHOOK_SECRET=secret,
        STRIPE_API_BASE=f"http://{LOOPBACK}:{own}",
        **{name: address for name, address in pages.items() if name not in os.environ},
    )
    hook = f"{here}/v1/webhooks/stripe"
    memory = str(settings.VAR_DIR / "fake-stripe.json")  # or orders of an earlier run would be unknown to it
    return {"port": own, "webhook_url": hook, "secret_key": key, "webhook_secret": secret, "memory": memory}


def _fake_lob(host: str, port: int) -> dict[str, Any]:
    """Choose a fake Lob if no letter service is chosen, as `_fake_stripe` does; a letter arrives after a minute."""
    is_chosen = settings.LETTERS == "lob" or "LETTERS" in os.environ
    if is_chosen or not settings.MOCK_BILLING or find_spec("testing") is None:
        return {}
    own, key, secret = free_port(), f"test_{secrets.token_hex(12)}", secrets.token_hex(20)
    _choose(
        LETTERS="fake",
        LOB_API_KEY=key,
        LOB_WEBHOOK_SECRET=secret,
        LOB_SENDER="adr_0123456789abcdef",
        LOB_API_BASE=f"http://{LOOPBACK}:{own}",
    )
    hook = f"http://{LOOPBACK if host == ALL_ADDRESSES else host}:{port}/v1/webhooks/post"
    travel = {"seconds_between_events": 20.0}
    return {"port": own, "webhook_url": hook, "key": key, "webhook_secret": secret} | travel


def _children(host: str, port: int) -> list[Child]:
    workers = WORKER_OF_EACH_QUEUE if os.environ.get("WORKER_OF_EACH_QUEUE") else WORKERS
    return [
        Child("web", partial(_serve_web, host, port)),
        *(Child(name, partial(_work, name, queues)) for name, queues in workers.items()),
        Child("beat", partial(_run_celery, "beat")),
    ]


def _serve_web(host: str, port: int) -> None:
    from granian.cli import cli  # noqa: PLC0415 - only this child needs it

    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--blocking-threads", "4"]
    options += ["--backpressure", "64", "--no-access-log", "--log-level", "warning"]
    cli.main([*options, "maretech.wsgi:application"])


def _work(name: str, queues: Sequence[str]) -> None:
    at_once = str(AT_ONCE.get(name, 1))
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]  # the filesystem broker has no such events
    _run_celery("worker", "-n", f"{name}@%h", "-Q", ",".join(queues), "-c", at_once, *alone)


def _run_celery(*arguments: str) -> None:
    sys.exit(app.start(["--quiet", *arguments]))
