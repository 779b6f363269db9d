"""Letters: the owner pays for one over the API, and the service that posts them reports over a webhook."""

from typing import Any, ClassVar, Final
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from billing.api.checkout_views import present_page
from billing.api.serializers import CheckoutSerializer
from dossiers.deliveries import letter_events
from dossiers.deliveries.payments import open_letter_order
from dossiers.post.ports import InvalidSignature
from maretech.common.http.errors import Invalid, PayloadTooLarge
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, ReceivedSerializer, responses
from maretech.common.http.viewsets import APIViewSet

_FORGED: Final = "This is not signed by the letter service, or not now."


class DeliveryViewSet(APIViewSet):
    throttle_scope: ClassVar[str] = "payments"
    lookup_url_kwarg = "delivery_id"

    @extend_schema(
        operation_id="open_delivery_checkout",
        tags=["dossiers"],
        request=None,
        parameters=[IDEMPOTENCY_KEY],
        responses=responses(
            {201: CheckoutSerializer, 200: OpenApiResponse(CheckoutSerializer, description="The page that is open")},
            errors=(400, 404, 409, 422),
        ),
    )
    @action(detail=True, methods=["post"])
    def checkout(self, request: Request, delivery_id: UUID) -> Response:
        """Pay for a letter.

        Writes the order and returns its payment page; asked for again, the same page comes back with 200. The letter is
        posted once the payment provider says that it is paid. A letter that is not paid within 24 hours expires: 409
        `NOT_ELIGIBLE`, and a payment made too late is refunded.
        """

        def effect() -> Outcome:
            order_id, is_new = open_letter_order(owner=caller(request), delivery_id=delivery_id)
            return Outcome(201 if is_new else 200, {"order_id": str(order_id)})

        # The provider is asked after the effect's transaction, never in it.
        return run_idempotent(
            request, effect=effect, present=lambda reference: present_page(UUID(reference["order_id"]))
        )


class LetterWebhookViewSet(APIViewSet):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope: ClassVar[str] = "webhooks"

    @extend_schema(
        operation_id="receive_letter_event",
        tags=["webhooks"],
        auth=[],
        request={"application/json": OpenApiTypes.OBJECT},
        responses=responses({200: ReceivedSerializer}, errors=(400, 413), signed_in=False),
    )
    @action(methods=["post"], detail=False, url_path="post")
    def letters(self, request: Request) -> Response:
        """Receive events of the letter service.

        The service that posts letters calls this. Its signature is verified on the raw bytes; a forged event, and one
        older than five minutes, gets 400. A genuine one is a hint: the letter is read again at the service.
        """
        try:
            letter_events.receive(_bounded_body(request), request.headers)
        except InvalidSignature:
            raise Invalid(signature=_FORGED) from None
        return Response(ReceivedSerializer({"received": True}).data)


def _bounded_body(request: Request) -> Any:
    try:
        body: bytes = request.body
    except RequestDataTooBig:
        raise PayloadTooLarge from None
    if len(body) > settings.MAX_REQUEST_BODY_BYTES:
        raise PayloadTooLarge
    return body
