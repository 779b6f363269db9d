"""Reports of reviews."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from maretech.common.http.openapi import responses
from maretech.common.http.viewsets import APIViewSet
from surveys.api.dispute_serializers import ReportInput, ReportOutput
from surveys.reviews.reporting import report_review


class ReviewViewSet(APIViewSet):
    lookup_url_kwarg = "review_id"

    @extend_schema(
        operation_id="report_review",
        request=ReportInput,
        responses=responses({201: ReportOutput}, errors=(400, 403, 404, 409, 413, 415)),
    )
    @action(methods=["post"], detail=True, serializer_class=ReportInput)
    def reports(self, request: Request, review_id: UUID) -> Response:
        """Report a review.

        Once a day: then 409 `NOT_ELIGIBLE` with the reason `ALREADY_REPORTED`; `OWN_REVIEW` for its author. 403
        `FORBIDDEN` with the reason `EMAIL_UNVERIFIED` before the address is proven. Reports of several people hide a
        review until our staff decide.
        """
        row = report_review(reporter=caller(request), review_id=review_id, **self.validated_body())
        return Response(ReportOutput(row).data, status=201)
