"""Disputes that concern the caller: of an appointment, or of a payment that a bank asks back."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from accounts.models import User
from billing.disputes import explanations
from maretech.common.http.errors import NotFound
from maretech.common.http.openapi import responses
from maretech.common.http.viewsets import APIViewSet
from surveys.api.dispute_serializers import AttemptInput, CaseOutput
from surveys.disputes.cases import explain, own_dispute
from surveys.models import AppointmentDispute
from surveys.vocabulary import DisputeStatus


class DisputeViewSet(APIViewSet):
    lookup_url_kwarg = "dispute_id"

    @extend_schema(operation_id="get_dispute", responses=responses({200: CaseOutput}, errors=(404,)))
    def retrieve(self, request: Request, dispute_id: UUID) -> Response:
        """Show a dispute.

        Of an own appointment, as owner or surveyor, or of an own payment: its deadlines, and what the caller explained.
        """
        return Response(presented_dispute(caller(request), dispute_id))

    @extend_schema(
        operation_id="explain_dispute",
        request=AttemptInput,
        responses=responses({201: CaseOutput}, errors=(400, 404, 409, 413, 415)),
    )
    @action(
        methods=["post"],
        detail=True,
        url_path="recovery-attempts",
        url_name="recovery-attempts",
        serializer_class=AttemptInput,
    )
    def recovery_attempts(self, request: Request, dispute_id: UUID) -> Response:
        """Explain something about a dispute.

        Our staff read it. 409 `NOT_ELIGIBLE` with `reason`: `RESOLVED` or `TOO_MANY_ATTEMPTS`.
        """
        text = self.validated_body()["explanation"]
        if AppointmentDispute.objects.filter(pk=dispute_id).exists():
            explain(user=caller(request), dispute_id=dispute_id, explanation=text)
        else:
            explanations.explain(owner=caller(request), dispute_id=dispute_id, text=text)
        return Response(presented_dispute(caller(request), dispute_id), status=201)


def presented_dispute(user: User, dispute_id: UUID) -> dict[str, Any]:
    """Return the dispute as this person sees it. Raises `NotFound`."""
    try:
        return dict(CaseOutput(_of_appointment(user, own_dispute(user=user, dispute_id=dispute_id))).data)
    except NotFound:
        return dict(CaseOutput(_of_payment(explanations.own_dispute(owner=user, dispute_id=dispute_id))).data)


def _of_appointment(user: User, row: AppointmentDispute) -> dict[str, Any]:
    appointment = row.appointment
    own = row.attempts.filter(party=appointment.party_of(user))
    return {
        "dispute_id": row.pk,
        "appointment_id": appointment.pk,
        "order_id": None,
        "status": DisputeStatus.OPEN if row.resolved_at is None else DisputeStatus.RESOLVED,
        **{name: getattr(row, name) for name in _TIMES},
        "resolved_at": row.resolved_at,
        "escalated": row.is_escalated,
        "outcome": row.outcome or None,
        "refund_minor": appointment.refund_minor,
        "attempts": [{"explanation": each.explanation, "created_at": each.created_at} for each in own],
    }


def _of_payment(row: Any) -> dict[str, Any]:
    return {
        "dispute_id": row.pk,
        "appointment_id": None,
        "order_id": row.order_id,
        "status": DisputeStatus.OPEN if row.closed_at is None else DisputeStatus.RESOLVED,
        **{name: getattr(row, name) for name in _TIMES},
        "resolved_at": row.closed_at,
        "escalated": row.is_escalated,
        "outcome": None,
        "refund_minor": None,
        "attempts": [{"explanation": each.text, "created_at": each.created_at} for each in row.explanations.all()],
    }


_TIMES = ("opened_at", "acknowledge_by", "triage_by", "resolve_by", "acknowledged_at", "triaged_at")
