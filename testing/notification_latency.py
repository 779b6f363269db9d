"""`python -m testing.notification_latency [COUNT]`: how long after its result an owner's phone gets the push.

Starts the whole server (API, workers, scheduler) on embedded services of its own and a fake Firebase, plays the
inspections one after another, and prints p50, p95 and the maximum of the time from the result row's `created_at` to
the arrival of the push at the fake. Exits with 1 if p95 is above five seconds. Run it on an idle machine; it prints
the load of the machine before it begins.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from random import Random
from threading import Event
from typing import Final
from uuid import uuid4

import django

from maretech.processes import running
from testing.fake_push import PROJECT, FakePush
from testing.fake_stripe.server import Answer, Request

COUNT: Final = 20
BOUND_SECONDS: Final = 5.0
# A push that comes later than this does not come.
LONGEST_SECONDS: Final = 60.0
SEND: Final = f"/v1/projects/{PROJECT}/messages:send"


class TimedPush(FakePush):
    """Notes when the push about each result arrived first."""

    def __init__(self) -> None:
        super().__init__()
        self._arrived_at: dict[str, float] = {}
        self._has_news = Event()

    def arrival_of(self, inspection_id: str) -> float:
        """Wait for the push about this inspection's result and return when it came. Raises `TimeoutError`."""
        deadline = time.time() + LONGEST_SECONDS
        while inspection_id not in self._arrived_at:
            self._has_news.clear()
            if inspection_id not in self._arrived_at and not self._has_news.wait(max(0.0, deadline - time.time())):
                raise TimeoutError(f"no push within {LONGEST_SECONDS:.0f} s")
        return self._arrived_at[inspection_id]

    def _answer(self, request: Request) -> Answer:
        now, answer = time.time(), super()._answer(request)
        if request.path == SEND and answer.status == 200:
            data = json.loads(request.body)["message"]["data"]
            if data["kind"] == "result_ready":
                self._arrived_at.setdefault(data["inspection_id"], now)
                self._has_news.set()
        return answer


def main(count: int) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maretech.settings")
    django.setup()
    sys.stdout.write(f"load of the machine before the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    with tempfile.TemporaryDirectory(prefix="maretech-latency-") as var_dir, TimedPush() as push:
        env = {
            "FCM_SERVICE_ACCOUNT_JSON": json.dumps(push.key_file()),
            "FCM_BASE_URL": push.url,
            "EMAIL_URL": "consolemail://",
            "MOCK_BILLING": "true",
            "STRIPE_SECRET_KEY": "",
        }
        with running(var_dir=Path(var_dir), env=env) as server:
            waits = sorted(_played(push, server.base_url, count))
    p95 = statistics.quantiles(waits, n=20, method="inclusive")[-1]
    sys.stdout.write(
        f"from the result to the push, {count} inspections: "
        f"p50 {statistics.median(waits):.2f} s, p95 {p95:.2f} s, at most {waits[-1]:.2f} s\n"
    )
    return 0 if p95 <= BOUND_SECONDS else 1


def _played(push: TimedPush, base_url: str, count: int) -> list[float]:
    """Play the inspections; return for each the seconds from its result to its push."""
    from testing.phone import Phone  # noqa: PLC0415 - needs the apps

    phone = Phone.at(base_url)
    phone.register(f"{uuid4().hex}@example.org", uuid4().hex)
    phone.subscribe()
    phone.send("/auth/me/devices", {"platform": "android", "push_token": push.fcm.install()})
    rng, waits = Random(7), []
    for number in range(count):
        opened = phone.open()
        inspection_id = opened["inspection_id"]
        phone.shoot(opened["uploads"], seed=3 * number)
        phone.send(f"/inspections/{inspection_id}/submit")
        phone.poll(f"/inspections/{inspection_id}/status", until=lambda body: body["status"] == "completed")
        result = phone.fetch(f"/inspections/{inspection_id}/result")
        created_at = datetime.fromisoformat(result["created_at"]).timestamp()
        waits.append(push.arrival_of(inspection_id) - created_at)
        sys.stdout.write(f"{number + 1:>3} {waits[-1]:6.2f} s\n")
        sys.stdout.flush()
        time.sleep(rng.uniform(0, 1))
    return waits


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
