"""Surveyors, their free times and their reviews, for owners; and what a surveyor sees of the own work."""

from datetime import MAXYEAR, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from billing.api.payout_serializers import PayoutOutput, PayoutPageOutput
from billing.payees.payouts import payouts_of
from maretech.common.http.errors import Invalid
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, PAGE_PARAMETERS, responses
from maretech.common.http.pagination import KeysetPagination
from maretech.common.http.viewsets import APIViewSet
from surveys.api.dispute_serializers import ReviewInput, ReviewOutput, ReviewPageOutput
from surveys.api.queries import with_parties
from surveys.api.serializers import (
    AppointmentOutput,
    AppointmentPageOutput,
    SlotListOutput,
    SlotQuery,
    SurveyorOutput,
    SurveyorPageOutput,
    SurveyorQuery,
)
from surveys.directory.slots import free_slots
from surveys.directory.surveyors import listed_surveyor, listed_surveyors, require_surveyor
from surveys.models import Appointment, Review
from surveys.reviews.writing import visible_reviews, write_review

_DEFAULT_SPAN: Final = timedelta(days=30)
MAX_SPAN: Final = timedelta(days=92)
FROM_TO: Final = [OpenApiParameter(name, OpenApiTypes.DATETIME, OpenApiParameter.QUERY) for name in ("from", "to")]


class SurveyorViewSet(APIViewSet):
    pagination_class = KeysetPagination
    lookup_url_kwarg = "surveyor_id"

    @extend_schema(
        operation_id="list_surveyors",
        parameters=[SurveyorQuery, *PAGE_PARAMETERS],
        responses=responses({200: SurveyorPageOutput}, errors=(400,)),
    )
    def list(self, request: Request) -> Response:
        """List the surveyors.

        Returns the surveyors of a region and of a mode, the newest first.
        """
        query = SurveyorQuery(data=_query(request, "region", "mode"))
        query.is_valid(raise_exception=True)
        page = self.paginate_queryset(listed_surveyors(**query.validated_data))
        return self.get_paginated_response(SurveyorOutput(page, many=True).data)

    @extend_schema(operation_id="get_surveyor", responses=responses({200: SurveyorOutput}, errors=(404,)))
    def retrieve(self, request: Request, surveyor_id: UUID) -> Response:
        """Show a surveyor.

        Returns what staff keep of a listed surveyor: names and text, no position.
        """
        return Response(SurveyorOutput(listed_surveyor(surveyor_id)).data)

    @extend_schema(
        operation_id="list_appointment_slots",
        parameters=FROM_TO,
        responses=responses({200: SlotListOutput}, errors=(400, 404)),
    )
    @action(detail=True, url_path="appointment-slots", url_name="appointment-slots")
    def appointment_slots(self, request: Request, surveyor_id: UUID) -> Response:
        """List the free times of a surveyor.

        Returns those that start from `from` on and before `to`, the first first. Without them: the next 30 days. At
        most 92 days at once.
        """
        since, until = _span(request)
        slots = free_slots(listed_surveyor(surveyor_id), since=since, until=until)
        return Response(SlotListOutput({"results": slots}).data)

    @extend_schema(
        operation_id="list_reviews",
        parameters=PAGE_PARAMETERS,
        responses=responses({200: ReviewPageOutput}, errors=(400, 404)),
    )
    @action(detail=True, serializer_class=ReviewInput)
    def reviews(self, request: Request, surveyor_id: UUID) -> Response:
        """List the reviews of a surveyor.

        Returns those that are shown, newest first, without their authors.
        """
        page = self.paginate_queryset(visible_reviews(listed_surveyor(surveyor_id)))
        return self.get_paginated_response(ReviewOutput(page, many=True).data)

    @extend_schema(
        operation_id="review_surveyor",
        parameters=[IDEMPOTENCY_KEY],
        request=ReviewInput,
        responses=responses({201: ReviewOutput}, errors=(400, 403, 404, 409, 413, 415, 422)),
    )
    @reviews.mapping.post
    def write_review(self, request: Request, surveyor_id: UUID) -> Response:
        """Review a surveyor.

        Of an own appointment that was checked in and is over, once: 409 `NOT_ELIGIBLE` with the reason `NOT_COMPLETED`
        or `ALREADY_REVIEWED`. 403 `FORBIDDEN` with the reason `EMAIL_UNVERIFIED` before the address is proven.
        """
        body = self.validated_body()
        surveyor = listed_surveyor(surveyor_id)

        def effect() -> Outcome:
            row = write_review(author=caller(request), surveyor=surveyor, **body)
            return Outcome(201, {"review_id": str(row.pk)})

        return run_idempotent(
            request, effect=effect, present=lambda kept: ReviewOutput(Review.objects.get(pk=kept["review_id"])).data
        )

    @extend_schema(
        operation_id="list_own_appointments",
        parameters=PAGE_PARAMETERS,
        responses=responses({200: AppointmentPageOutput}, errors=(400, 403)),
    )
    @action(detail=False, url_path="me/appointments", url_name="own-appointments")
    def own_appointments(self, request: Request) -> Response:
        """List the surveyor's appointments.

        For a surveyor: the appointments that were paid, newest first. 403 `FORBIDDEN` for other users.
        """
        require_surveyor(caller(request))
        page = self.paginate_queryset(with_parties(Appointment.objects.of_surveyor(caller(request))))
        context = {"user": caller(request)}
        return self.get_paginated_response(AppointmentOutput(page, many=True, context=context).data)

    @extend_schema(
        operation_id="list_own_payouts",
        parameters=PAGE_PARAMETERS,
        responses=responses({200: PayoutPageOutput}, errors=(400, 403)),
    )
    @action(detail=False, url_path="me/payouts", url_name="own-payouts")
    def own_payouts(self, request: Request) -> Response:
        """List the surveyor's payouts.

        For a surveyor: what was paid out or will be, newest first. 403 `FORBIDDEN` for other users.
        """
        require_surveyor(caller(request))
        page = self.paginate_queryset(payouts_of(caller(request)))
        return self.get_paginated_response(PayoutOutput(page, many=True).data)


def _query(request: Request, *names: str) -> dict[str, Any]:
    """Return those of these parameters that are given."""
    return {name: request.query_params[name] for name in names if name in request.query_params}


def _span(request: Request) -> tuple[datetime, datetime]:
    """Return the time that is asked for. Raises `Invalid`."""
    given = _query(request, "from", "to")
    query = SlotQuery(data={new: given[old] for old, new in (("from", "since"), ("to", "until")) if old in given})
    if not query.is_valid():
        names = {"since": "from", "until": "to"}
        raise Invalid(**{names[name]: str(texts[0]) for name, texts in query.errors.items()})
    since = query.validated_data.get("since", timezone.now())
    if since.year == MAXYEAR:
        raise Invalid(**{"from": "This is too late."})
    until = query.validated_data.get("until") or since + _DEFAULT_SPAN
    if not timedelta() < until - since <= MAX_SPAN:
        raise Invalid(to=f"After `from`, and at most {MAX_SPAN.days} days later.")
    return since, until
