"""Whether an inspection can be escalated: shown to a surveyor in a dossier."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from dossiers.api.serializers import EligibilityOutput
from dossiers.lifecycle.eligibility import eligibility_of
from inspections.models import Inspection
from maretech.common.http.openapi import responses
from maretech.common.http.viewsets import APIViewSet


class EscalationViewSet(APIViewSet):
    lookup_url_kwarg = "inspection_id"

    def get_queryset(self) -> QuerySet[Inspection]:
        return Inspection.objects.owned_by(caller(self.request)).select_related("result")

    @extend_schema(operation_id="get_escalation", responses=responses({200: EligibilityOutput}, errors=(404,)))
    @action(detail=True, methods=["get"])
    def escalation(self, request: Request, inspection_id: UUID) -> Response:
        """Ask whether an inspection can be in a dossier.

        It must be completed, not older than 90 days, and have at least one usable photo; `reasons` names what is
        missing.
        """
        inspection = get_object_or_404(self.get_queryset(), pk=inspection_id)
        return Response(EligibilityOutput(eligibility_of(inspection)).data)
