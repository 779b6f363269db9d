"""Erase owners who used every feature while workers are killed, then search for their names everywhere.

No name may be left in any column of any table, in any object or its key, in Redis, or in the server's log, including
the log of failed requests. The owners used both products with photos that carry a position, bought on the web and on
Google Play, subscribed, had a payment disputed and exported their data. After the erasure their providers still send
events about them.

Control, attack by attack: the inspections part of the erasure is not registered; rate limits are counted under plain
names; failures are logged with the request's data.
"""

import hashlib
import io
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from types import FrameType
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID, uuid4

import numpy as np
from django.conf import settings
from django.test import override_settings
from PIL import Image
from rest_framework.request import Request

from accounts.models import Erasure, Export, User
from accounts.privacy import register
from accounts.tasks import resume_privacy_work
from billing import provider_registry
from billing.models import Order, ProviderEvent, Subscription
from billing.vocabulary import OrderStatus
from corrosion.models import Comparison
from corrosion.tasks import compute_comparison
from drills.harness.api_client import PASSWORD, Answer, call, put
from drills.harness.personal_traces import Hit, found, in_redis, tables
from drills.harness.processes import pid_of
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import wait_until
from drills.money.random_steps import faults_of_all
from inspections.models import InferenceJob, Inspection
from inspections.work.analysis import analyse
from maretech.common.http import errors, exception_handler
from maretech.common.storage import object_store
from maretech.processes import Server
from testing.fake_stores.play_actions import receipt
from testing.fake_stores.play_store import FakeGoogle
from testing.surveys import over_of

KILLS: Final = 3
ERASER: Final = "worker-privacy"
PATIENCE_SECONDS: Final = 240.0
_AS_REFUSAL: Final = exception_handler.as_refusal
_google: FakeGoogle | None = None  # of a served drill: the server gets the setting before it starts


def disable_guard() -> AbstractContextManager[object]:
    stack = ExitStack()
    stack.enter_context(patch.dict(register._registered, {"inspections": _does_nothing()}))  # noqa: SLF001 - from the inside
    stack.enter_context(patch("maretech.common.http.rate_counter.hashed", lambda key: key))
    stack.enter_context(patch("maretech.common.http.exception_handler.as_refusal", _logging_what_was_sent))
    return stack


def _logging_what_was_sent(exc: Exception) -> errors.APIError:
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - the request is the caller's
    while frame is not None and not isinstance(frame.f_locals.get("request"), Request):
        frame = frame.f_back
    if frame is not None:
        request = frame.f_locals["request"]
        logging.getLogger(__name__).error("failed: %s %s", exc, getattr(request, "_full_data", ""))
    return _AS_REFUSAL(exc)


def _does_nothing() -> register.PersonalData:
    """Replace the effect of the registered data, not its registration: Django registers only once."""
    data = register._registered["inspections"]  # noqa: SLF001
    return register.PersonalData(app=data.app, count=data.count, export=data.export, erase=lambda _: None)


@dataclass
class Owner:
    """One owner, and the names to search for."""

    context: DrillContext
    google: FakeGoogle
    number: int
    token: str = ""
    user_id: str = ""
    play_token: str = ""
    inspections: list[str] = field(default_factory=list)

    @cached_property
    def mark(self) -> str:
        return uuid4().hex[:12]

    @property
    def email(self) -> str:
        return f"skipper.{self.mark}@example.org"

    @property
    def buyer(self) -> dict[str, str]:
        """Return the owner's name at the provider."""
        return {
            "email": f"buyer.{self.mark}@example.net",
            "name": f"Wilhelmine {self.mark}",
            "phone": f"+49{self.mark}",
        }

    @property
    def address(self) -> str:
        return f"203.0.113.{self.number}"

    @property
    def names(self) -> dict[str, str]:
        return {
            "e-mail": self.email,
            "the buyer's e-mail": self.buyer["email"],
            "name of the buyer": self.buyer["name"],
            "customer id": f"cus_{self.mark}",
            "vessel": f"Vessel {self.mark}",
            "home port": f"Port {self.mark}",
            "label": f"Keel {self.mark}",
            "region": f"Harbour {self.mark}",
            "push token": f"ExponentPushToken[{self.mark}]",
            "purchase token": self.play_token,
            "address": self.address,
            "camera in EXIF": f"Camera {self.mark}",
            "idempotency key": f"key {self.mark}",
            "reason of a dispute": f"Complaint {self.mark}",
            "review": f"Praise {self.mark}",
        }

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        sent = {"X-Forwarded-For": self.address, **headers}
        return call(self.context.base_url, method, path, body, token=self.token, headers=sent)

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        answer = self.call("POST", path, body or {}, **headers)
        if not answer.is_done:
            raise RuntimeError(f"{path}: {answer}")
        return answer.body

    def use_everything(self) -> None:
        account = self.post("/auth/register", {"email": self.email, "password": PASSWORD})
        self.token, self.user_id = account["token"]["access_token"], account["user"]["id"]
        self.post("/auth/me/devices", {"platform": "ios", "push_token": self.names["push token"]})
        self.post("/auth/me/consents", {"document": "disclaimer", "version": "1"})
        self.post("/auth/password/reset", {"email": self.email})
        self.post("/vessels", {"name": self.names["vessel"], "home_port": self.names["home port"]})
        self.play_token = self.google.buy(self.user_id)
        brought = self.post("/payments/validate", {"provider": "play_store", "receipt": receipt(self.play_token)})
        if brought != {"status": "valid"}:
            raise RuntimeError(f"The purchase was not granted: {brought}")
        self.pay("osmosis_inspection")
        self.pay("corrosion_monthly")
        self.post("/payments/osmosis/mock", {"paid": True})
        for mode in ("corrosion", "osmosis") if self.context.small else ("corrosion", "corrosion", "osmosis"):
            self.inspect(mode)
        self.post(
            "/inspections", {"mode": "corrosion", **self.details}, **{"Idempotency-Key": self.names["idempotency key"]}
        )
        self._surveyed()
        self.call("GET", "/auth/me/export")

    def _surveyed(self) -> None:
        """Review a surveyor, and dispute an appointment with another one."""
        user = User.objects.get(pk=UUID(self.user_id))
        reviewed, disputed = over_of(user), over_of(user)
        review = {"appointment_id": str(reviewed.pk), "rating": 5, "text": self.names["review"]}
        self.post(f"/surveyors/{reviewed.surveyor_id}/reviews", review)
        reason = self.names["reason of a dispute"]
        case = self.post(f"/appointments/{disputed.pk}/dispute", {"reason": reason})
        self.post(f"/disputes/{case['dispute_id']}/recovery-attempts", {"explanation": reason})

    def make_failing_requests(self) -> None:
        """Make every failing request that can contain the owner's name."""
        wrong = {"email": self.email, "password": "not theirs"}
        self.call("POST", "/auth/login", wrong)
        self.call("POST", "/auth/register", {"email": self.email, "password": PASSWORD})
        self.call("POST", "/auth/register", {"email": f"{self.email} {self.mark}", "password": PASSWORD})
        self.call("POST", "/inspections", {"mode": "none", **self.details})
        self.call("POST", "/auth/me/devices", {"platform": "none", "push_token": self.names["push token"]})
        self.call("POST", "/inspections", f'{{"label": "{self.names["label"]}", '.encode())
        self.call("POST", "/payments/validate", {"provider": "none", "receipt": receipt(self.play_token)})
        self.call("POST", "/webhooks/stripe", self.buyer, **{"Stripe-Signature": "t=1,v1=forged"})

    @property
    def ids(self) -> list[str]:
        """Return the ids in the keys of the owner's objects."""
        exports = Export.objects.filter(user=UUID(self.user_id)).values_list("pk", flat=True)
        inspections = Inspection.objects.filter(owner=UUID(self.user_id)).values_list("pk", flat=True)
        return [self.user_id, *self.inspections, *map(str, [*exports, *inspections])]

    @property
    def details(self) -> dict[str, object]:
        names = self.names
        context = {"region_text": names["region"]}
        return {"label": names["label"], "vessel_label": names["vessel"], "capture_context": context}

    def pay(self, product: str) -> None:
        order = Order.objects.get(pk=self.post("/checkout/sessions", {"product": product})["session_id"])
        sent = len(self.context.fake.events)
        self.context.fake.pay(order.provider_ref)
        self.send_named_events(since=sent)
        # A worker processes a provider's event soon after the webhook, not at once.
        paid = Order.objects.filter(pk=order.pk, status=OrderStatus.PAID)
        _wait_until(self.context, paid.exists)
        if not paid.exists():
            raise RuntimeError(f"{product} was paid and not granted")

    def send_named_events(self, *, since: int) -> None:
        """Send a provider event that contains the payer's name, as the real one does."""
        details = {"customer": self.names["customer id"], "customer_details": self.buyer, "billing_details": self.buyer}
        for event in self.context.fake.events[since:]:
            thing = {**event["data"]["object"], **details}
            body, headers = self.context.fake.signed({**event, "data": {**event["data"], "object": thing}})
            self.call("POST", "/webhooks/stripe", body, **headers)

    def inspect(self, mode: str) -> None:
        opened = self.post("/inspections", {"mode": mode, **self.details})
        for upload in opened["uploads"]:
            content = self.photo(len(self.inspections), upload["angle"])
            digest = {"sha256": hashlib.sha256(content).hexdigest(), "byte_size": len(content)}
            declared = {"angle": upload["angle"], "content_type": "image/jpeg", **digest}
            target = self.post(f"/slots/{upload['slot_id']}/assets", declared)["upload"]
            put(target["url"], content, target["headers"])
        self.post(f"/inspections/{opened['inspection_id']}/complete")
        self.inspections.append(opened["inspection_id"])

    def photo(self, number: int, angle: str) -> bytes:
        """Return a sharp photo with a position."""
        rng = np.random.default_rng([self.number, number, len(angle)])
        pixels = np.kron(rng.integers(60, 200, (15, 20, 3), dtype=np.uint8), np.ones((32, 32, 1), dtype=np.uint8))
        exif, out = Image.Exif(), io.BytesIO()
        exif[0x010F] = self.names["camera in EXIF"]
        exif.get_ifd(0x8825).update({1: "N", 2: (54.0, 24.0, 11.0), 3: "E", 4: (10.0, 13.0, float(self.number))})
        Image.fromarray(pixels).save(out, "JPEG", quality=90, exif=exif)
        return out.getvalue()


def drill(context: DrillContext) -> Result:
    count = 1 if context.small else 2 if context.control else 12
    with _selling_on_play(context) as google, _listening(context) as log:
        owners = [Owner(context, google, number + 1) for number in range(count)]
        neighbour, counted = Owner(context, google, 250), list[Hit]()
        for owner in (*owners, neighbour):
            owner.use_everything()
            owner.make_failing_requests()
            text = in_redis()  # before the counters of one minute expire
            counted += [Hit(what, "Redis") for what, name in owner.names.items() if name in text]
        _wait_until(context, lambda: not _unfinished())
        before, seen = _of(neighbour), {hit.what for owner in owners for hit in found(owner.names, log())}
        ids = [one for owner in owners for one in owner.ids]
        kills = _erased(context, owners)
        _wait_until(context, lambda: not Erasure.objects.filter(done_at=None).exists())
        _send_late_events(context, owners)
        _wait_until(context, lambda: not ProviderEvent.objects.filter(state="waiting").exists())
        left = [*counted, *(hit for owner in owners for hit in found(owner.names, log()))]
        # A re-encoded picture and a compressed export contain no name: the drill identifies them by their owner.
        remaining = [key for key in object_store().list("") if any(one in key for one in ids)]
        undone = Erasure.objects.filter(done_at=None).count() + count - Erasure.objects.count()
        faults, changed = faults_of_all(), _of(neighbour) != before
        begun_again = Erasure.objects.filter(attempts__gt=1).count()
        lines = log().count("\n")
    everything = set(owners[0].names)
    rows, objects = sum(len(table) for table in tables()), len(list(object_store().list("")))
    figure = (
        f"{len(left)} hits of {count * len(everything)} names in {rows} rows, {objects} objects and {lines} lines of "
        f"log; {undone} not erased after {kills} kills, {begun_again} begun again; {len(faults)} faults in the books"
    )
    figure += f" (left: {', '.join(sorted({f'{what} in the {where}' for what, where in left}))})" if left else ""
    figure += f"; {len(remaining)} of their objects remain" if remaining else ""
    figure += "; the neighbour's data changed" if changed else ""
    unseen = everything - seen - {"address"}  # which is nowhere even before, and must not be
    figure += f"; never seen at all: {', '.join(sorted(unseen))}" if unseen else ""
    killed_often = kills == KILLS and begun_again > 0
    passed = (killed_often or not _is_killed(context)) and not (
        left or remaining or undone or faults or changed or unseen
    )
    where = {hit.where for hit in left}
    attacks = {"rows and objects": bool(where & {"database", "store"}), "log of failing requests": "log" in where}
    attacks |= {"counters in Redis": "Redis" in where} if settings.REDIS_URL else {}
    n = f"{count} owners × {len(everything)} names"
    return Result(n, figure, "0 hits, 0 left, books at 0", passed, attacks)


@contextmanager
def _selling_on_play(context: DrillContext) -> Iterator[FakeGoogle]:
    if _google is not None:
        yield _google
        return
    with FakeGoogle() as google, override_settings(**google.settings(), TRUSTED_PROXY_COUNT=1):
        for made_once in (provider_registry.stores, provider_registry.play_store):
            made_once.cache_clear()
        yield google
    for made_once in (provider_registry.stores, provider_registry.play_store):
        made_once.cache_clear()


@contextmanager
def _listening(context: DrillContext) -> Iterator[Callable[[], str]]:
    """Capture the log: the server's, or this process's if it is the server itself."""
    if context.server is not None:
        path = context.server.log
        yield lambda: path.read_text(errors="replace")
        return
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    try:
        yield stream.getvalue
    finally:
        logging.getLogger().removeHandler(handler)


def _erased(context: DrillContext, owners: list[Owner]) -> int:
    """Erase each owner; kill some workers as soon as they have begun. Returns the number of kills."""
    kills = 0
    for number, owner in enumerate(owners):
        owner.post("/auth/me/erasure", {"password": PASSWORD})
        if context.server is not None and _is_killed(context) and number % (len(owners) // KILLS) == 1:
            begun = Erasure.objects.filter(user_id=UUID(owner.user_id), attempts__gt=0)
            wait_until(begun.exists, seconds=PATIENCE_SECONDS, every=0.005)
            time.sleep(0.01 * number)  # another moment each time
            _kill(context.server)
            kills += 1
    return kills


def _is_killed(context: DrillContext) -> bool:
    return not (context.server is None or context.small or context.control)


def _kill(server: Server) -> None:
    while (pid := pid_of(server, ERASER)) == 0:  # it is restarting
        time.sleep(0.05)
    os.killpg(pid, signal.SIGKILL)


def _send_late_events(context: DrillContext, owners: list[Owner]) -> None:
    """Dispute a payment of an erased owner, and send a Google event about one of their purchases."""
    for owner in owners:
        sent = len(context.fake.events)
        paid = Order.objects.filter(owner_id=UUID(owner.user_id), product__code="corrosion_monthly").get()
        context.fake.open_dispute(paid.payment_ref)
        owner.send_named_events(since=sent)
    for push in owners[0].google.pushes:
        call(context.base_url, "POST", "/webhooks/play-store", push.body, headers=push.headers)


def _unfinished() -> bool:
    jobs = InferenceJob.objects.filter(state__in=("queued", "running"))
    waits = Comparison.objects.filter(state="pending")
    return jobs.exists() or waits.exists() or Export.objects.filter(built_at=None).exists() or _unpaid()


def _unpaid() -> bool:
    return Order.objects.filter(status__in=("created", "pending")).exists() or not Subscription.objects.exists()


def _wait_until(context: DrillContext, is_done: Callable[[], bool]) -> None:
    """Wait until the erasure is done: by the server's workers, or by running the rules here."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        if context.server is None:
            _run_worker_rules(context)
        if is_done() or time.monotonic() > deadline:
            return
        time.sleep(0.5)


def _run_worker_rules(context: DrillContext) -> None:
    context.work()
    for job_id in InferenceJob.objects.filter(state="queued").values_list("pk", flat=True):
        analyse(UUID(str(job_id)), worker="drill", task_id="drill")
    for comparison_id in Comparison.objects.filter(state="pending").values_list("pk", flat=True):
        compute_comparison(comparison_id)
    resume_privacy_work()


def _of(owner: Owner) -> object:
    """Return what an owner sees, and the owner's objects in the store."""
    keys = sorted(key for key in object_store().list("") if any(one in key for one in owner.inspections))
    seen = [owner.call("GET", path).body for path in ("/auth/me", "/orders", "/entitlements/osmosis")]
    details = [owner.call("GET", f"/inspections/{one}").body["slots"][0]["label"] for one in owner.inspections]
    return keys, seen, details


if __name__ == "__main__":
    with ExitStack() as stack:
        _google = stack.enter_context(FakeGoogle())
        os.environ |= {name: str(value) for name, value in _google.settings().items()}
        os.environ |= {"LOG_LEVEL": "INFO", "TRUSTED_PROXY_COUNT": "1", "JOB_LEASE_SECONDS": "15"}
        os.environ["EMAIL_URL"] = "dummymail://"  # the console backend would log each mail and its recipient
        main(drill, disable_guard, on_s3=True)
