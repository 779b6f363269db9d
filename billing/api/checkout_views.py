"""Paying on a provider's own page, over REST."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from billing.api.serializers import CheckoutRequestSerializer, CheckoutSerializer
from billing.models import Order
from billing.provider_registry import providers_that
from billing.providers.capabilities import Can
from billing.sync import checkout
from maretech.common.http.errors import NotFound
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, responses
from maretech.common.http.viewsets import APIViewSet


class CheckoutViewSet(APIViewSet):
    throttle_scope: ClassVar[str] = "payments"
    serializer_class = CheckoutRequestSerializer
    lookup_url_kwarg = "session_id"

    @extend_schema(
        operation_id="open_checkout",
        parameters=[IDEMPOTENCY_KEY],
        responses=responses(
            {
                201: CheckoutSerializer,
                200: OpenApiResponse(
                    CheckoutSerializer, description="The page of this subscription that is open already"
                ),
            },
            errors=(400, 409, 413, 415, 422),
        ),
    )
    def create(self, request: Request) -> Response:
        """Open a checkout page.

        Writes the order and returns the payment page of the provider. The order is paid only when the provider says
        so: poll the session. An owner has one subscription: asked for again while its page is open, the same page
        comes back with 200; another plan closes that page first; and once it is paid, 409 `ALREADY_SUBSCRIBED`.
        """
        product_code = self.validated_body()["product"]

        def effect() -> Outcome:
            order, is_new = checkout.order_for(owner=caller(request), product_code=product_code)
            return Outcome(201 if is_new else 200, {"order_id": str(order.pk)})

        # The provider is asked before and after the effect's transaction, never in it.
        return run_idempotent(
            request,
            prepare=lambda: checkout.close_replaced_pages(owner=caller(request), product_code=product_code),
            effect=effect,
            present=lambda reference: present_page(UUID(reference["order_id"])),
        )

    @extend_schema(operation_id="get_checkout", responses=responses({200: CheckoutSerializer}, errors=(404,)))
    def retrieve(self, request: Request, session_id: UUID) -> Response:
        """Poll a checkout page.

        Returns the status of the checkout. `url` is null once the page is no longer open.
        """
        sellers = providers_that(Can.HOST_CHECKOUT)
        if not Order.objects.filter(pk=session_id, owner_id=request.user.pk, provider__in=sellers).exists():
            raise NotFound
        return Response(present_page(session_id))


def present_page(order_id: UUID) -> dict[str, Any]:
    """Return the answer about the payment page of an order, which is opened if it has none."""
    order = Order.objects.get(pk=order_id)
    page = checkout.get_or_open_page(order) if order.status in checkout.UNRESOLVED else None
    order.refresh_from_db()
    is_open = order.status in checkout.UNRESOLVED
    return CheckoutSerializer({"order": order, "url": page.url if page and is_open else None}).data
