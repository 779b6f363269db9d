"""The server's routes, and the status poll as a viewset with a serializer."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.urls import path
from rest_framework.request import Request

from accounts.api.claims import ClaimsViewSet
from accounts.identity.authentication import claims_of
from inspections.api.polling import poll_response
from inspections.api.serializers import InspectionStatusSerializer
from inspections.lifecycle.status_query import status_of
from inspections.vocabulary import InspectionStatus
from maretech.urls import handler400, handler403, handler404, handler500
from maretech.urls import urlpatterns as served

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


class StatusViewSet(ClaimsViewSet):
    throttle_scope = "poll"
    claims_actions = frozenset({"status"})
    serializer_class = InspectionStatusSerializer

    def status(self, request: Request, inspection_id: UUID) -> HttpResponse:
        body = status_of(inspection_id, claims=claims_of(request), admit=partial(self.admit, request))
        is_open = body["status"] == InspectionStatus.PROCESSING
        return poll_response(request, self.get_serializer(body).data, work_is_open=is_open)


urlpatterns = [*served, path("v1/poll-cost/<uuid:inspection_id>/status", StatusViewSet.as_view({"get": "status"}))]
