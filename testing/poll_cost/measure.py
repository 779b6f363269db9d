"""Measures both routes in turn, so that a change of the machine's speed affects both."""

import time
from statistics import median
from typing import Final

from accounts.identity.sessions import start_session
from accounts.identity.tokens import issue_tokens
from testing.factories import JobFactory
from testing.phone import caller

ROUNDS: Final = 15
REQUESTS: Final = 200
ROUTES: Final = {"lean view": "/v1/inspections/{}/status", "viewset": "/v1/poll-cost/{}/status"}


def measure(*, rounds: int = ROUNDS, requests: int = REQUESTS) -> dict[str, float]:
    """Return the median CPU time of a request of each route, in ms."""
    job = JobFactory.create()
    client = caller(issue_tokens(start_session(user=job.inspection.owner)).access_token)
    paths = {name: route.format(job.inspection_id) for name, route in ROUTES.items()}
    answers = [client.get(path) for path in paths.values()]  # one unmeasured request of each
    assert [answer.status_code for answer in answers] == [200] * len(paths)
    assert len({answer.content for answer in answers}) == 1, "the routes give different answers"
    spent: dict[str, list[float]] = {name: [] for name in paths}
    for _ in range(rounds):
        for name, path in paths.items():
            started = time.process_time()
            for _ in range(requests):
                client.get(path)
            spent[name].append((time.process_time() - started) * 1000 / requests)
    return {name: median(times) for name, times in spent.items()}
