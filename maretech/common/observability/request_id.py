"""One request id from the phone to the worker: taken or made here, bound to each log line, sent with each message."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from celery.signals import before_task_publish, task_postrun, task_prerun
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from maretech.common.observability.metrics import observe_request

HEADER = "X-Request-ID"
# Polled every few seconds by machines: their lines would hide all others.
PROBES = frozenset({"health/ready", "metrics"})
ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,64}")
log = structlog.get_logger("maretech.access")


def current() -> str:
    """Return the id of the request that this code runs for, or an empty string outside any."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def adopt(request_id: str) -> None:
    """Continue under the id of the request that caused this work, whichever process sent its message."""
    if request_id:
        structlog.contextvars.bind_contextvars(request_id=request_id)


class RequestIdMiddleware:
    """Binds the id before anything else runs and writes one access line when the answer is ready."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        offered = request.headers.get(HEADER, "")
        request_id = offered if ACCEPTABLE.fullmatch(offered) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        response[HEADER] = request_id
        # The path of a signed link grants access by its secrecy, so only the route is logged, or nothing if no route
        # matches.
        route = request.resolver_match.route if request.resolver_match else "-"
        seconds = time.perf_counter() - started
        level = logging.DEBUG if response.status_code < 400 and _is_routine(request, route) else logging.INFO
        log.log(
            level,
            "request",
            method=request.method,
            route=route,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
        )
        observe_request(method=request.method, route=route, status=response.status_code, seconds=seconds)
        return response


def _is_routine(request: HttpRequest, route: str) -> bool:
    return route in PROBES or request.path.startswith(settings.STATIC_URL)


@before_task_publish.connect
def send_along(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is not None and current():
        headers["request_id"] = current()


@task_prerun.connect
def bind_in_worker(task: Any = None, task_id: str = "", **_: Any) -> None:
    structlog.contextvars.clear_contextvars()
    request_id = getattr(task.request, "request_id", None) or (task.request.headers or {}).get("request_id")
    structlog.contextvars.bind_contextvars(request_id=request_id or task_id, task=task.name)


@task_postrun.connect
def unbind_in_worker(**_: Any) -> None:
    structlog.contextvars.clear_contextvars()
