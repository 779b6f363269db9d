"""The appointments of the caller, as owner and as surveyor."""

from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller, caller_session
from billing.api.checkout_views import present_page
from billing.api.serializers import CheckoutSerializer
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, PAGE_PARAMETERS, responses
from maretech.common.http.pagination import KeysetPagination
from maretech.common.http.viewsets import APIViewSet
from surveys.api.dispute_serializers import CaseOutput
from surveys.api.dispute_views import presented_dispute
from surveys.api.queries import presented, with_parties
from surveys.api.serializers import AppointmentOutput, AppointmentPageOutput, CodeQuery, HoldInput
from surveys.appointments.attachments import attached_pdf
from surveys.appointments.ending import cancel_appointment, mark_completed, mark_no_show
from surveys.appointments.holding import count_hold, hold_slot
from surveys.appointments.locking import own_appointment
from surveys.appointments.paying import open_order
from surveys.check_ins.codes import code_of
from surveys.check_ins.tokens import Picture
from surveys.disputes.cases import open_dispute
from surveys.models import Appointment
from vessels.api.handover_serializers import DisputeInput

BODY_ERRORS: Final = (400, 413, 415)
MEDIA_TYPES: Final = {Picture.PNG: "image/png", Picture.SVG: "image/svg+xml"}
_NOT_STORED: Final = {"Cache-Control": "no-store"}


class AppointmentViewSet(APIViewSet):
    serializer_class = HoldInput
    pagination_class = KeysetPagination
    lookup_url_kwarg = "appointment_id"

    def get_queryset(self) -> QuerySet[Appointment]:
        return with_parties(Appointment.objects.of_owner(caller(self.request)))

    @extend_schema(
        operation_id="list_appointments",
        parameters=PAGE_PARAMETERS,
        responses=responses({200: AppointmentPageOutput}, errors=(400,)),
    )
    def list(self, request: Request) -> Response:
        """List the appointments.

        Returns the owner's appointments, newest first. A surveyor's are at `GET /surveyors/me/appointments`.
        """
        page = self.paginate_queryset(self.get_queryset())
        context = {"user": caller(request)}
        return self.get_paginated_response(AppointmentOutput(page, many=True, context=context).data)

    @extend_schema(operation_id="get_appointment", responses=responses({200: AppointmentOutput}, errors=(404,)))
    def retrieve(self, request: Request, appointment_id: UUID) -> Response:
        """Show an appointment.

        For its owner, and for its surveyor once it is paid.
        """
        return Response(presented(caller(request), appointment_id))

    @extend_schema(
        operation_id="hold_appointment",
        parameters=[IDEMPOTENCY_KEY],
        responses=responses({201: AppointmentOutput}, errors=(*BODY_ERRORS, 403, 404, 409, 422)),
    )
    def create(self, request: Request) -> Response:
        """Hold a time.

        Holds a free time for 5 minutes; pay it until `held_until`. Of several requests one succeeds, the others get
        409 `SLOT_TAKEN` at once. An own final dossier may be attached: the surveyor reads it. 409 `NOT_ELIGIBLE` with
        `reason`: `TOO_MANY_HOLDS` (3 at once), `OWN_OFFER`, or of the dossier `not_final` or `handed_over`. 403
        `FORBIDDEN` with the reason `EMAIL_UNVERIFIED` before the address is proven. 429 after too many holds of a day.
        """
        owner, body = caller(request), self.validated_body()

        def effect() -> Outcome:
            row = hold_slot(owner=owner, slot_id=body["slot_id"], dossier_id=body["dossier_id"])
            return Outcome(201, {"appointment_id": str(row.pk)})

        return run_idempotent(
            request,
            prepare=lambda: count_hold(owner),
            effect=effect,
            present=lambda kept: presented(owner, UUID(kept["appointment_id"])),
        )

    @extend_schema(
        operation_id="open_appointment_checkout",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses=responses({201: CheckoutSerializer, 200: CheckoutSerializer}, errors=(400, 403, 404, 409, 422)),
    )
    @action(methods=["post"], detail=True, throttle_scope="payments")
    def checkout(self, request: Request, appointment_id: UUID) -> Response:
        """Open the checkout page of an appointment.

        Writes the order at the price of the held time, and returns the payment page of the provider; asked for again,
        the same page with 200. The appointment is confirmed when the provider says that it is paid. A payment that
        arrives later confirms it if the time is still free, else it is refunded. Some accounts enter a code first:
        403 with the reason `STEP_UP_REQUIRED` or `EMAIL_CHANGED`, see `POST /auth/step-up`. 409 `NOT_ELIGIBLE` with the
        reason `NOT_HELD`, or `NOT_PAYABLE` when the surveyor has no account at the provider.
        """
        owner, session = caller(request), caller_session(request)

        def effect() -> Outcome:
            order_id, is_new = open_order(owner=owner, session=session, appointment_id=appointment_id)
            return Outcome(201 if is_new else 200, {"order_id": str(order_id)})

        return run_idempotent(request, effect=effect, present=lambda kept: present_page(UUID(kept["order_id"])))

    @extend_schema(
        operation_id="cancel_appointment",
        request=None,
        responses=responses({200: AppointmentOutput}, errors=(404, 409)),
    )
    @action(methods=["post"], detail=True)
    def cancel(self, request: Request, appointment_id: UUID) -> Response:
        """Cancel an appointment.

        For its owner before its start, for its surveyor until it is checked in or closed; a held one is released. All
        is refunded if the surveyor cancels, or the owner until 48 hours before the start. Later the owner gets nothing
        back, and the surveyor is paid. Too late: 409 `NOT_ELIGIBLE` with the reason `BEGUN`. Repeating the call changes
        nothing.
        """
        cancel_appointment(user=caller(request), appointment_id=appointment_id)
        return Response(presented(caller(request), appointment_id))

    @extend_schema(
        operation_id="complete_appointment",
        request=None,
        responses=responses({200: AppointmentOutput}, errors=(403, 404, 409)),
    )
    @action(methods=["post"], detail=True)
    def complete(self, request: Request, appointment_id: UUID) -> Response:
        """Mark an appointment as completed.

        For its surveyor, from its start on, once it is checked in; 403 `FORBIDDEN` for its owner. 409 `NOT_ELIGIBLE`
        with the reason `NOT_CHECKED_IN` or `NOT_BEGUN`. Without a mark it completes 24 hours after its end. Repeating
        the call changes nothing.
        """
        mark_completed(surveyor=caller(request), appointment_id=appointment_id)
        return Response(presented(caller(request), appointment_id))

    @extend_schema(
        operation_id="mark_no_show",
        request=None,
        responses=responses({200: AppointmentOutput}, errors=(403, 404, 409)),
    )
    @action(methods=["post"], detail=True, url_path="no-show", url_name="no-show")
    def no_show(self, request: Request, appointment_id: UUID) -> Response:
        """Mark an appointment as missed.

        For its surveyor, from its end on, if the owner did not check in; 403 `FORBIDDEN` for its owner. 409
        `NOT_ELIGIBLE` with `reason`: `NOT_OVER`, or `NOT_CONFIRMED` when it was checked in, marked or cancelled.
        Without a mark it counts as missed 24 hours after its end. Repeating the call changes nothing.
        """
        mark_no_show(surveyor=caller(request), appointment_id=appointment_id)
        return Response(presented(caller(request), appointment_id))

    @extend_schema(
        operation_id="get_appointment_code",
        parameters=[CodeQuery],
        responses=responses(
            {(200, media_type): OpenApiTypes.BINARY for media_type in MEDIA_TYPES.values()}, errors=(400, 404, 409)
        ),
    )
    @action(detail=True, throttle_scope="poll")
    def qr(self, request: Request, appointment_id: UUID) -> HttpResponse:
        """Show the code to check in.

        For the owner of an appointment that is confirmed or checked in: a QR code that is valid for 60 seconds. Ask
        again for the next one. 409 `NOT_ELIGIBLE` with the reason `NOT_CONFIRMED` before it is paid, and once it has
        ended.
        """
        query = CodeQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        picture = Picture(query.validated_data["picture"])
        code = code_of(owner=caller(request), appointment_id=appointment_id, picture=picture)
        return HttpResponse(code, content_type=MEDIA_TYPES[picture], headers=_NOT_STORED)

    @extend_schema(
        operation_id="get_appointment_dossier",
        responses=responses({(200, "application/pdf"): OpenApiTypes.BINARY}, errors=(404,)),
    )
    @action(detail=True)
    def dossier(self, request: Request, appointment_id: UUID) -> HttpResponse:
        """Read the attached dossier.

        For its surveyor, and its owner: from the payment until the time to dispute is over, and while a dispute is
        open. 404 without a dossier, and once the dossier is revoked or its vessel was handed over.
        """
        pdf = attached_pdf(own_appointment(user=caller(request), appointment_id=appointment_id))
        headers = _NOT_STORED | {"Content-Disposition": f'attachment; filename="dossier-{appointment_id}.pdf"'}
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)

    @extend_schema(
        operation_id="dispute_appointment",
        request=DisputeInput,
        responses=responses({201: CaseOutput}, errors=(*BODY_ERRORS, 404, 409)),
    )
    @action(methods=["post"], detail=True, serializer_class=DisputeInput)
    def dispute(self, request: Request, appointment_id: UUID) -> Response:
        """Dispute an appointment.

        For its owner, within 14 days after its end, if it is completed or counts as missed. Staff decide whether all
        the money goes back, a part of it, or none. 409 `NOT_ELIGIBLE` with `reason`: `NOT_OVER`, `TOO_LATE` or
        `DECIDED`. Repeating the call changes nothing.
        """
        row = open_dispute(owner=caller(request), appointment_id=appointment_id, **self.validated_body())
        return Response(presented_dispute(caller(request), row.pk), status=201)
