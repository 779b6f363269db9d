"""The route of ghosts: earlier photos to line a new one up with."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from corrosion.api.ghost_serializers import GhostsQuerySerializer, GhostsSerializer
from corrosion.api.permissions import require_subscription
from corrosion.ghosts.earlier_photos import ghosts_of
from corrosion.ghosts.requests import own_inspection
from maretech.common.http.openapi import responses
from maretech.common.http.viewsets import APIViewSet


class GhostViewSet(APIViewSet):
    @extend_schema(
        operation_id="list_corrosion_ghosts",
        parameters=[GhostsQuerySerializer],
        responses=responses({200: GhostsSerializer}, errors=(400, 403, 404)),
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """List earlier photos to line up with.

        Returns the last accepted photo of each point and angle from earlier visits to the same vessel; none on a first
        visit. Needs a subscription.
        """
        require_subscription(caller(request))
        serializer = GhostsQuerySerializer(data=request.query_params.dict())
        serializer.is_valid(raise_exception=True)
        inspection = own_inspection(owner=caller(request), inspection_id=serializer.validated_data["for"])
        body = {"ghosts": ghosts_of(inspection)}
        return Response(GhostsSerializer(body, context=self.get_serializer_context()).data)
