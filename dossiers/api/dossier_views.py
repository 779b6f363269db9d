"""The dossiers of the caller."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, PolymorphicProxySerializer, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from dossiers.api.detail import POLL_SECONDS, is_in_work, load_detail
from dossiers.api.serializers import (
    DELIVERY_INPUTS,
    AnnouncedRecordingOutput,
    DeliveryOutput,
    DeliveryPageOutput,
    DossierChangeInput,
    DossierInput,
    DossierListItemOutput,
    DossierOutput,
    DossierPageOutput,
    LetterDeliveryInput,
    MailDeliveryInput,
    PDFLinkOutput,
    RecordingInput,
    ShareInput,
    ShareOutput,
)
from dossiers.deliveries.requests import check_letter, send_by_mail, send_by_post
from dossiers.drafts.changes import change_draft
from dossiers.drafts.opening import open_dossier
from dossiers.drafts.refinements import request_refinement
from dossiers.errors import NotFinal
from dossiers.lifecycle.deletion import delete_dossier
from dossiers.lifecycle.finalising import finalise
from dossiers.models import Delivery, Dossier, Recording
from dossiers.ownership import own_dossier
from dossiers.post.ports import PostalAddress
from dossiers.recordings import uploads
from dossiers.shares.changes import own_share, share_dossier
from dossiers.shares.links import share_url
from dossiers.vocabulary import DeliveryChannel, DossierStatus
from maretech.common.http.errors import NotFound
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, PAGE_PARAMETERS, responses, retry_after
from maretech.common.http.pagination import KeysetPagination
from maretech.common.http.viewsets import APIViewSet
from maretech.common.storage import object_store

BODY_ERRORS = (400, 413, 415)


class DossierViewSet(APIViewSet):
    serializer_class = DossierInput
    pagination_class = KeysetPagination
    lookup_url_kwarg = "dossier_id"

    def get_queryset(self) -> QuerySet[Dossier]:
        return Dossier.objects.owned_by(caller(self.request)).select_related("vessel")

    @extend_schema(
        operation_id="list_dossiers",
        parameters=PAGE_PARAMETERS,
        responses=responses({200: DossierPageOutput}, errors=(400,)),
    )
    def list(self, request: Request) -> Response:
        """List the dossiers.

        Returns the owner's drafts and documents of both modes, newest first.
        """
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(DossierListItemOutput(page, many=True).data)

    @extend_schema(
        operation_id="open_dossier",
        parameters=[IDEMPOTENCY_KEY],
        responses=responses({201: DossierOutput}, errors=(*BODY_ERRORS, 403, 404, 409, 422)),
    )
    def create(self, request: Request) -> Response:
        """Open a dossier.

        Opens a draft that shows up to ten inspections of one mode and one vessel. One that is not completed, too old or
        without a usable photo is refused with 409 `NOT_ELIGIBLE`. Without `language`, it is written in the owner's
        language. Needs a proven address.
        """
        body = self.validated_body()

        def effect() -> Outcome:
            return Outcome(201, {"dossier_id": str(open_dossier(owner=caller(request), **body).pk)})

        return run_idempotent(request, effect=effect, present=self._present)

    @extend_schema(
        operation_id="get_dossier",
        parameters=[retry_after(200)],
        responses=responses({200: DossierOutput}, errors=(404,)),
    )
    def retrieve(self, request: Request, dossier_id: UUID) -> Response:
        """Show a dossier.

        Returns a draft with its statement, transcript and proposal, or a document with its hashes and shares.
        """
        return self._shown(own_dossier(owner=caller(request), dossier_id=dossier_id))

    @extend_schema(
        operation_id="change_dossier",
        request=DossierChangeInput,
        parameters=[retry_after(200)],
        responses=responses({200: DossierOutput}, errors=(*BODY_ERRORS, 404, 409)),
    )
    def partial_update(self, request: Request, dossier_id: UUID) -> Response:
        """Change a draft.

        Changes what the body names. Another statement ends the proposal for the earlier one.
        """
        serializer = DossierChangeInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        changes = serializer.validated_data
        return self._shown(change_draft(owner=caller(request), dossier_id=dossier_id, changes=changes))

    @extend_schema(
        operation_id="delete_dossier",
        responses=responses({204: OpenApiResponse(description="Deleted or revoked")}, errors=(404,)),
    )
    def destroy(self, request: Request, dossier_id: UUID) -> Response:
        """Delete a dossier.

        Deletes a draft. A final dossier is revoked: its PDF and its statement go, its shares end, and its code says
        REVOKED.
        """
        delete_dossier(owner=caller(request), dossier_id=dossier_id)
        return Response(status=204)

    @extend_schema(
        operation_id="announce_recording",
        parameters=[IDEMPOTENCY_KEY],
        request=RecordingInput,
        responses=responses(
            {
                201: AnnouncedRecordingOutput,
                200: OpenApiResponse(AnnouncedRecordingOutput, description="The same recording, with a fresh link"),
            },
            errors=(*BODY_ERRORS, 403, 404, 409, 422),
        ),
    )
    @action(detail=True, methods=["post"])
    def recording(self, request: Request, dossier_id: UUID) -> Response:
        """Announce a spoken statement.

        Returns an upload link that takes exactly this type, length and SHA-256. At most five minutes and 20 MB. The
        same bytes again get a fresh link with 200; others replace the recording before. Needs a proven address.
        """
        serializer = RecordingInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        values = serializer.validated_data
        declared = uploads.RecordingDeclaration(values["content_type"], values["byte_size"], values["sha256"].lower())

        def effect() -> Outcome:
            recording, is_new = uploads.announce_recording(
                owner=caller(request), dossier_id=dossier_id, declared=declared
            )
            return Outcome(201 if is_new else 200, {"recording_id": str(recording.pk)})

        def present(reference: dict[str, Any]) -> Any:
            own = Recording.objects.filter(dossier__in=self.get_queryset(), discarded_at=None)
            recording = own.filter(pk=reference["recording_id"]).first()
            if recording is None:  # replaced or deleted since this key was used
                raise NotFound
            announced = {"recording": recording, "target": uploads.upload_target(recording)}
            return AnnouncedRecordingOutput(announced, context=self.get_serializer_context()).data

        return run_idempotent(request, effect=effect, present=present)

    @extend_schema(
        operation_id="report_recording_upload",
        request=None,
        parameters=[retry_after(202)],
        responses=responses({202: DossierOutput}, errors=(403, 404, 409)),
    )
    @action(detail=True, methods=["post"], url_path="recording/uploaded")
    def recording_uploaded(self, request: Request, dossier_id: UUID) -> Response:
        """Report the spoken statement.

        A worker writes it down; `transcript` is then in the draft for the owner to edit, or `reason` says why not.
        The audio is deleted when the dossier is final, or after 30 days.
        """
        return self._shown(uploads.confirm_recording(owner=caller(request), dossier_id=dossier_id), status=202)

    @extend_schema(
        operation_id="refine_statement",
        request=None,
        parameters=[retry_after(202)],
        responses=responses({202: DossierOutput}, errors=(403, 404, 409)),
    )
    @action(detail=True, methods=["post"], url_path="statement/refine")
    def refine(self, request: Request, dossier_id: UUID) -> Response:
        """Ask for a clearer wording.

        A worker proposes another wording of the statement in `refinement`. It adds no fact, number, name or diagnosis.
        Nothing changes unless the owner changes the statement. Needs a proven address.
        """
        return self._shown(request_refinement(owner=caller(request), dossier_id=dossier_id), status=202)

    @extend_schema(
        operation_id="finalise_dossier",
        request=None,
        parameters=[retry_after(202)],
        responses=responses({202: DossierOutput}, errors=(403, 404, 409)),
    )
    @action(detail=True, methods=["post"])
    def finalise(self, request: Request, dossier_id: UUID) -> Response:
        """Make a dossier final.

        A worker renders the PDF. A final dossier never changes, and supersedes the one before of the same vessel and
        mode. If it cannot be rendered, it is a draft again, with a `reason`. Needs a proven address.
        """
        return self._shown(finalise(owner=caller(request), dossier_id=dossier_id), status=202)

    @extend_schema(operation_id="get_dossier_pdf", responses=responses({200: PDFLinkOutput}, errors=(404, 409)))
    @action(detail=True, methods=["get"])
    def pdf(self, request: Request, dossier_id: UUID) -> Response:
        """Get the PDF.

        Returns a link to the PDF of a final dossier. The link itself is the right, until it expires.
        """
        dossier = own_dossier(owner=caller(request), dossier_id=dossier_id)
        if dossier.status != DossierStatus.FINAL:
            raise NotFinal
        expires_at = timezone.now() + timedelta(seconds=settings.VIEW_LINK_SECONDS)
        link = {"url": object_store().presign_view(dossier.pdf_uri), "expires_at": expires_at}
        return Response(PDFLinkOutput(link, context=self.get_serializer_context()).data)

    @extend_schema(
        operation_id="share_dossier",
        parameters=[IDEMPOTENCY_KEY],
        request=ShareInput,
        responses=responses({201: ShareOutput}, errors=(*BODY_ERRORS, 403, 404, 409, 422)),
    )
    @action(detail=True, methods=["post"])
    def shares(self, request: Request, dossier_id: UUID) -> Response:
        """Share a dossier.

        Returns the link to a page that anyone can read without signing in, until it expires or the share is ended.
        Needs a proven address. 409 `NOT_ELIGIBLE` while another owner has the vessel, and beyond 50 open shares.
        """
        serializer = ShareInput(data=request.data)
        serializer.is_valid(raise_exception=True)

        def effect() -> Outcome:
            share = share_dossier(owner=caller(request), dossier_id=dossier_id, **serializer.validated_data)
            return Outcome(201, {"share_id": str(share.pk)})

        def present(reference: dict[str, Any]) -> Any:
            share = own_share(owner=caller(request), share_id=UUID(reference["share_id"]))
            share.url = share_url(share)  # type: ignore[attr-defined]
            return ShareOutput(share).data

        return run_idempotent(request, effect=effect, present=present)

    @extend_schema(
        operation_id="list_dossier_deliveries",
        methods=["GET"],
        parameters=PAGE_PARAMETERS,
        responses=responses({200: DeliveryPageOutput}, errors=(400, 404)),
    )
    @extend_schema(
        operation_id="deliver_dossier",
        methods=["POST"],
        parameters=[IDEMPOTENCY_KEY],
        request=PolymorphicProxySerializer(
            component_name="AnyDelivery", serializers={**DELIVERY_INPUTS}, resource_type_field_name="channel"
        ),
        responses=responses({202: DeliveryOutput}, errors=(*BODY_ERRORS, 403, 404, 409, 422)),
    )
    @action(detail=True, methods=["get", "post"])
    def deliveries(self, request: Request, dossier_id: UUID) -> Response:
        """Deliver a dossier.

        Mails a link to the dossier to an address, in our own words: at most five a day. Or writes a letter, which is
        posted with a covering letter once it is paid (`POST /deliveries/{id}/checkout`), within 24 hours; a dossier
        with too many pages for the country is refused. Lists what was sent, newest first. Needs a proven address.
        """
        if request.method == "GET":
            dossier = own_dossier(owner=caller(request), dossier_id=dossier_id)
            page = self.paginate_queryset(dossier.deliveries.all())
            return self.get_paginated_response(DeliveryOutput(page, many=True).data)
        data = request.data
        is_letter = isinstance(data, dict) and data.get("channel") == DeliveryChannel.POST
        serializer = (LetterDeliveryInput if is_letter else MailDeliveryInput)(data=data)
        serializer.is_valid(raise_exception=True)
        owner, to = caller(request), serializer.validated_data["to"]
        letter_to = PostalAddress.of(to) if is_letter else None

        def prepare() -> None:
            if letter_to is not None:
                check_letter(owner=owner, dossier_id=dossier_id, to=letter_to)

        def effect() -> Outcome:
            if letter_to is not None:
                delivery = send_by_post(owner=owner, dossier_id=dossier_id, to=letter_to)
            else:
                delivery = send_by_mail(owner=owner, dossier_id=dossier_id, to=to)
            return Outcome(202, {"delivery_id": str(delivery.pk)})

        def present(reference: dict[str, Any]) -> Any:
            return DeliveryOutput(Delivery.objects.get(pk=reference["delivery_id"])).data

        # The letter service is asked about the address before the effect's transaction.
        return run_idempotent(request, prepare=prepare, effect=effect, present=present)

    def _present(self, reference: dict[str, Any]) -> Any:
        dossier = own_dossier(owner=caller(self.request), dossier_id=UUID(reference["dossier_id"]))
        return DossierOutput(load_detail(dossier)).data

    def _shown(self, dossier: Dossier, *, status: int = 200) -> Response:
        shown = load_detail(dossier)
        headers = {"Retry-After": str(POLL_SECONDS)} if is_in_work(shown) else {}
        return Response(DossierOutput(shown).data, status=status, headers=headers)
