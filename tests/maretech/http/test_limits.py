"""Test limits: per user, or per address when anonymous, counted atomically, never exceeded in any window."""

from datetime import timedelta

import pytest
import time_machine
from django.test import RequestFactory
from django.utils import timezone

from maretech import settings as declared
from maretech.common.http import rate_counter, throttling
from maretech.common.models import RateCounter
from maretech.common.tasks import forget_expired
from testing.phone import Phone, caller
from tests.concurrency import MeetingPoint, at_once
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
OPEN = "/v1/documents/disclaimer"


def limited(settings, **limits: str) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | limits


def statuses(call, count: int) -> list[int]:
    return [call().status_code for _ in range(count)]


def test_a_limit_allows_exactly_its_number_of_requests_per_window(phone, settings):
    limited(settings, default="3/min")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert statuses(lambda: phone.get("/subscriptions/status"), 5) == [200, 200, 200, 429, 429]
        clock.shift(timedelta(seconds=59))
        answer = phone.get("/subscriptions/status")
        refused(answer, 429, "RATE_LIMITED")
        assert 1 <= int(answer["Retry-After"]) <= 2
        clock.shift(timedelta(seconds=int(answer["Retry-After"])))
        assert phone.get("/subscriptions/status").status_code == 200


def test_a_window_starts_with_the_first_request(phone, settings):
    limited(settings, default="2/min")
    with time_machine.travel("2026-05-01T12:00:59Z", tick=False) as clock:
        fresh = Phone.of(phone.owner)
        assert statuses(lambda: fresh.get("/subscriptions/status"), 2) == [200, 200]
        clock.shift(timedelta(seconds=2))
        assert fresh.get("/subscriptions/status").status_code == 429


def test_each_owner_has_one_limit_across_sessions(phone, stranger, settings):
    limited(settings, default="2/min")
    assert statuses(lambda: Phone.of(phone.owner).get("/subscriptions/status"), 3) == [200, 200, 429]
    assert Phone.of(stranger).get("/subscriptions/status").status_code == 200


def test_each_address_has_its_own_limit_when_anonymous(settings):
    limited(settings, default="1/min")
    assert statuses(lambda: caller().get(OPEN, REMOTE_ADDR="198.51.100.1"), 2) == [200, 429]
    assert caller().get(OPEN, REMOTE_ADDR="198.51.100.2").status_code == 200


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("payments", lambda phone: phone.post("/payments/validate", {"provider": "app_store", "receipt": "x"})),
        ("payments", lambda phone: phone.post("/payments/osmosis/mock", {"paid": True})),
        ("payments", lambda phone: phone.post("/subscriptions/corrosion/mock", {"active": True})),
        ("poll", lambda phone: phone.get("/inspections/00000000-0000-0000-0000-000000000001/status")),
        ("poll", lambda phone: phone.get("/inspections/00000000-0000-0000-0000-000000000001/result")),
        ("credentials", lambda _: caller().post("/v1/auth/login", {}, format="json")),
        ("uploads", lambda _: caller().get("/v1/storage/x")),
        ("default", lambda phone: phone.get("/inspections?mode=corrosion")),
    ],
)
def test_each_kind_of_call_has_its_own_limit(phone, settings, name: str, call):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "1000/min") | {name: "1/min"}
    assert call(phone).status_code != 429
    refused(call(phone), 429, "RATE_LIMITED")


def test_polling_does_not_use_up_other_limits(phone, settings):
    limited(settings, default="1/min", poll="3/min")
    path = "/inspections/00000000-0000-0000-0000-000000000001/status"
    assert statuses(lambda: phone.get(path), 4) == [404, 404, 404, 429]
    assert phone.get("/subscriptions/status").status_code == 200


def test_the_limits_of_the_contract_are_the_defaults():
    assert declared.RATE_LIMITS == {
        "default": "100/min",
        "credentials": "10/min",
        "account": "100000/hour",  # production: 30/hour
        "payments": "10/min",
        "webhooks": "60/min",
        "poll": "120/min",
        "uploads": "600/min",
    }


@pytest.mark.parametrize(
    ("forwarded", "trusted", "address"),
    [
        ("", 0, "10.0.0.1"),
        ("203.0.113.9", 0, "10.0.0.1"),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9", 1, "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9, 10.0.0.2", 2, "203.0.113.9"),
        ("203.0.113.9", 2, "10.0.0.1"),
        (" , ,", 1, "10.0.0.1"),
        ("2001:db8:1:2:aaaa::1", 1, "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::ffff", 1, "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", 1, "203.0.113.9"),
        ("unknown", 1, "unknown"),
        ("198.51.100.7:51234", 1, "198.51.100.7"),
        ("1.1.1.1, 198.51.100.7:51234, 10.0.0.2:80", 2, "198.51.100.7"),
        ("[2001:db8::1]:443", 1, "2001:db8::/64"),
        ("[2001:db8::1]", 1, "2001:db8::/64"),
        ("[::ffff:203.0.113.9]:443", 1, "203.0.113.9"),
        ("unknown:443", 1, "unknown:443"),
    ],
)
def test_only_trusted_proxies_name_the_caller(settings, forwarded: str, trusted: int, address: str):
    settings.TRUSTED_PROXY_COUNT = trusted
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert throttling.client_address(request) == address


def test_a_spoofed_address_opens_no_second_window(settings):
    limited(settings, default="1/min")
    spoofed = [caller().get(OPEN, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}").status_code for number in range(3)]
    assert spoofed == [200, 429, 429]


def test_another_port_of_an_address_opens_no_second_window(settings):
    settings.TRUSTED_PROXY_COUNT = 1
    limited(settings, default="1/min")
    answers = [caller().get(OPEN, HTTP_X_FORWARDED_FOR=f"203.0.113.9:{port}").status_code for port in (50001, 50002)]
    assert answers == [200, 429]


@pytest.mark.parametrize("rate", ["100", "100/", "many/min", "100/fortnight", ""])
def test_an_invalid_rate_is_a_configuration_error(rate: str):
    with pytest.raises(ValueError, match=r"A rate reads|invalid literal"):
        throttling.parse_rate(rate)


def test_expired_counters_are_deleted():
    rate_counter.count_one("now", window_seconds=60)
    with time_machine.travel(timezone.now() - timedelta(minutes=5)):
        rate_counter.count_one("long ago", window_seconds=60)
    forget_expired()
    assert list(RateCounter.objects.values_list("key", flat=True)) == [rate_counter.hashed("now")]


def test_no_counter_holds_the_address_it_counts():
    caller().get("/v1/documents/disclaimer", REMOTE_ADDR="203.0.113.7")
    assert not RateCounter.objects.filter(key__contains="203").filter(key__contains=".").exists()
    assert RateCounter.objects.count() == 1


def test_the_database_counts_during_an_outage_of_redis(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    rate_counter._script.cache_clear()
    rate_counter.redis_client.cache_clear()
    try:
        assert [rate_counter.count_one("k", window_seconds=60).count for _ in range(2)] == [1, 2]
        rate_counter.forget("k")
        assert rate_counter.count_one("k", window_seconds=60).count == 1
    finally:
        rate_counter._script.cache_clear()
        rate_counter.redis_client.cache_clear()


@pytest.mark.django_db(transaction=True)
def test_exactly_the_limit_of_forty_parallel_requests_passes(phone, settings):
    limited(settings, default="10/min")
    answers = at_once(40, lambda: phone.get("/subscriptions/status"))
    assert sorted(answer.status_code for answer in answers) == [200] * 10 + [429] * 30


@pytest.mark.django_db(transaction=True)
def test_separate_read_and_write_steps_let_more_requests_pass(monkeypatch):
    """The control: a limit counted in separate steps instead of one atomic statement."""
    meeting = MeetingPoint(8)

    def in_three_steps() -> int:
        seen = RateCounter.objects.filter(key="k").values_list("count", flat=True).first() or 0
        meeting.wait()
        RateCounter.objects.update_or_create(key="k", defaults={"count": seen + 1, "window_ends_at": 9e9})
        return seen + 1

    counts = at_once(8, in_three_steps)
    assert counts.count(1) > 1
