"""Probes: the process is alive, it can serve requests, and every queue has a consumer."""

import math
import time
from collections.abc import Callable
from threading import Lock
from typing import Any, Final

import kombu.exceptions
import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from maretech.celery import app as celery_app
from maretech.common.observability.heartbeat import silent_queues
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectMissing, ObjectStoreUnavailable

log = structlog.get_logger(__name__)

# Probes within this time get the same answer: each checks database, broker and store, and needs no token.
LOOK_EVERY_SECONDS: Final = 1.0
# Older answers are not returned: the caller waits for the probe that is running.
STALE_SECONDS: Final = 15.0


class AliveSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ok"])


class ReadinessSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ok", "unavailable"])
    database = serializers.CharField()
    broker = serializers.CharField()
    object_store = serializers.CharField()
    worker = serializers.CharField()


class LiveView(APIView):
    """The process is alive. Checks no other part; not rate-limited."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []

    @extend_schema(operation_id="get_health", responses={200: AliveSerializer})
    def get(self, request: Request) -> Response:
        """Check that the process is alive.

        Answers as long as the process runs. It checks no other part, needs no token and is not rate-limited.
        """
        return Response({"status": "ok"})


class ReadyView(APIView):
    """Answers 200 if this process reaches what it needs to serve, else 503 with the part that fails.

    `worker` names the queues that no worker consumes, `broker` says whether messages can be sent. Both raise an alert
    (`QueueNotConsumed`) and keep the 200: otherwise every web process would fail at once, and none would accept the
    photos that can wait. Meanwhile limits are counted in the database, and the sweep sends messages again.
    """

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []

    @extend_schema(
        operation_id="get_readiness",
        responses={
            200: ReadinessSerializer,
            503: OpenApiResponse(ReadinessSerializer, description="Database or object store is not reachable"),
        },
    )
    def get(self, request: Request) -> Response:
        """Check whether this node can serve.

        Answers 200 or 503, with one entry per part: `ok`, or what is wrong with it. `broker` and `worker` (a
        queue that no worker consumes) leave it 200: this node serves, and the work for them waits.
        """
        parts = readiness.parts()
        ready = all(state == "ok" for part, state in parts.items() if part not in REPORTED_ONLY)
        return Response({"status": "ok" if ready else "unavailable", **parts}, status=200 if ready else 503)


def _state(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except (DatabaseError, ObjectStoreUnavailable, ObjectMissing, OSError, kombu.exceptions.KombuError, _Silent) as exc:
        log.info("not ready", part=name, error=str(exc) or type(exc).__name__)
        return str(exc) if isinstance(exc, _Silent) else "unreachable"
    return "ok"


class _Silent(Exception):
    """No worker consumes some queue."""


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    if settings.USES_FILESYSTEM_BROKER:
        (settings.BROKER_DIR / "messages").stat()
        return
    with celery_app.connection_for_read() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)


def _object_store() -> None:
    object_store().ping()


def _worker() -> None:
    if silent := silent_queues():
        raise _Silent(f"no sign of life on: {', '.join(silent)}")


# Reported without a 503: without them this process still serves every request, and work waits in its rows.
REPORTED_ONLY: Final = frozenset({"broker", "worker"})
CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "broker": _broker,
    "object_store": _object_store,
    "worker": _worker,
}


class Readiness:
    """State of each part. One caller probes at a time; the others get the previous answer."""

    def __init__(self) -> None:
        self._looking = Lock()
        self._found: dict[str, str] = {}
        self._found_at = -math.inf

    def parts(self) -> dict[str, str]:
        """Return each part with "ok" or its fault."""
        if self._age() >= LOOK_EVERY_SECONDS:
            must_wait = self._age() > STALE_SECONDS
            if self._looking.acquire(blocking=must_wait):
                try:
                    if self._age() >= LOOK_EVERY_SECONDS:  # no other caller probed while this one waited
                        self._found = {name: _state(name, check) for name, check in CHECKS.items()}
                        self._found_at = time.monotonic()
                finally:
                    self._looking.release()
        return self._found

    def _age(self) -> float:
        return time.monotonic() - self._found_at


readiness = Readiness()
