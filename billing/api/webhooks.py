"""Webhooks of providers. An event is verified on the raw bytes, stored first and processed later.

The signature takes the place of a sign-in.
"""

from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api.serializers import EventKeptSerializer
from billing.errors import ReceiptStoreUnavailable
from billing.inbox import events
from billing.provider_registry import event_reader
from billing.providers.base import Event, InvalidSignature, ProviderUnavailable
from billing.tasks import send_event
from billing.vocabulary import Provider
from maretech.common.http.errors import Invalid, PayloadTooLarge
from maretech.common.http.openapi import responses
from maretech.common.http.viewsets import APIViewSet

_SCHEMA: Final[dict[str, Any]] = {
    "auth": [],
    "request": {"application/json": OpenApiTypes.OBJECT},
    "responses": responses({200: EventKeptSerializer}, errors=(400, 413), signed_in=False),
}


class WebhookViewSet(APIViewSet):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope: ClassVar[str] = "webhooks"

    @extend_schema(operation_id="webhook_stripe", **_SCHEMA)
    @action(methods=["post"], detail=False)
    def stripe(self, request: Request) -> Response:
        """Receive a Stripe event.

        Stripe calls this. The signature is verified on the raw bytes; a forged event gets 400. The event is stored
        and processed later, once.
        """
        return _received(request, Provider.STRIPE)

    @extend_schema(operation_id="webhook_app_store", **_SCHEMA)
    @action(methods=["post"], detail=False, url_path="app-store")
    def app_store(self, request: Request) -> Response:
        """Receive an App Store notification.

        Apple calls this. The signed payload is verified; a forged one gets 400. It is stored and processed later,
        once.
        """
        return _received(request, Provider.APP_STORE)

    @extend_schema(operation_id="webhook_play_store", **_SCHEMA)
    @action(methods=["post"], detail=False, url_path="play-store")
    def play_store(self, request: Request) -> Response:
        """Receive a Google Play notification.

        Google calls this through Pub/Sub. The bearer token of the push is verified; a forged one gets 400. It is
        stored and processed later, once.
        """
        return _received(request, Provider.PLAY_STORE)


def _received(request: Request, provider: Provider) -> Response:
    """Store the event and have it processed. Raises `Invalid` if it is forged, or `ReceiptStoreUnavailable`."""
    body = _bounded_body(request)
    try:
        event = _event_of(provider, request)
    except InvalidSignature:
        raise Invalid(signature="This is not signed by the provider, or not now.") from None
    except ProviderUnavailable as error:
        raise ReceiptStoreUnavailable from error
    event_id = events.store(provider, event, body=body, headers=request.headers)
    if event_id is not None:
        send_event(event_id)
    return Response(EventKeptSerializer({"received": True}).data)


def _bounded_body(request: Request) -> bytes:
    try:
        body: bytes = request.body
    except RequestDataTooBig:
        raise PayloadTooLarge from None
    if len(body) > settings.MAX_REQUEST_BODY_BYTES:
        raise PayloadTooLarge
    return body


def _event_of(provider: Provider, request: Request) -> Event:
    """Return the event. Raises `InvalidSignature`, or `ProviderUnavailable` if it cannot be checked now."""
    reader = event_reader(provider)
    if reader is None:
        raise InvalidSignature
    return reader.read_event(request.body, request.headers)
