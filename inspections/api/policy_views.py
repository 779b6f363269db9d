"""What to photograph, over REST."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from inspections.api.serializers import CapturePolicySerializer
from inspections.lifecycle.allowance import current_policy
from inspections.models import CapturePolicy
from inspections.vocabulary import Mode
from maretech.common.http.openapi import responses


class CapturePolicyViewSet(GenericViewSet[CapturePolicy]):
    lookup_url_kwarg = "mode"

    @extend_schema(
        operation_id="get_capture_policy",
        parameters=[OpenApiParameter("mode", OpenApiTypes.STR, OpenApiParameter.PATH, enum=Mode.values())],
        responses=responses({200: CapturePolicySerializer}, errors=(404,)),
    )
    def retrieve(self, request: Request, mode: str) -> Response:
        """Read what to photograph.

        Returns the current capture policy of a mode: points, angles, and the limits that a photo must keep. Read it
        before each inspection; staff change it without a release of the app.
        """
        return Response(CapturePolicySerializer(current_policy(mode)).data)
