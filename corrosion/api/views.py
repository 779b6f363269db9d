"""Corrosion tracking over REST. Four moves each: scope, validate, call, respond."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from corrosion.api import presentation
from corrosion.api.permissions import require_subscription
from corrosion.api.serializers import (
    ComparisonSerializer,
    HistoryQuerySerializer,
    HistorySerializer,
    PendingComparisonSerializer,
)
from corrosion.comparison.history import history_of
from corrosion.comparison.requests import ask_for_comparison, own_pair
from corrosion.vocabulary import ComparisonState
from maretech.common.http.openapi import answers
from maretech.common.http.pagination import MAX_PAGE_SIZE, KeysetPagination

POLL_SECONDS = 2


def _in_query(name: str, type_: OpenApiTypes, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, type_, OpenApiParameter.QUERY, required=required)


class HistoryView(APIView):
    @extend_schema(
        operation_id="corrosion_history",
        parameters=[
            HistoryQuerySerializer,
            _in_query("cursor", OpenApiTypes.STR),
            OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE}),
        ],
        responses=answers({200: HistorySerializer}, errors=(400, 403)),
    )
    def get(self, request: Request) -> Response:
        """List completed inspections.

        Returns the completed corrosion inspections, newest first. Needs a subscription.
        """
        require_subscription(request.user)
        asked = HistoryQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        paginator = KeysetPagination()
        page = paginator.paginate_queryset(history_of(request.user, **asked.validated_data), request, self)
        return Response(presentation.history(page, paginator.get_next_link()))


class CompareView(APIView):
    rate_limit = "poll"

    @extend_schema(
        operation_id="corrosion_compare",
        parameters=[
            _in_query("from", OpenApiTypes.UUID, required=True),
            _in_query("to", OpenApiTypes.UUID, required=True),
        ],
        responses=answers({200: ComparisonSerializer, 202: PendingComparisonSerializer}, errors=(400, 403)),
    )
    def get(self, request: Request) -> Response:
        """Compare two inspections.

        Returns the trend between two inspections of one vessel, point by point, or 202 while it is computed. What
        cannot be compared says why and has no trend. Needs a subscription.
        """
        require_subscription(request.user)
        asked = request.query_params
        before, after = own_pair(owner=request.user, from_id=asked.get("from"), to_id=asked.get("to"))
        comparison = ask_for_comparison(before=before, after=after)
        if comparison.state == ComparisonState.PENDING:
            return Response(presentation.pending(comparison), status=202, headers={"Retry-After": str(POLL_SECONDS)})
        return Response(presentation.compared(comparison, request))
