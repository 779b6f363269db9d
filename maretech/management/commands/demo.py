"""`make demo`: the whole product in a minute or two, using only this machine."""

import fcntl
import secrets
import shutil
import signal
import subprocess
import threading
import time
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import environ
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from maretech.processes import Server, manage, running
from maretech.web_app import is_built
from testing.demo import photos
from testing.demo.mail_log import MailLog
from testing.demo.owner import Owner, WalkthroughFailed
from testing.demo.server import DemoServer
from testing.demo.staff_password import UnexpectedPage, choose_password
from testing.demo.walkthrough import play
from testing.phone import Phone, Refused

STAFF_EMAIL = "support@example.org"
RENDERED_POINTS = 2
MOST_POINTS = {"osmosis": 2, "corrosion": 5}  # of the pictures of a folder
# Regardless of the accounts this machine has, a demo charges and mails no one: the server brings its own fake Stripe.
ON_ITS_OWN = {
    "STRIPE_SECRET_KEY": "",
    "MOCK_BILLING": "true",
    "EMAIL_URL": "consolemail://",  # the demo reads its codes in the log
    "EMAIL_PROVIDER": "",
}


class Command(BaseCommand):
    help = "Play an owner against a real server and real workers. PHOTOS=folder uses your pictures, KEEP=1 keeps it."

    def handle(self, *args: Any, **options: Any) -> None:
        env = environ.Env()
        folder, keep = env.str("PHOTOS", ""), env.bool("KEEP", False)
        var_dir = settings.VAR_DIR / "demo"
        lock = (settings.VAR_DIR / "demo.lock").open("w")  # held until this process ends
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(f"Another demo runs on {var_dir}. Stop it, or choose another VAR_DIR.") from None
        shutil.rmtree(var_dir, ignore_errors=True)
        results = var_dir / "results"
        results.mkdir(parents=True)
        self.started = time.monotonic()
        try:
            with running(var_dir=var_dir, port=env.int("PORT", 0), env=ON_ITS_OWN) as server:
                self.say(f"server and workers are up at {server.base_url}")
                owner = Owner(Phone.at(server.base_url), _photographs(folder), results, self.say)
                password = secrets.token_urlsafe(12)
                second_owner = play(owner, _demo_server(server, password))
                self.print_ledger(owner.email, var_dir)
                self.add_staff(server.base_url, var_dir, password)
                self.show_results(results)
                self.sum_up(server.base_url, (owner.email, second_owner), password, keep=keep)
                if keep:
                    _wait_for_interrupt()
        except (
            Refused,
            WalkthroughFailed,
            UnexpectedPage,
            TimeoutError,
            photos.NotEnoughPhotos,
            OSError,
            RuntimeError,
            subprocess.CalledProcessError,
        ) as exc:
            raise CommandError(str(exc)) from exc

    def say(self, text: str) -> None:
        self.stdout.write(f"[{time.monotonic() - self.started:5.1f} s] {text}")
        self.stdout.flush()

    def print_ledger(self, email: str, var_dir: Path) -> None:
        self.say("the owner's ledger: every cent and credit, in double entry")
        for line in manage("print_ledger", email, var_dir=var_dir).splitlines():
            self.stdout.write(f"            {line}")

    def add_staff(self, base_url: str, var_dir: Path, password: str) -> None:
        output = manage("create_staff", STAFF_EMAIL, "--superuser", var_dir=var_dir, env=ON_ITS_OWN)
        choose_password(base_url, output.split()[-1], password)

    def show_results(self, results: Path) -> None:
        overlays, *others = (sorted(results.glob(f"*.{suffix}")) for suffix in ("png", "svg", "pdf", "ics"))
        self.say(f"{len(overlays)} overlays, the marked-up photos, chart, dossier and invitation are in {results}")
        for file in chain(overlays[:3], *others):
            self.stdout.write(f"            {file.name}")

    def sum_up(self, url: str, emails: tuple[str, str], password: str, *, keep: bool) -> None:
        """Say what there is to look at. `emails`: the first owner, and the second one, who has the vessel now."""
        first, second = emails
        app = f"{url}/app/" if is_built() else "missing: `make web` builds it, with Node and npm's packages"
        self.stdout.write(
            f"\nLook around {'until you press Ctrl-C' if keep else 'with KEEP=1, which leaves it running'}:\n"
            f"  Web app   {app}   as {first}, or {second}, who has the metal boat now\n"
            f"  Admin     {url}/admin/   as {STAFF_EMAIL}\n"
            f"  API docs  {url}/v1/docs\n"
            f"  Password  {password}\n"
        )


def _photographs(folder: str) -> Any:
    """Return the rendered walks, or the owner's own pictures on every visit."""
    if folder:
        return lambda mode, _visit: photos.from_folder(Path(folder).expanduser(), mode=mode, points=MOST_POINTS[mode])
    return lambda mode, visit: photos.rendered(
        mode=mode, points=RENDERED_POINTS, severity=photos.SEVERITIES[visit], visit=visit
    )


def _demo_server(server: Server, password: str) -> DemoServer:
    return DemoServer(
        base_url=server.base_url,
        mails=MailLog(server.log),
        date_back=partial(_date_back, server.var_dir),
        offer_times=partial(_offer_times, server.var_dir),
        begin=partial(_begin, server.var_dir),
        password=password,
    )


def _date_back(var_dir: Path, inspection_id: str, days: int) -> None:
    _run(var_dir, f"from testing.demo.dating import date_back; date_back({inspection_id!r}, days={days})")


def _offer_times(var_dir: Path, email: str) -> None:
    _run(var_dir, f"from testing.demo.offering import offer_times; offer_times({email!r})")


def _begin(var_dir: Path, appointment_id: str) -> None:
    _run(var_dir, f"from testing.demo.dating import begin; begin({appointment_id!r})")


def _run(var_dir: Path, code: str) -> None:
    manage("shell", "--no-imports", "-c", code, var_dir=var_dir)


def _wait_for_interrupt() -> None:
    interrupted = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: interrupted.set())
    interrupted.wait()
