"""Maintenance of the caller's vessels."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from corrosion.api.permissions import require_subscription
from corrosion.api.serializers import HistoryQuerySerializer
from corrosion.api.timeline_serializers import MaintenanceInput, MaintenanceOutput, MaintenancePageOutput
from corrosion.api.vessels import requested_vessel
from corrosion.maintenance.changes import Job, add_maintenance, own_maintenance, remove_maintenance
from corrosion.maintenance.queries import maintenance_of
from corrosion.models import Maintenance
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, PAGE_PARAMETERS, responses
from maretech.common.http.pagination import KeysetPagination
from maretech.common.http.viewsets import APIViewSet


class MaintenanceViewSet(APIViewSet):
    serializer_class = MaintenanceInput
    pagination_class = KeysetPagination
    lookup_url_kwarg = "maintenance_id"

    def get_queryset(self) -> QuerySet[Maintenance]:
        return Maintenance.objects.owned_by(caller(self.request)).select_related("vessel")

    @extend_schema(
        operation_id="list_corrosion_maintenance",
        parameters=[HistoryQuerySerializer, *PAGE_PARAMETERS],
        responses=responses({200: MaintenancePageOutput}, errors=(400, 403, 404)),
    )
    def list(self, request: Request) -> Response:
        """List the maintenance.

        Returns what the owner noted, last noted first; with `vessel_id` or `vessel_label`, that of one vessel. Needs a
        subscription.
        """
        require_subscription(caller(request))
        serializer = HistoryQuerySerializer(data=request.query_params.dict())
        serializer.is_valid(raise_exception=True)
        page = self.paginate_queryset(maintenance_of(caller(request), **serializer.validated_data))
        return self.get_paginated_response(MaintenanceOutput(page, many=True).data)

    @extend_schema(
        operation_id="add_corrosion_maintenance",
        parameters=[IDEMPOTENCY_KEY],
        responses=responses(
            {201: MaintenanceOutput, 200: MaintenanceOutput}, errors=(400, 403, 404, 409, 413, 415, 422)
        ),
    )
    def create(self, request: Request) -> Response:
        """Note maintenance.

        Blasting and painting restart the baseline of the named points, or of all: nothing is compared across them.
        Anodes and cleaning are shown, and restart nothing. A label that no vessel of the owner has is 404, and makes no
        vessel: a typing error would leave the comparisons of the real vessel unchanged. The same entry again is 200
        with the entry that exists. Needs a subscription.
        """
        body = self.validated_body()
        require_subscription(caller(request))
        named = {name: body.pop(name) for name in ("vessel_id", "vessel_label") if name in body}

        def effect() -> Outcome:
            vessel = requested_vessel(caller(request), **named)
            row, is_new = add_maintenance(owner=caller(request), vessel_id=vessel.pk, job=Job(**body))
            return Outcome(201 if is_new else 200, {"maintenance_id": str(row.pk)})

        def present(reference: dict[str, Any]) -> dict[str, Any]:
            row = own_maintenance(owner=caller(request), maintenance_id=reference["maintenance_id"])
            return MaintenanceOutput(row).data

        return run_idempotent(request, effect=effect, present=present)

    @extend_schema(
        operation_id="delete_corrosion_maintenance",
        responses=responses({204: OpenApiResponse(description="Removed")}, errors=(403, 404)),
    )
    def destroy(self, request: Request, maintenance_id: UUID) -> Response:
        """Remove maintenance.

        Removes an entry that was noted by mistake. Comparisons across it are computed again. Needs a subscription.
        """
        own_maintenance(owner=caller(request), maintenance_id=maintenance_id)
        require_subscription(caller(request))
        remove_maintenance(owner=caller(request), maintenance_id=maintenance_id)
        return Response(status=204)
