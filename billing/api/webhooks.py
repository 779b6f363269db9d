"""Webhooks of the providers in the registry. An event is verified on the raw bytes, stored first and processed later.

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

from billing.errors import ReceiptStoreUnavailable
from billing.inbox import events
from billing.provider_registry import Webhook, event_reader, webhooks
from billing.providers.base import Event, InvalidSignature, ProviderUnavailable
from billing.tasks import send_event
from billing.vocabulary import Provider
from maretech.common.http.errors import Invalid, PayloadTooLarge
from maretech.common.http.openapi import ReceivedSerializer, responses
from maretech.common.http.viewsets import APIViewSet

_SCHEMA: Final[dict[str, Any]] = {
    "auth": [],
    "request": {"application/json": OpenApiTypes.OBJECT},
    "responses": responses({200: ReceivedSerializer}, errors=(400, 413), signed_in=False),
}


def webhook_viewset() -> type[APIViewSet]:
    """Return the viewset with one action for each webhook of the registry, `webhooks/app-store` for `app_store`."""

    class WebhookViewSet(APIViewSet):
        authentication_classes = ()
        permission_classes = (AllowAny,)
        throttle_scope: ClassVar[str] = "webhooks"

    for provider, webhook in webhooks().items():
        setattr(WebhookViewSet, provider.value, _action(provider, webhook))
    return WebhookViewSet


def _action(provider: Provider, webhook: Webhook) -> Any:
    def receive(viewset: APIViewSet, request: Request) -> Response:
        return _received(request, provider)

    receive.__name__ = provider.value  # DRF expects the name of the attribute, and names the route by it
    routed = action(methods=["post"], detail=False, url_path=provider.value.replace("_", "-"))(receive)
    return extend_schema(
        operation_id=f"receive_{provider.value}_event",
        summary=webhook.summary,
        description=webhook.description,
        **_SCHEMA,
    )(routed)


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
    return Response(ReceivedSerializer({"received": True}).data)


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
