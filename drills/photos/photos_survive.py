"""Take photos in the web app while its browser is killed, its network cut, and its server killed: each arrives once.

An owner is at the hull with a browser. A photo counts as taken as soon as the screen shows it. Five misfortunes take
turns: the browser is killed, answers are lost and connections cut within their first bytes, the network is down for
some photos, the web process is killed, and the session ends. At the end every photo must be ready at the server, once,
with its own bytes, and each visit must have one inspection.

Control: each misfortune alone, without its own guard. The device keeps nothing over a killed browser; idempotency keys
never arrive; nothing is sent again after the network or the server was away; signing out takes the photos along.
"""

import hashlib
import os
import re
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import requests
from playwright.sync_api import BrowserContext, Playwright, sync_playwright
from playwright.sync_api import Error as BrowserError
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from drills.harness.runner import DrillContext, Result, main
from inspections.models import Inspection, MediaAsset
from inspections.vocabulary import AssetState
from testing.browser.chromium import launch
from testing.browser.connection import Connection, connection_to
from testing.browser.owner import PASSWORD, OwnerAtHull
from testing.phone import jpeg

ANGLES: Final = ("wide", "mid", "close")
POINTS: Final = 10
MISFORTUNES: Final = ("killed browser", "lost answers", "cut network", "killed server", "ended session")
EVERY: Final = 4  # photos between two misfortunes
PATIENCE_SECONDS: Final = 300
ATTEMPTS: Final = 4
SOON_MS: Final = 10_000
SETTLE_MS: Final = 1_500
LITTLE: Final = 20_000  # bytes: less than one of these photos
CONTROL_MS: Final = 25_000
TIMEOUT_SECONDS: Final = 30
SERVER: Final = {"ENGINE": "stub", "RATE_LIMIT_CREDENTIALS": "1000/min", "RATE_LIMIT_DEFAULT": "2000/min"}
# The queue of the app is in this folder of a profile.
KEPT: Final = "IndexedDB"
KEY: Final = re.compile(rb"idempotency-key", re.IGNORECASE)


# Takes away every occasion on which the app tries again while it is open.
NO_RETRY: Final = """
window.setInterval = () => 0;
for (const target of [window, document]) {
  const listen = target.addEventListener.bind(target);
  const ignored = ["online", "visibilitychange"];
  target.addEventListener = (name, ...rest) => (ignored.includes(name) ? undefined : listen(name, ...rest));
}
"""
FORGET: Final = """
new Promise((resolve) => {
  const opening = indexedDB.open("maretech");
  opening.onsuccess = () => {
    const forgetting = opening.result.transaction(["photos", "bytes"], "readwrite");
    forgetting.objectStore("photos").clear();
    forgetting.objectStore("bytes").clear();
    forgetting.oncomplete = resolve;
  };
})
"""


def disable_guard() -> AbstractContextManager[object]:
    """Do nothing: the guards are in the browser, and the control takes away one for each misfortune."""
    return nullcontext()


class Hull:
    """An owner at the hull, with a browser that may be gone at any moment."""

    def __init__(self, playwright: Playwright, connection: Connection, context: DrillContext, folder: Path) -> None:
        self.playwright, self.connection, self.context = playwright, connection, context
        self.profile = folder / "profile"
        self.browser: BrowserContext | None = None
        self.email = ""
        self.path = ""

    @property
    def owner(self) -> OwnerAtHull:
        if self.browser is None:
            self.browser = launch(self.playwright, self.profile, camera=None)
        return OwnerAtHull(self.browser, self.connection.base_url)

    def kill_browser(self, *, forgets: bool = False) -> None:
        for pid in _pids_with(f"--user-data-dir={self.profile}"):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with suppress(BrowserError):
            assert self.browser is not None
            self.browser.close()
        self.browser = None
        for lock in self.profile.glob("Singleton*"):
            lock.unlink()
        if forgets:
            for kept in list(self.profile.rglob(KEPT)):
                shutil.rmtree(kept)
        self.reopen()

    def reopen(self) -> None:
        """Open the visit again. A browser writes cookies late: one that was killed may have forgotten the session."""
        owner = self.owner.open(self.path)
        owner.page.locator("h1").wait_for()
        owner.page.wait_for_timeout(SETTLE_MS)  # the remembered owner is shown until the server has answered
        if owner.page.get_by_label("Password", exact=True).count():
            self.connection.restore()
            owner.sign_in(self.email)
            owner.open(self.path)

    def take(self, angle: str, point: int, photo: Path) -> None:
        """Take a photo until the screen shows it: a browser that forgot its session asks its owner to sign in first."""
        for attempt in range(ATTEMPTS):
            with suppress(BrowserError, AssertionError):
                step = self.owner.page.locator(".points button").nth(point - 1)
                step.click()
                self.owner.page.get_by_role("heading", name=f"Point {point}").wait_for(timeout=SOON_MS)
                self.owner.choose(angle, photo)
                return
            if attempt + 1 < ATTEMPTS:
                self.reopen()
        raise TimeoutError(f"The screen took no photo: {self.owner.text()}")

    def kill_server(self) -> None:
        assert self.context.server is not None
        pid = self.context.server.pids().get("web")
        if pid is not None:
            os.kill(pid, signal.SIGKILL)

    def end_session(self) -> None:
        """End it at the server, as another device does; the owner signs in again."""
        base = self.context.base_url
        token = sign_in(base, self.email)
        headers = {"Authorization": f"Bearer {token}"}
        sessions = _api().get(f"{base}/v1/auth/me/sessions", headers=headers, timeout=TIMEOUT_SECONDS).json()
        for one in sessions["sessions"]:
            if not one["current"]:
                _api().delete(f"{base}/v1/auth/me/sessions/{one['id']}", headers=headers, timeout=TIMEOUT_SECONDS)
        self.reopen()


def drill(context: DrillContext) -> Result:
    return control(context) if context.control else survive(context)


def survive(context: DrillContext) -> Result:
    count = 20 if context.small else 100
    taken: list[str] = []
    with _at_the_hull(context) as (hull, folder):
        happened = _photograph(hull, count, taken, folder)
        hull.connection.restore()
        is_drained = _wait_for_queue(hull)
    lost, doubled, inspections = _account_for(hull.email, taken)
    visits = -(-count // (POINTS * len(ANGLES)))
    passed = is_drained and not lost and not doubled and inspections == visits and len(taken) == count
    kills = ", ".join(f"{happened[name]} × {name}" for name in MISFORTUNES)
    figure = f"{lost} lost, {doubled} doubled, {inspections} inspections of {visits} visits"
    return Result(f"{count} photos; {kills}; {hull.connection.cuts} cuts", figure, f"0, 0, {visits}", passed)


def control(context: DrillContext) -> Result:
    """Return which misfortunes cost or double a photo once their guard is gone."""
    attacks = {name: _succeeds(context, name) for name in MISFORTUNES}
    figure = f"{sum(attacks.values())} of {len(attacks)} misfortunes cost or double a photo"
    return Result(f"{len(attacks)} × {len(ANGLES)} photos", figure, "0", not any(attacks.values()), attacks)


def _succeeds(context: DrillContext, name: str) -> bool:
    taken: list[str] = []
    with _at_the_hull(context) as (hull, folder):
        assert hull.browser is not None
        if name in {"cut network", "killed server"}:
            hull.browser.add_init_script(NO_RETRY)
        if name == "lost answers":
            hull.connection.change = lambda chunk: KEY.sub(b"x-no-such-header", chunk)
            hull.connection.answers_to_lose = 1
        _start_visit(hull, 0)
        if name == "killed server":
            hull.kill_server()
        elif name != "lost answers":
            hull.connection.cut()
        taken.extend(_take(hull, number, folder) for number in range(len(ANGLES)))
        hull.connection.restore()
        if name == "killed browser":
            hull.kill_browser(forgets=True)
        elif name == "ended session":
            hull.owner.page.evaluate(FORGET)
            hull.end_session()
        hull.owner.page.wait_for_timeout(CONTROL_MS)  # the app has had its occasions to try again
    lost, doubled, inspections = _account_for(hull.email, taken)
    return bool(lost or doubled or inspections > 1)


@contextmanager
def _at_the_hull(context: DrillContext) -> "Iterator[tuple[Hull, Path]]":
    """Register an owner with a subscription, in a browser of its own that the service worker serves."""
    port = urlsplit(context.base_url).port or 0
    with tempfile.TemporaryDirectory() as folder, connection_to(port) as connection, sync_playwright() as playwright:
        hull = Hull(playwright, connection, context, Path(folder))
        hull.email = hull.owner.register()
        _api().post(
            f"{context.base_url}/v1/subscriptions/corrosion/mock",
            json={"active": True, "plan": "yearly"},
            headers={"Authorization": f"Bearer {sign_in(context.base_url, hull.email)}"},
            timeout=TIMEOUT_SECONDS,
        )
        hull.owner.open()
        hull.owner.wait_for_worker()
        yield hull, Path(folder)
        if hull.browser is not None:
            hull.browser.close()


def _account_for(email: str, taken: list[str]) -> tuple[int, int, int]:
    """Return how many photos the server lacks, how many it has twice, and how many inspections it has."""
    arrived = Counter(
        MediaAsset.objects.filter(
            slot__inspection__owner__email=email, superseded_at=None, state=AssetState.READY
        ).values_list("sha256", flat=True)
    )
    lost = sum(one not in arrived for one in taken)
    doubled = sum(times > 1 for times in arrived.values())
    return lost, doubled, Inspection.objects.filter(owner__email=email).count()


def _take(hull: Hull, number: int, folder: Path) -> str:
    """Take the photo of this number, and return its SHA-256."""
    content = jpeg(number)
    photo = folder / f"{number}.jpg"
    photo.write_bytes(content)
    in_visit = number % (POINTS * len(ANGLES))
    hull.take(ANGLES[number % len(ANGLES)], in_visit // len(ANGLES) + 1, photo)
    return hashlib.sha256(content).hexdigest()


def _photograph(hull: Hull, count: int, taken: list[str], folder: Path) -> Counter[str]:
    happened: Counter[str] = Counter()
    for number in range(count):
        if number % (POINTS * len(ANGLES)) == 0:
            hull.connection.answers_to_lose = 1  # that of the opening, which must not open a second inspection
            _start_visit(hull, number)
        taken.append(_take(hull, number, folder))
        if number % EVERY == EVERY - 1 and number < count - 1:
            name = MISFORTUNES[(number // EVERY) % len(MISFORTUNES)]
            happened[name] += 1
            _befall(hull, name)
    return happened


def _start_visit(hull: Hull, number: int) -> None:
    hull.connection.restore()
    hull.owner.start_visit("corrosion", boat=f"Boat {number}")
    hull.path = urlsplit(hull.owner.page.url).path.removeprefix("/app/")


def _befall(hull: Hull, name: str) -> None:
    hull.connection.restore()
    if name == "killed browser":
        hull.kill_browser()
    elif name == "lost answers":
        hull.connection.cut()  # so that connections from before are cut too
        hull.connection.left_to_cut, hull.connection.answers_to_lose = 6, 3
        hull.connection.bytes_before_cut = LITTLE
        hull.connection.restore()
    elif name == "cut network":
        hull.connection.cut()
    elif name == "killed server":
        hull.kill_server()
    else:
        hull.end_session()


def _wait_for_queue(hull: Hull) -> bool:
    """Wait until the device keeps nothing any more. Return whether that happened."""
    owner = hull.owner.open("photos")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(BrowserError):
            if owner.page.get_by_text("Everything has been sent.").count():
                return True
            owner.page.evaluate("dispatchEvent(new Event('online'))")
        owner.page.wait_for_timeout(1000)
    return False


def sign_in(base_url: str, email: str) -> str:
    credentials = {"email": email, "password": PASSWORD}
    answer = _api().post(f"{base_url}/v1/auth/login", json=credentials, timeout=TIMEOUT_SECONDS)
    return str(answer.json()["token"]["access_token"])


def _api() -> requests.Session:
    """Return a caller that waits for a server that was just killed."""
    session = requests.Session()
    session.mount("http://", HTTPAdapter(max_retries=Retry(total=10, backoff_factor=0.3, allowed_methods=None)))
    return session


def _pids_with(argument: str) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if argument.encode() in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found


if __name__ == "__main__":
    main(drill, disable_guard, env=SERVER)
