"""The handovers of the caller, as seller and as buyer."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import CodeInput
from accounts.identity.authentication import caller
from accounts.models import User
from maretech.common.http.openapi import PAGE_PARAMETERS, responses
from maretech.common.http.pagination import KeysetPagination
from maretech.common.http.viewsets import APIViewSet
from vessels.api.handover_serializers import (
    DisputeInput,
    HandoverDetailOutput,
    HandoverOutput,
    HandoverPageOutput,
)
from vessels.handovers.confirmation import confirm_handover
from vessels.handovers.disputes import dispute_handover
from vessels.handovers.offers import cancel_offer, decline_offer
from vessels.handovers.queries import own_handover
from vessels.models import Handover
from vessels.uses import visits_of

BODY_ERRORS = (400, 413, 415)


class HandoverViewSet(APIViewSet):
    pagination_class = KeysetPagination
    lookup_url_kwarg = "handover_id"

    def get_queryset(self) -> QuerySet[Handover]:
        return Handover.objects.of(caller(self.request)).prefetch_related("codes")

    @extend_schema(
        operation_id="list_handovers",
        parameters=PAGE_PARAMETERS,
        responses=responses({200: HandoverPageOutput}, errors=(400,)),
    )
    def list(self, request: Request) -> Response:
        """List the handovers.

        Returns the handovers with the caller as the seller or the buyer, newest first, and the open offers to the
        address that the caller has proven.
        """
        page = self.paginate_queryset(self.get_queryset())
        context = {"user": caller(request)}
        return self.get_paginated_response(HandoverOutput(page, many=True, context=context).data)

    @extend_schema(operation_id="get_handover", responses=responses({200: HandoverDetailOutput}, errors=(404,)))
    def retrieve(self, request: Request, handover_id: UUID) -> Response:
        """Show a handover.

        While the offer is open, both parties see how many inspections belong to the vessel.
        """
        return Response(presented(caller(request), handover_id))

    @extend_schema(
        operation_id="confirm_handover",
        request=CodeInput,
        responses=responses({200: HandoverDetailOutput}, errors=(*BODY_ERRORS, 403, 404, 409)),
    )
    @action(methods=["post"], detail=True, throttle_scope="credentials", serializer_class=CodeInput)
    def confirm(self, request: Request, handover_id: UUID) -> Response:
        """Confirm a handover.

        Takes the code that was mailed to the caller for this handover. With the code of both parties the vessel, its
        inspections, maintenance and comparisons change their owner, and the credits are paid. If the buyer has one of
        that name, the vessel gets a number behind its name. A wrong code gets 400; after five the handover has failed.
        409 `NOT_ELIGIBLE` with `reason`: `CREDITS_MISSING` or `INSPECTION_OPEN` (the code stays valid), or
        `HANDOVER_CLOSED`. Repeating the call changes nothing.
        """
        confirm_handover(user=caller(request), handover_id=handover_id, **self.validated_body())
        return Response(presented(caller(request), handover_id))

    @extend_schema(
        operation_id="cancel_handover",
        request=None,
        responses=responses({200: HandoverDetailOutput}, errors=(403, 404, 409)),
    )
    @action(methods=["post"], detail=True)
    def cancel(self, request: Request, handover_id: UUID) -> Response:
        """Cancel an offer.

        For the seller, before the handover is completed.
        """
        cancel_offer(seller=caller(request), handover_id=handover_id)
        return Response(presented(caller(request), handover_id))

    @extend_schema(
        operation_id="decline_handover",
        request=None,
        responses=responses({200: HandoverDetailOutput}, errors=(403, 404, 409)),
    )
    @action(methods=["post"], detail=True)
    def decline(self, request: Request, handover_id: UUID) -> Response:
        """Decline an offer.

        For the buyer, before the handover is completed.
        """
        decline_offer(buyer=caller(request), handover_id=handover_id)
        return Response(presented(caller(request), handover_id))

    @extend_schema(
        operation_id="dispute_handover",
        request=DisputeInput,
        responses=responses({200: HandoverDetailOutput}, errors=(*BODY_ERRORS, 403, 404, 409)),
    )
    @action(methods=["post"], detail=True, serializer_class=DisputeInput)
    def dispute(self, request: Request, handover_id: UUID) -> Response:
        """Dispute a handover.

        For either party, within 14 days after it was completed. The vessel is locked until staff decide: the handover
        stays completed, or it is reversed, with what moved and the credits. What the buyer has added stays with the
        buyer. 409 `NOT_ELIGIBLE` with `reason`: `NOT_COMPLETED`, `TOO_LATE`, `DISPUTED` by the other party, `DECIDED`,
        `HANDED_ON`, when the vessel was handed on or deleted since, or `PARTY_GONE`, when an account is closed.
        """
        dispute_handover(user=caller(request), handover_id=handover_id, **self.validated_body())
        return Response(presented(caller(request), handover_id))


def presented(user: User, handover_id: UUID) -> dict[str, object]:
    """Return the handover as this party sees it. Raises `NotFound`."""
    row = own_handover(user=user, handover_id=handover_id)
    row.visits = visits_of(row.vessel) if row.is_open and row.vessel else None  # type: ignore[attr-defined]
    return dict(HandoverDetailOutput(row, context={"user": user}).data)
