"""Routes of corrosion tracking: past inspections, and the comparison of two of them."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from corrosion.api.permissions import require_subscription
from corrosion.api.serializers import (
    ComparisonSerializer,
    HistoryItemSerializer,
    HistoryQuerySerializer,
    HistorySerializer,
    PendingComparisonSerializer,
)
from corrosion.comparison.history import history_of
from corrosion.comparison.requests import own_pair, request_comparison
from corrosion.vocabulary import ComparisonState
from maretech.common.http.openapi import responses
from maretech.common.http.pagination import MAX_PAGE_SIZE, KeysetPagination
from maretech.common.http.viewsets import APIViewSet

POLL_SECONDS = 2


def _in_query(name: str, type_: OpenApiTypes, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, type_, OpenApiParameter.QUERY, required=required)


class HistoryPagination(KeysetPagination):
    """Names its pages `inspections`."""

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"inspections": data, "next": self.get_next_link(), "previous": self.get_previous_link()})


class TrackingViewSet(APIViewSet):
    pagination_class = HistoryPagination

    @extend_schema(
        operation_id="corrosion_history",
        parameters=[
            HistoryQuerySerializer,
            _in_query("cursor", OpenApiTypes.STR),
            OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE}),
        ],
        responses=responses({200: HistorySerializer}, errors=(400, 403, 404)),
    )
    @action(detail=False)
    def history(self, request: Request) -> Response:
        """List completed inspections.

        Returns the completed corrosion inspections, newest first; with `vessel_id` or `vessel_label`, those of one
        vessel. Needs a subscription.
        """
        require_subscription(caller(request))
        serializer = HistoryQuerySerializer(data=request.query_params.dict())
        serializer.is_valid(raise_exception=True)
        page = self.paginate_queryset(history_of(caller(request), **serializer.validated_data))
        return self.get_paginated_response(HistoryItemSerializer(page, many=True).data)

    @extend_schema(
        operation_id="corrosion_compare",
        parameters=[
            _in_query("from", OpenApiTypes.UUID, required=True),
            _in_query("to", OpenApiTypes.UUID, required=True),
        ],
        responses=responses({200: ComparisonSerializer, 202: PendingComparisonSerializer}, errors=(400, 403)),
    )
    @action(detail=False, throttle_scope="poll")
    def compare(self, request: Request) -> Response:
        """Compare two inspections.

        Returns the trend between two inspections of one vessel, point by point, or 202 while it is computed. A pair
        or point that cannot be compared has reasons and no trend. Needs a subscription.
        """
        require_subscription(caller(request))
        pair = request.query_params
        before, after = own_pair(owner=caller(request), from_id=pair.get("from"), to_id=pair.get("to"))
        comparison = request_comparison(before=before, after=after)
        if comparison.state == ComparisonState.PENDING:
            pending = PendingComparisonSerializer(comparison).data
            return Response(pending, status=202, headers={"Retry-After": str(POLL_SECONDS)})
        return Response(ComparisonSerializer(comparison, context=self.get_serializer_context()).data)
