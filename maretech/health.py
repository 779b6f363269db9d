"""Is the process alive, and can the whole do its work?"""

from collections.abc import Callable
from typing import Any

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
from maretech.common.heartbeat import silent_queues
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectMissing, StoreUnavailable

log = structlog.get_logger(__name__)


class AliveSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ok"])


class ReadinessSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ok", "unavailable"])
    database = serializers.CharField()
    broker = serializers.CharField()
    object_store = serializers.CharField()
    worker = serializers.CharField()


class LiveView(APIView):
    """The process is alive. Nothing else is asked, and nothing is counted."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []

    @extend_schema(operation_id="health", responses={200: AliveSerializer})
    def get(self, request: Request) -> Response:
        return Response({"status": "ok"})


class ReadyView(APIView):
    """Every part is reachable and every queue is being worked on: 200, else 503 with the part that is not."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []

    @extend_schema(
        operation_id="health_ready",
        responses={
            200: ReadinessSerializer,
            503: OpenApiResponse(ReadinessSerializer, description="At least one part is not reachable"),
        },
    )
    def get(self, request: Request) -> Response:
        parts = {name: _state(name, check) for name, check in CHECKS.items()}
        ready = all(state == "ok" for state in parts.values())
        return Response({"status": "ok" if ready else "unavailable", **parts}, status=200 if ready else 503)


def _state(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except (DatabaseError, StoreUnavailable, ObjectMissing, OSError, kombu.exceptions.KombuError, _Silent) as exc:
        log.info("not ready", part=name, error=str(exc) or type(exc).__name__)
        return str(exc) if isinstance(exc, _Silent) else "unreachable"
    return "ok"


class _Silent(Exception):
    """Nobody takes work from some queue."""


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


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "broker": _broker,
    "object_store": _object_store,
    "worker": _worker,
}
