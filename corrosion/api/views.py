"""Routes of corrosion tracking: past inspections, the comparison of two of them, and the timeline of a vessel."""

from django.http import HttpResponse
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
from corrosion.api.timeline_serializers import TimelineOutput, VesselQuerySerializer
from corrosion.api.vessels import requested_vessel
from corrosion.comparison.history import history_of
from corrosion.comparison.requests import own_pair, request_comparison
from corrosion.timeline.chart.svg import timeline_svg
from corrosion.timeline.reading import timeline_of
from corrosion.timeline.shape import Timeline
from corrosion.vocabulary import ComparisonState
from maretech.common.http.openapi import responses, retry_after
from maretech.common.http.pagination import MAX_PAGE_SIZE, KeysetPagination
from maretech.common.http.viewsets import APIViewSet

POLL_SECONDS = 2
# Comparisons of a timeline are many, and one of an owner is computed at a time.
TIMELINE_POLL_SECONDS = 5
SVG = "image/svg+xml"


def _in_query(name: str, type_: OpenApiTypes, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, type_, OpenApiParameter.QUERY, required=required)


class HistoryPagination(KeysetPagination):
    results_name = "inspections"


class TrackingViewSet(APIViewSet):
    pagination_class = HistoryPagination

    @extend_schema(
        operation_id="list_corrosion_history",
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
        operation_id="compare_corrosion",
        parameters=[
            _in_query("from", OpenApiTypes.UUID, required=True),
            _in_query("to", OpenApiTypes.UUID, required=True),
            retry_after(202),
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

    @extend_schema(
        operation_id="get_corrosion_timeline",
        parameters=[VesselQuerySerializer, retry_after(200)],
        responses=responses({200: TimelineOutput}, errors=(400, 403, 404)),
    )
    @action(detail=False, throttle_scope="poll")
    def timeline(self, request: Request) -> Response:
        """Show the timeline of a vessel.

        Returns each point with its visits, oldest first. A step is the comparison with the visit before; a visit that
        did not photograph the point is left out. Maintenance that changes the surface ends a segment. Needs a
        subscription.
        """
        timeline = _timeline(request)
        return Response(TimelineOutput(timeline).data, headers=_retry_after(timeline))

    @extend_schema(
        operation_id="get_corrosion_timeline_chart",
        parameters=[VesselQuerySerializer, retry_after(200)],
        responses=responses({(200, SVG): OpenApiTypes.STR}, errors=(400, 403, 404)),
    )
    @action(detail=False, throttle_scope="poll", url_path="timeline.svg", url_name="timeline-chart")
    def timeline_chart(self, request: Request) -> HttpResponse:
        """Draw the timeline of a vessel.

        Returns the same timeline as an SVG without scripts and styles. Needs a subscription.
        """
        timeline = _timeline(request)
        return HttpResponse(timeline_svg(timeline), content_type=SVG, headers=_retry_after(timeline))


def _timeline(request: Request) -> Timeline:
    require_subscription(caller(request))
    serializer = VesselQuerySerializer(data=request.query_params.dict())
    serializer.is_valid(raise_exception=True)
    return timeline_of(requested_vessel(caller(request), **serializer.validated_data))


def _retry_after(timeline: Timeline) -> dict[str, str]:
    return {"Retry-After": str(TIMELINE_POLL_SECONDS)} if timeline.pending else {}
