"""Test permits: many polls with few calls of Redis, never more than the limit."""

import pytest

from maretech import settings as declared
from maretech.common.http import rate_counter, throttling
from tests.concurrency import MeetingPoint, at_once

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not declared.REDIS_URL, reason="Permits are taken in lots from Redis only: set REDIS_URL."),
]
CALLER = "user:test-of-permits"


class Process:
    """A web process: it has lots of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.lots: dict = {}

    def ask(self, times: int = 1) -> int:
        """Return how many of these requests pass."""
        self.monkeypatch.setattr(rate_counter, "_lots", self.lots)
        return sum(throttling.retry_after(scope="poll", caller=CALLER) is None for _ in range(times))


@pytest.fixture(autouse=True)
def _redis(settings):
    settings.REDIS_URL = declared.REDIS_URL
    for made in (rate_counter.redis_client, rate_counter._script):
        made.cache_clear()
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"poll": "120/min"}
    rate_counter.forget(f"poll:{CALLER}")
    yield
    rate_counter.forget(f"poll:{CALLER}")


@pytest.fixture
def process(monkeypatch):
    return lambda: Process(monkeypatch)


def test_one_process_lets_exactly_the_limit_pass(process):
    assert process().ask(200) == 120


def test_threads_of_a_process_lose_no_permit_of_each_other(process, monkeypatch):
    script, meeting = rate_counter._script(), MeetingPoint(4)

    def together(**given):
        taken = script(**given)
        meeting.wait()
        return taken

    one = process()
    monkeypatch.setattr(rate_counter, "_lots", one.lots)
    monkeypatch.setattr(rate_counter, "_script", lambda: together)
    assert at_once(4, lambda: throttling.retry_after(scope="poll", caller=CALLER)) == [None] * 4
    monkeypatch.setattr(rate_counter, "_script", lambda: script)
    assert 4 + one.ask(200) == 120


def test_processes_that_go_on_asking_let_exactly_the_limit_pass(process):
    processes = [process() for _ in range(3)]
    assert sum(each.ask() for _ in range(100) for each in processes) == 120


def test_a_process_that_stops_asking_keeps_a_sixteenth_of_the_limit_at_most(process):
    assert process().ask() == 1
    assert 120 - 120 // 16 <= 1 + process().ask(200) <= 120


def test_few_polls_ask_redis(process, monkeypatch):
    script, asked = rate_counter._script(), []
    monkeypatch.setattr(rate_counter, "_script", lambda: lambda **given: asked.append(given) or script(**given))
    assert process().ask(64) == 64
    assert len(asked) <= 64 / 4


def test_a_lot_ends_with_its_window(process, monkeypatch):
    one = process()
    assert one.ask() == 1
    later = rate_counter.time.monotonic() + 61
    monkeypatch.setattr(rate_counter.time, "monotonic", lambda: later)
    rate_counter.forget(f"poll:{CALLER}")  # as it expires in Redis
    assert process().ask(120) == 120
    assert one.ask() == 0


def test_a_process_keeps_a_bounded_number_of_lots(process, monkeypatch):
    monkeypatch.setattr(rate_counter, "MOST_LOTS", 10)
    one = process()
    monkeypatch.setattr(rate_counter, "_lots", one.lots)
    for number in range(50):
        throttling.retry_after(scope="poll", caller=f"{CALLER}:{number}")
    assert 0 < len(one.lots) <= 10
