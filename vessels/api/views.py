"""The vessels of the caller."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from maretech.common.http.errors import NotFound
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, PAGE_PARAMETERS, responses
from maretech.common.http.pagination import KeysetPagination
from maretech.common.http.viewsets import APIViewSet
from vessels.api.handover_serializers import HandoverDetailOutput, OfferInput
from vessels.api.handover_views import presented
from vessels.api.serializers import (
    VesselChangeInput,
    VesselDetailOutput,
    VesselInput,
    VesselOutput,
    VesselPageOutput,
)
from vessels.changes import change_vessel, delete_vessel
from vessels.handovers.offers import offer_vessel
from vessels.models import Vessel
from vessels.registration import own_vessel, register_vessel
from vessels.uses import visits_of

BODY_ERRORS = (400, 413, 415)


class VesselViewSet(APIViewSet):
    serializer_class = VesselInput
    pagination_class = KeysetPagination
    lookup_url_kwarg = "vessel_id"

    def get_queryset(self) -> QuerySet[Vessel]:
        return Vessel.objects.owned_by(caller(self.request))

    @extend_schema(
        operation_id="list_vessels",
        parameters=PAGE_PARAMETERS,
        responses=responses({200: VesselPageOutput}, errors=(400,)),
    )
    def list(self, request: Request) -> Response:
        """List the vessels.

        Returns the owner's vessels, newest first. Archived ones have `archived_at`.
        """
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(VesselOutput(page, many=True).data)

    @extend_schema(
        operation_id="add_vessel",
        parameters=[IDEMPOTENCY_KEY],
        responses=responses(
            {
                201: VesselOutput,
                200: OpenApiResponse(VesselOutput, description="The existing vessel of this name"),
            },
            errors=(*BODY_ERRORS, 404, 409, 422),
        ),
    )
    def create(self, request: Request) -> Response:
        """Add a vessel.

        Returns the new vessel. If a vessel with this name exists, in any spelling, returns that one with 200, restored
        from the archive and otherwise unchanged.
        """
        body = self.validated_body()
        name = body.pop("name")

        def effect() -> Outcome:
            vessel, is_new = register_vessel(owner=caller(request), name=name, details=body)
            return Outcome(201 if is_new else 200, {"vessel_id": str(vessel.pk)})

        def present(reference: dict[str, Any]) -> dict[str, Any]:
            vessel = self.get_queryset().filter(pk=reference["vessel_id"]).first()
            if vessel is None:  # deleted since this key was used
                raise NotFound
            return VesselOutput(vessel).data

        return run_idempotent(request, effect=effect, present=present)

    @extend_schema(operation_id="get_vessel", responses=responses({200: VesselDetailOutput}, errors=(404,)))
    def retrieve(self, request: Request, vessel_id: UUID) -> Response:
        """Show a vessel.

        Returns the vessel with the number of its inspections by mode, and when it was last inspected.
        """
        return _detail(own_vessel(owner=caller(request), vessel_id=vessel_id))

    @extend_schema(
        operation_id="change_vessel",
        request=VesselChangeInput,
        responses=responses({200: VesselDetailOutput}, errors=(*BODY_ERRORS, 404, 409)),
    )
    def partial_update(self, request: Request, vessel_id: UUID) -> Response:
        """Change a vessel.

        Changes what the body names; null or an empty text removes a detail. Inspections of the vessel get its new
        name. The name of another vessel of the owner is refused with 409 `VESSEL_NAME_TAKEN`.
        """
        serializer = VesselChangeInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        return _detail(change_vessel(owner=caller(request), vessel_id=vessel_id, changes=serializer.validated_data))

    @extend_schema(
        operation_id="delete_vessel",
        responses=responses({204: OpenApiResponse(description="Deleted or archived")}, errors=(404, 409)),
    )
    def destroy(self, request: Request, vessel_id: UUID) -> Response:
        """Delete a vessel.

        Deletes the vessel. A vessel with inspections is archived instead, and they stay unchanged; opening an
        inspection of it, or adding a vessel with its name, restores it. 409 `VESSEL_IN_HANDOVER` while it is being
        handed over.
        """
        delete_vessel(owner=caller(request), vessel_id=vessel_id)
        return Response(status=204)

    @extend_schema(
        operation_id="offer_handover",
        parameters=[IDEMPOTENCY_KEY],
        request=OfferInput,
        responses=responses({201: HandoverDetailOutput}, errors=(*BODY_ERRORS, 403, 404, 409, 422)),
    )
    @action(methods=["post"], detail=True, serializer_class=OfferInput)
    def handovers(self, request: Request, vessel_id: UUID) -> Response:
        """Hand a vessel over.

        Offers the vessel with its history to an e-mail address, for `credits` of the buyer. Both parties get a code by
        mail; the answer is the same whether or not the address has an account. An address without one gets an
        invitation, and the offer waits for its account. Until the offer ends, no inspection of the vessel can be opened
        or deleted. 409 `VESSEL_IN_HANDOVER` while it is offered already, `NOT_ELIGIBLE` with `reason`
        `INSPECTION_OPEN` while an inspection of it is open. 403 with `reason` `EMAIL_UNVERIFIED` for an unproven
        address of the caller.
        """
        seller = caller(request)
        body = self.validated_body()
        own_vessel(owner=seller, vessel_id=vessel_id)

        def effect() -> Outcome:
            handover = offer_vessel(seller=seller, vessel_id=vessel_id, **body)
            return Outcome(201, {"handover_id": str(handover.pk)})

        def present(reference: dict[str, Any]) -> dict[str, Any]:
            return presented(seller, UUID(reference["handover_id"]))

        return run_idempotent(request, effect=effect, present=present)


def _detail(vessel: Vessel) -> Response:
    vessel.visits = visits_of(vessel)  # type: ignore[attr-defined]
    return Response(VesselDetailOutput(vessel).data)
