"""Export and erasure of the caller's data."""

from typing import Final

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.openapi import BODY_ERRORS
from accounts.api.serializers import ErasureInput, ExportPendingOutput, ExportReadyOutput, ReceiptOutput
from accounts.identity.authentication import caller, caller_session
from accounts.privacy.erasure_requests import request_erasure
from accounts.privacy.export_requests import current_export
from maretech.common.http.openapi import responses, retry_after
from maretech.common.http.viewsets import APIViewSet
from maretech.common.storage import object_store

POLL_SECONDS: Final = 5


class PrivacyViewSet(APIViewSet):
    @extend_schema(
        operation_id="erase_account",
        tags=["accounts"],
        responses=responses({202: ReceiptOutput}, errors=BODY_ERRORS),
    )
    @action(methods=["post"], detail=False, serializer_class=ErasureInput, throttle_scope="credentials")
    def erasure(self, request: Request) -> Response:
        """Erase the account.

        Erases the account and all its inspections. It cannot be undone, and every session ends with this answer. Keep
        the receipt id.
        """
        erasure = request_erasure(session=caller_session(request), **self.validated_body())
        return Response(ReceiptOutput(erasure).data, status=202)

    @extend_schema(
        operation_id="get_account_export",
        tags=["accounts"],
        parameters=[retry_after(202)],
        responses=responses({200: ExportReadyOutput, 202: ExportPendingOutput}),
    )
    @action(methods=["get"], detail=False, throttle_scope="poll")
    def export(self, request: Request) -> Response:
        """Export the account's data.

        The first call starts the export and answers 202; repeat it after `Retry-After` until 200 brings the link to
        the ZIP.
        """
        export = current_export(user=caller(request))
        if export.built_at is None:
            pending = ExportPendingOutput({"export": export, "status": "pending"})
            return Response(pending.data, status=202, headers={"Retry-After": str(POLL_SECONDS)})
        url = request.build_absolute_uri(object_store().presign_view(export.key))
        return Response(ExportReadyOutput({"export": export, "status": "ready", "url": url}).data)
