"""The life of an inspection over REST. Four moves each: scope, validate, call, respond."""

from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.lean import ClaimsView
from accounts.identity.authentication import claims_of
from inspections.api import presentation
from inspections.api.serializers import (
    CompletedSerializer,
    InspectionDetailSerializer,
    InspectionPageSerializer,
    OpenedInspectionSerializer,
    OpenedPointSerializer,
    OpenInspectionSerializer,
    OpenPointSerializer,
    SubmitSerializer,
    SubmittedSerializer,
)
from inspections.capture import opening
from inspections.capture.submission import submit_inspection
from inspections.errors import ModeRequired
from inspections.lifecycle import failures
from inspections.lifecycle.status_query import inspection_of
from inspections.models import CaptureSlot, Inspection
from inspections.tasks import send_purge
from inspections.vocabulary import Mode
from maretech.common.http.errors import Invalid, NotFound
from maretech.common.http.idempotency import HEADER, Outcome, run_idempotent
from maretech.common.http.openapi import BEARER, IDEMPOTENCY_KEY, PAGE_PARAMETERS, answers
from maretech.common.http.pagination import KeysetPagination

Row = TypeVar("Row", bound=Model)
BODY_ERRORS = (400, 413, 415)


class InspectionsView(APIView):
    @extend_schema(
        operation_id="inspections_open",
        parameters=[IDEMPOTENCY_KEY],
        request=OpenInspectionSerializer,
        responses=answers(
            {
                201: OpenedInspectionSerializer,
                200: OpenApiResponse(OpenedInspectionSerializer, description="The one that was open already"),
            },
            errors=(*BODY_ERRORS, 402, 403, 404, 409, 422),
        ),
    )
    def post(self, request: Request) -> Response:
        """Open an inspection.

        Reserves the first points and returns one upload link per angle. Without an `Idempotency-Key`, an open
        inspection without photos is returned again with 200 instead of 201.
        """
        if "mode" not in request.data:
            raise ModeRequired(fields={"mode": ["This field is required."]})
        asked = OpenInspectionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        details = {**asked.validated_data, "capture_context": asked.data.get("capture_context", {})}
        mode, points = details.pop("mode"), details.pop("points")
        repeatable = HEADER in request.headers
        photographed = [] if repeatable else opening.photographed_inspections(owner=request.user, mode=mode)

        def effect() -> Outcome:
            opened = opening.open_inspection(
                owner=request.user,
                mode=mode,
                points=points,
                details=details,
                repeatable=repeatable,
                photographed=photographed,
            )
            reference = {"inspection_id": str(opened.inspection.pk), "points": points}
            return Outcome(201 if opened.created else 200, reference)

        def present(reference: dict[str, Any]) -> dict[str, Any]:
            inspection = _own(request, reference["inspection_id"])
            return presentation.opened_inspection(inspection, reference["points"], request)

        return run_idempotent(request, effect=effect, present=present)

    @extend_schema(
        operation_id="inspections_list",
        parameters=[
            OpenApiParameter("mode", OpenApiTypes.STR, OpenApiParameter.QUERY, required=True, enum=Mode.values),
            *PAGE_PARAMETERS,
        ],
        responses=answers({200: InspectionPageSerializer}, errors=(400,)),
    )
    def get(self, request: Request) -> Response:
        """List inspections of one mode.

        Returns the owner's inspections of this mode, newest first. `mode` is required: the two modes are separate
        products.
        """
        mode = request.query_params.get("mode", "")
        if not mode:
            raise ModeRequired
        if mode not in Mode.values:
            raise Invalid(mode=f"One of {', '.join(Mode.values)}.")
        paginator = KeysetPagination()
        page = paginator.paginate_queryset(Inspection.objects.owned_by(request.user).filter(mode=mode), request, self)
        return paginator.get_paginated_response([presentation.list_item(row) for row in page])


class InspectionView(ClaimsView):
    @extend_schema(
        operation_id="inspection_detail",
        auth=BEARER,
        responses=answers({200: InspectionDetailSerializer}, errors=(404,)),
    )
    def get(self, request: Request, inspection_id: UUID) -> Response:
        """Show an inspection.

        Returns the inspection with its points and photos, their state, and what it waits for.
        """
        return Response(presentation.detail(self._inspection(request, inspection_id), request))

    @extend_schema(
        operation_id="inspection_delete",
        auth=BEARER,
        responses=answers({204: OpenApiResponse(description="Gone, with its photos")}, errors=(404,)),
    )
    def delete(self, request: Request, inspection_id: UUID) -> Response:
        """Delete an inspection.

        Removes the inspection, its result and its photos. The photos leave the object store.
        """
        inspection = self._inspection(request, inspection_id)
        failures.delete(inspection)
        send_purge(inspection.pk)
        return Response(status=204)

    def _inspection(self, request: Request, inspection_id: UUID) -> Inspection:
        admit = partial(self.admit, request)
        return inspection_of(inspection_id, claims=claims_of(request), admit=admit)


class PointsView(APIView):
    @extend_schema(
        operation_id="inspection_open_point",
        parameters=[IDEMPOTENCY_KEY],
        request=OpenPointSerializer,
        responses=answers({201: OpenedPointSerializer}, errors=(*BODY_ERRORS, 403, 404, 409, 422)),
    )
    def post(self, request: Request, inspection_id: UUID) -> Response:
        """Open the next point.

        Returns the upload links of the next point. The first call returns point 1, which was reserved when the
        inspection was opened.
        """
        asked = OpenPointSerializer(data=request.data)
        asked.is_valid(raise_exception=True)

        def effect() -> Outcome:
            slot = opening.open_point(
                owner=request.user, inspection_id=inspection_id, label=asked.validated_data["label"]
            )
            return Outcome(201, {"slot_id": str(slot.pk)})

        def present(reference: dict[str, Any]) -> dict[str, Any]:
            slot = CaptureSlot.objects.select_related("inspection__policy").filter(
                pk=reference["slot_id"], inspection__in=Inspection.objects.owned_by(request.user)
            )
            found = _found(slot.first())
            uploads = opening.targets(found.inspection, [found])
            return OpenedPointSerializer({"slot": found, "uploads": uploads}, context={"request": request}).data

        return run_idempotent(request, effect=effect, present=present)


def _submit(request: Request, inspection_id: UUID) -> UUID:
    asked = SubmitSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    return submit_inspection(
        owner=request.user,
        inspection_id=inspection_id,
        accept_incomplete=asked.validated_data["accept_incomplete"],
    ).pk


class CompleteView(APIView):
    @extend_schema(
        operation_id="inspection_complete",
        request=SubmitSerializer,
        responses=answers({200: CompletedSerializer}, errors=(*BODY_ERRORS, 402, 404, 409)),
    )
    def post(self, request: Request, inspection_id: UUID) -> Response:
        """Submit an inspection (short form).

        Does the same as `submit`, in an older spelling.
        """
        _submit(request, inspection_id)
        return Response({"status": "queued"})


class SubmitView(APIView):
    @extend_schema(
        operation_id="inspection_submit",
        request=SubmitSerializer,
        responses=answers({202: SubmittedSerializer}, errors=(*BODY_ERRORS, 402, 404, 409)),
    )
    def post(self, request: Request, inspection_id: UUID) -> Response:
        """Submit an inspection.

        Pins the uploaded photos and queues one analysis. Repeating the call gives the same answer. Missing photos get
        409 `UPLOADS_MISSING` with each point and angle; `accept_incomplete` goes on without them.
        """
        return Response({"job_id": _submit(request, inspection_id), "state": "queued"}, status=202)


def _own(request: Request, inspection_id: str) -> Inspection:
    rows = Inspection.objects.owned_by(request.user).select_related("policy")
    return _found(rows.filter(pk=inspection_id).first())


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row
