"""Routes of an inspection, from its opening to its result and deletion."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer, extend_schema
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.claims import ClaimsViewSet
from accounts.identity.authentication import caller, claims_of
from inspections.api.detail_query import load_detail
from inspections.api.polling import link_period, poll_response
from inspections.api.serializers import (
    RESULT_SERIALIZERS,
    CompletedSerializer,
    InspectionDetailSerializer,
    InspectionListItemSerializer,
    InspectionPageSerializer,
    OpenedInspectionSerializer,
    OpenedPointSerializer,
    OpenInspectionSerializer,
    OpenPointSerializer,
    SubmitSerializer,
    SubmittedSerializer,
)
from inspections.capture import opening, points, uploads
from inspections.capture.submission import submit_inspection
from inspections.errors import InspectionFailed, ModeRequired, ResultNotReady
from inspections.lifecycle import failures
from inspections.lifecycle.status_query import POLL_SECONDS, inspection_of
from inspections.models import CaptureSlot, Inspection
from inspections.tasks import send_purge
from inspections.vocabulary import InspectionStatus, JobState, Mode
from maretech.common.http.errors import Invalid
from maretech.common.http.idempotency import HEADER, Outcome, run_idempotent
from maretech.common.http.openapi import (
    BEARER,
    IDEMPOTENCY_KEY,
    IF_NONE_MATCH,
    PAGE_PARAMETERS,
    etag,
    responses,
    retry_after,
)
from maretech.common.http.pagination import KeysetPagination

BODY_ERRORS = (400, 413, 415)


class InspectionViewSet(ClaimsViewSet):
    throttle_scope = "default"
    claims_actions = frozenset({"retrieve", "destroy", "result"})
    pagination_class = KeysetPagination
    lookup_url_kwarg = "inspection_id"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Inspection]:
        return Inspection.objects.owned_by(caller(self.request))

    def get_object(self) -> Inspection:
        """Return the inspection of an action of `claims_actions`; its statement checks the session too."""
        admit = partial(self.admit, self.request)
        return inspection_of(self.kwargs["inspection_id"], claims=claims_of(self.request), admit=admit)

    @extend_schema(
        operation_id="open_inspection",
        parameters=[IDEMPOTENCY_KEY],
        request=OpenInspectionSerializer,
        responses=responses(
            {
                201: OpenedInspectionSerializer,
                200: OpenApiResponse(OpenedInspectionSerializer, description="The one that was open already"),
            },
            errors=(*BODY_ERRORS, 402, 403, 404, 409, 422),
        ),
    )
    def create(self, request: Request) -> Response:
        """Open an inspection.

        Reserves the first points and returns one upload link per angle. Without an `Idempotency-Key`, an open
        inspection without photos is returned again with 200 instead of 201. Without `vessel_id` and `vessel_label` the
        inspection belongs to the owner's one vessel without a name. A point starts with the label that it had when the
        vessel was last inspected in this mode.
        """
        if "mode" not in request.data:
            raise ModeRequired(fields={"mode": ["This field is required."]})
        serializer = OpenInspectionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        details = {**serializer.validated_data, "capture_context": serializer.data.get("capture_context", {})}
        mode, points = details.pop("mode"), details.pop("points")
        vessel = {name: details.pop(name) for name in ("vessel_id", "vessel_label") if name in details}
        repeatable = HEADER in request.headers
        photographed = [] if repeatable else opening.photographed_inspections(owner=caller(request), mode=mode)

        def effect() -> Outcome:
            opened = opening.open_inspection(
                owner=caller(request),
                mode=mode,
                points=points,
                details=details,
                repeatable=repeatable,
                photographed=photographed,
                **vessel,
            )
            reference = {"inspection_id": str(opened.inspection.pk), "points": points}
            return Outcome(201 if opened.created else 200, reference)

        def present(reference: dict[str, Any]) -> Any:
            own = self.get_queryset().select_related("policy")
            inspection = get_object_or_404(own, pk=reference["inspection_id"])
            slots = list(inspection.slots.filter(point_index__lte=reference["points"]))
            opened = {"inspection": inspection, "uploads": uploads.upload_targets(inspection, slots)}
            return OpenedInspectionSerializer(opened, context=self.get_serializer_context()).data

        return run_idempotent(request, effect=effect, present=present)

    @extend_schema(
        operation_id="list_inspections",
        parameters=[
            OpenApiParameter("mode", OpenApiTypes.STR, OpenApiParameter.QUERY, required=True, enum=Mode.values()),
            *PAGE_PARAMETERS,
        ],
        responses=responses({200: InspectionPageSerializer}, errors=(400,)),
    )
    def list(self, request: Request) -> Response:
        """List inspections of one mode.

        Returns the owner's inspections of this mode, newest first. `mode` is required: the two modes are separate
        products.
        """
        mode = request.query_params.get("mode", "")
        if not mode:
            raise ModeRequired
        if mode not in Mode.values():
            raise Invalid(mode=f"One of {', '.join(Mode.values())}.")
        page = self.paginate_queryset(self.get_queryset().filter(mode=mode))
        return self.get_paginated_response(InspectionListItemSerializer(page, many=True).data)

    @extend_schema(
        operation_id="get_inspection",
        auth=BEARER,
        responses=responses({200: InspectionDetailSerializer}, errors=(404,)),
    )
    def retrieve(self, request: Request, inspection_id: UUID) -> Response:
        """Show an inspection.

        Returns the inspection with its points and photos, their state, and what it waits for.
        """
        inspection = load_detail(self.get_object())
        return Response(InspectionDetailSerializer(inspection, context=self.get_serializer_context()).data)

    @extend_schema(
        operation_id="delete_inspection",
        auth=BEARER,
        responses=responses({204: OpenApiResponse(description="Gone, with its photos")}, errors=(404, 409)),
    )
    def destroy(self, request: Request, inspection_id: UUID) -> Response:
        """Delete an inspection.

        Removes the inspection, its result and its photos. The photos leave the object store. 409 `VESSEL_IN_HANDOVER`
        while its vessel is being handed over.
        """
        inspection = self.get_object()
        failures.delete(inspection)
        send_purge(inspection.pk)
        return Response(status=204)

    @extend_schema(
        operation_id="open_point",
        parameters=[IDEMPOTENCY_KEY],
        request=OpenPointSerializer,
        responses=responses({201: OpenedPointSerializer}, errors=(*BODY_ERRORS, 403, 404, 409, 422)),
    )
    @action(detail=True, methods=["post"])
    def slots(self, request: Request, inspection_id: UUID) -> Response:
        """Open the next point.

        Returns the upload links of the next point. The first call returns point 1, which was reserved when the
        inspection was opened.
        """
        serializer = OpenPointSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)

        def effect() -> Outcome:
            slot = points.open_point(
                owner=caller(request), inspection_id=inspection_id, label=serializer.validated_data["label"]
            )
            return Outcome(201, {"slot_id": str(slot.pk)})

        def present(reference: dict[str, Any]) -> Any:
            own = CaptureSlot.objects.select_related("inspection__policy").filter(inspection__in=self.get_queryset())
            slot = get_object_or_404(own, pk=reference["slot_id"])
            opened = {"slot": slot, "uploads": uploads.upload_targets(slot.inspection, [slot])}
            return OpenedPointSerializer(opened, context=self.get_serializer_context()).data

        return run_idempotent(request, effect=effect, present=present)

    @extend_schema(
        operation_id="complete_inspection",
        request=SubmitSerializer,
        responses=responses({200: CompletedSerializer}, errors=(*BODY_ERRORS, 402, 404, 409)),
    )
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, inspection_id: UUID) -> Response:
        """Submit an inspection (short form).

        Does the same as `submit`, in an older spelling.
        """
        self._submit()
        return Response(CompletedSerializer({"status": JobState.QUEUED}).data)

    @extend_schema(
        operation_id="submit_inspection",
        request=SubmitSerializer,
        responses=responses({202: SubmittedSerializer}, errors=(*BODY_ERRORS, 402, 404, 409)),
    )
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, inspection_id: UUID) -> Response:
        """Submit an inspection.

        Pins the uploaded photos and queues one analysis. Repeating the call gives the same answer. Missing photos get
        409 `UPLOADS_MISSING` with each point and angle; `accept_incomplete` goes on without them.
        """
        submitted = {"job_id": self._submit(), "state": JobState.QUEUED}
        return Response(SubmittedSerializer(submitted).data, status=202)

    def _submit(self) -> UUID:
        serializer = SubmitSerializer(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return submit_inspection(
            owner=caller(self.request),
            inspection_id=self.kwargs["inspection_id"],
            accept_incomplete=serializer.validated_data["accept_incomplete"],
        ).pk

    @extend_schema(
        operation_id="get_inspection_result",
        auth=BEARER,
        parameters=[IF_NONE_MATCH, etag(200, 304), retry_after(409)],
        responses=responses(
            {
                200: PolymorphicProxySerializer(
                    component_name="Result", serializers={**RESULT_SERIALIZERS}, resource_type_field_name="mode"
                ),
                304: OpenApiResponse(description="Unchanged"),
            },
            errors=(404, 409),
        ),
    )
    @action(detail=True, throttle_scope="poll")
    def result(self, request: Request, inspection_id: UUID) -> HttpResponse:
        """Read the result.

        Returns what can be seen, with a confidence and guidance; never a diagnosis. Before it is ready: 409
        `RESULT_NOT_READY`. A result never changes; only its links are signed again.
        """
        inspection = self.get_object()
        if inspection.status == InspectionStatus.FAILED:
            raise InspectionFailed(reason=inspection.failure_reason)
        if inspection.status != InspectionStatus.COMPLETED:
            waits = inspection.status == InspectionStatus.PROCESSING
            raise ResultNotReady(retry_after=POLL_SECONDS if waits else None)
        body = RESULT_SERIALIZERS[inspection.mode](inspection.result, context=self.get_serializer_context()).data
        # A result never changes, but its links expire: a phone is sent a fresh body before the ones it has run out.
        tag = f"{inspection.pk} {inspection.result.model_version} {link_period()}"
        return poll_response(request, body, work_is_open=False, tagged=tag)
