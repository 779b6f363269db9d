"""The lift-out of a vessel: the clock of what an osmosis inspection can see."""

from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from maretech.common.http.openapi import responses
from maretech.common.http.viewsets import APIViewSet
from osmosis.api.serializers import LiftOutInput, LiftOutOutput
from osmosis.lift_outs import lift_out_of, note_lift_out, remove_lift_out
from osmosis.models import LiftOut


class LiftOutViewSet(APIViewSet):
    serializer_class = LiftOutInput
    lookup_url_kwarg = "vessel_id"

    @extend_schema(operation_id="get_osmosis_lift_out", responses=responses({200: LiftOutOutput}, errors=(404,)))
    def retrieve(self, request: Request, vessel_id: UUID) -> Response:
        """Show the lift-out of a vessel.

        Returns when the vessel left the water or is planned to, and null values if nothing is noted.
        """
        return _answer(vessel_id, lift_out_of(owner=caller(request), vessel_id=vessel_id))

    @extend_schema(
        operation_id="note_osmosis_lift_out", responses=responses({200: LiftOutOutput}, errors=(400, 404, 413, 415))
    )
    def update(self, request: Request, vessel_id: UUID) -> Response:
        """Note the lift-out of a vessel.

        Replaces what was noted before. The owner of a vessel that is still afloat is notified an hour before the
        planned time, at any hour of the day, because the gelcoat is best photographed within two hours. An inspection
        of the vessel that is submitted after its lift-out says how long after it the photos were taken, unless it was
        opened with a time of its own in `capture_context.hauled_out_at`. Costs nothing.
        """
        values = self.validated_body()
        return _answer(vessel_id, note_lift_out(owner=caller(request), vessel_id=vessel_id, **values))

    @extend_schema(
        operation_id="delete_osmosis_lift_out",
        responses=responses({204: OpenApiResponse(description="Nothing is noted any more")}, errors=(404,)),
    )
    def destroy(self, request: Request, vessel_id: UUID) -> Response:
        """Remove the lift-out of a vessel.

        For a vessel that is afloat again, or a plan that was dropped. Its owner is not notified any more, and
        inspections that were submitted keep what they say.
        """
        remove_lift_out(owner=caller(request), vessel_id=vessel_id)
        return Response(status=204)


def _answer(vessel_id: UUID, row: LiftOut | None) -> Response:
    values = {
        "vessel_id": vessel_id,
        "lifted_out_at": row and row.lifted_out_at,
        "noted_at": row and row.noted_at,
        "notify_at": row.due_at if row and row.awaits_notice and row.vessel.archived_at is None else None,
    }
    return Response(LiftOutOutput(values).data)
