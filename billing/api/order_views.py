"""The orders of the caller."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from billing.api.serializers import OrderPageSerializer, OrderSerializer
from billing.models import Order
from billing.sync import checkout
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, PAGE_PARAMETERS, responses
from maretech.common.http.pagination import KeysetPagination
from maretech.common.http.viewsets import APIViewSet


class OrderViewSet(APIViewSet):
    serializer_class = OrderSerializer
    pagination_class = KeysetPagination
    lookup_url_kwarg = "order_id"

    def get_queryset(self) -> QuerySet[Order]:
        own = Order.objects.filter(owner_id=self.request.user.pk)
        return own.select_related("product").prefetch_related("events")

    @extend_schema(
        operation_id="list_orders",
        parameters=PAGE_PARAMETERS,
        responses=responses({200: OrderPageSerializer}, errors=(400,)),
    )
    def list(self, request: Request) -> Response:
        """List the orders.

        Returns the owner's orders, newest first.
        """
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(operation_id="get_order", responses=responses({200: OrderSerializer}, errors=(404,)))
    def retrieve(self, request: Request, order_id: UUID) -> Response:
        """Show an order.

        Returns the order with its price, its policy and the history of its status.
        """
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        operation_id="cancel_order",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses=responses({200: OrderSerializer}, errors=(400, 404, 409, 422)),
    )
    @action(methods=["post"], detail=True, throttle_scope="payments")
    def cancel(self, request: Request, order_id: UUID) -> Response:
        """Cancel an order.

        Cancels an unused order within its cancellation time and refunds it. Afterwards: 409 `ORDER_NOT_CANCELLABLE`.
        """
        return run_idempotent(
            request,
            prepare=lambda: checkout.cancel(owner=caller(request), order_id=order_id),  # asks the provider
            effect=lambda: Outcome(200, {}),
            present=lambda _: self.get_serializer(self.get_object()).data,
        )
