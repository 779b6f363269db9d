"""What can be bought, and what was: over REST."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.api import presentation
from billing.api.serializers import OrderPageSerializer, OrderSerializer, ProductsSerializer
from billing.catalogue.products import products_on_sale
from billing.models import Order
from billing.sync import checkout
from maretech.common.http.errors import NotFound
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, PAGE_PARAMETERS, answers
from maretech.common.http.pagination import KeysetPagination


class ProductsView(APIView):
    """Open to all: a price may be seen before signing in."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(operation_id="products", auth=[], responses=answers({200: ProductsSerializer}, signed_in=False))
    def get(self, request: Request) -> Response:
        """List the products.

        Returns what can be bought, with its price in minor units. Needs no token.
        """
        return Response({"products": [presentation.product(row) for row in products_on_sale()]})


class OrdersView(APIView):
    @extend_schema(
        operation_id="orders_list",
        parameters=PAGE_PARAMETERS,
        responses=answers({200: OrderPageSerializer}, errors=(400,)),
    )
    def get(self, request: Request) -> Response:
        """List the orders.

        Returns the owner's orders, newest first.
        """
        paginator = KeysetPagination()
        page = paginator.paginate_queryset(_own(request), request, self)
        return paginator.get_paginated_response([presentation.order(row) for row in page])


class OrderView(APIView):
    @extend_schema(operation_id="order_detail", responses=answers({200: OrderSerializer}, errors=(404,)))
    def get(self, request: Request, order_id: UUID) -> Response:
        """Show an order.

        Returns the order with its price, its policy and the history of its status.
        """
        found = _own(request).filter(pk=order_id).first()
        if found is None:
            raise NotFound
        return Response(presentation.order(found))


class CancelOrderView(APIView):
    rate_limit = "payments"

    @extend_schema(
        operation_id="order_cancel",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses=answers({200: OrderSerializer}, errors=(400, 404, 409, 422)),
    )
    def post(self, request: Request, order_id: UUID) -> Response:
        """Cancel an order.

        Cancels an unused order within its cancellation time and refunds it. Afterwards: 409 `ORDER_NOT_CANCELLABLE`.
        """
        return run_idempotent(
            request,
            prepare=lambda: checkout.cancel(owner=request.user, order_id=order_id),  # asks the provider
            effect=lambda: Outcome(200, {}),
            present=lambda _: presentation.order(_own(request).get(pk=order_id)),
        )


def _own(request: Request) -> QuerySet[Order]:
    return Order.objects.filter(owner_id=request.user.pk).select_related("product").prefetch_related("events")
