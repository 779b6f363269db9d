"""The documents, and the consents of the caller to them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.openapi import BODY_ERRORS
from accounts.api.serializers import ConsentInput, ConsentOutput, DocumentOutput
from accounts.identity.authentication import caller
from accounts.identity.documents import DISCLAIMER, STATEMENT_SENDING, give_consent
from accounts.models import Consent
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, responses
from maretech.common.http.viewsets import OPEN, APIViewSet


class DocumentViewSet(APIViewSet):
    @extend_schema(
        operation_id="get_disclaimer",
        tags=["documents"],
        auth=[],
        responses=responses({200: DocumentOutput}, signed_in=False),
    )
    @action(methods=["get"], detail=False, **OPEN)
    def disclaimer(self, request: Request) -> Response:
        """Read the disclaimer.

        Returns the current text and its version, which `POST /auth/me/consents` accepts.
        """
        return Response(DocumentOutput(DISCLAIMER).data)

    @extend_schema(
        operation_id="get_statement_sending",
        tags=["documents"],
        auth=[],
        responses=responses({200: DocumentOutput}, signed_in=False),
    )
    @action(methods=["get"], detail=False, url_path="statement-sending", **OPEN)
    def statement_sending(self, request: Request) -> Response:
        """Read what it means to have a statement sent to another service.

        Returns the current text and its version, which `POST /auth/me/consents` accepts. Without it, the statement of a
        dossier is transcribed and refined on our own servers.
        """
        return Response(DocumentOutput(STATEMENT_SENDING).data)


class ConsentViewSet(APIViewSet):
    serializer_class = ConsentInput

    @extend_schema(
        operation_id="give_consent",
        tags=["accounts"],
        parameters=[IDEMPOTENCY_KEY],
        responses=responses({201: ConsentOutput}, errors=(*BODY_ERRORS, 409, 422)),
    )
    def create(self, request: Request) -> Response:
        """Accept a document.

        Records that the owner accepts this version of a document. Accepting it again returns the first time.
        """
        body = self.validated_body()

        def effect() -> Outcome:
            return Outcome(201, {"consent_id": give_consent(user=caller(request), **body).pk})

        def present(reference: dict[str, Any]) -> dict[str, Any]:
            return ConsentOutput(Consent.objects.get(pk=reference["consent_id"])).data

        return run_idempotent(request, effect=effect, present=present)
