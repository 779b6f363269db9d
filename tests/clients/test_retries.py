"""Test which requests the Python client repeats, how often, and after how long."""

import httpx
import pytest

from maretech_client.retries import RetryingTransport

URL = "https://api.example.com/v1/vessels"
KEY = {"Idempotency-Key": "one-key"}


class Server(httpx.BaseTransport):
    """Answers with these statuses, each with its `Retry-After`; None loses the answer."""

    def __init__(self, *answers: tuple[int, str] | None) -> None:
        self.answers = list(answers)
        self.requests: list[tuple[bytes, str]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append((request.read(), request.headers.get("Idempotency-Key", "")))
        answer = self.answers.pop(0)
        if answer is None:
            raise httpx.ReadTimeout("lost")
        status, wait = answer
        return httpx.Response(status, headers={"Retry-After": wait} if wait else {})


def sent(server: Server, method: str, *, patience_seconds: float = 120, url: str = URL, **request):
    waits: list[float] = []
    transport = RetryingTransport(server, patience_seconds=patience_seconds, sleep=waits.append)
    with httpx.Client(transport=transport) as client:
        return client.request(method, url, **request), waits


def test_a_repeated_request_is_the_same_with_the_same_key():
    server = Server(None, (503, "4"), (409, "1"), (429, "30"), (201, ""))
    answer, waits = sent(server, "POST", json={"name": "Tern"}, headers=KEY)
    assert answer.status_code == 201
    assert server.requests == [(b'{"name":"Tern"}', "one-key")] * 5
    assert waits[1:] == [4, 1, 30]
    assert 0 < waits[0] <= 0.5


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_lost_answer_is_asked_for_again_where_no_second_effect_is_possible(method):
    assert sent(Server(None, (200, "")), method)[0].status_code == 200


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_lost_answer_without_a_key_is_not_asked_for_again(method):
    server = Server(None, (200, ""))
    with pytest.raises(httpx.ReadTimeout):
        sent(server, method, json={})
    assert len(server.requests) == 1


def test_an_outage_without_a_key_is_returned():
    assert sent(Server((503, "1"), (200, "")), "POST")[0].status_code == 503


@pytest.mark.parametrize("end", ["inspections/1/submit", "inspections/1/complete", "assets/1/uploaded", "auth/refresh"])
def test_a_post_that_acts_once_is_repeated_without_a_key(end):
    assert sent(Server(None, (202, "")), "POST", url=f"https://api.example.com/v1/{end}")[0].status_code == 202


def test_a_limit_is_waited_for_whatever_the_request():
    answer, waits = sent(Server((429, "7"), (201, "")), "POST", json={})
    assert (answer.status_code, waits) == (201, [7])


@pytest.mark.parametrize("answer", [(409, ""), (409, "2")])
def test_a_conflict_is_returned_unless_it_is_about_a_key(answer):
    assert sent(Server(answer), "GET")[0].status_code == 409


def test_patience_ends():
    assert sent(Server((429, "3600")), "GET", patience_seconds=60)[0].status_code == 429
    with pytest.raises(httpx.ReadTimeout):
        sent(Server(None), "GET", patience_seconds=0)
