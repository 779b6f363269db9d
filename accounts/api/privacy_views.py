"""What owners can do about their own data: take it along, or have it erased."""

from typing import ClassVar, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import serializers
from accounts.api.openapi import BODY_ERRORS
from accounts.api.views import validated
from accounts.identity.authentication import caller, caller_session
from accounts.privacy.erasure_requests import request_erasure
from accounts.privacy.export_requests import current_export
from maretech.common.http.openapi import answers
from maretech.common.storage import object_store

POLL_SECONDS: Final = 5


class ErasureView(APIView):
    rate_limit: ClassVar[str] = "credentials"

    @extend_schema(
        operation_id="auth_me_erasure_create",
        tags=["accounts"],
        request=serializers.ErasureInput,
        responses=answers({202: serializers.ReceiptOutput}, errors=BODY_ERRORS),
    )
    def post(self, request: Request) -> Response:
        """Erase the account.

        Erases the account and all its inspections. It cannot be undone, and every session ends with this answer. Keep
        the receipt id.
        """
        erasure = request_erasure(session=caller_session(request), **validated(serializers.ErasureInput, request))
        return Response(serializers.ReceiptOutput({"receipt_id": erasure.pk}).data, status=202)


class ExportView(APIView):
    rate_limit: ClassVar[str] = "poll"

    @extend_schema(
        operation_id="auth_me_export_retrieve",
        tags=["accounts"],
        parameters=[
            OpenApiParameter(
                "Retry-After", OpenApiTypes.INT, OpenApiParameter.HEADER, response=[202], description="Seconds"
            )
        ],
        responses=answers({200: serializers.ExportReadyOutput, 202: serializers.ExportPendingOutput}),
    )
    def get(self, request: Request) -> Response:
        """Export the account's data.

        The first call starts the export and answers 202; repeat it after `Retry-After` until 200 brings the link to
        the ZIP.
        """
        export = current_export(user=caller(request))
        if export.built_at is None:
            pending = serializers.ExportPendingOutput({"export_id": export.pk, "status": "pending"})
            return Response(pending.data, status=202, headers={"Retry-After": str(POLL_SECONDS)})
        told = {
            "export_id": export.pk,
            "status": "ready",
            "url": request.build_absolute_uri(object_store().presign_view(export.key)),
            "byte_size": export.byte_size,
            "created_at": export.built_at,
            "expires_at": export.expires_at,
        }
        return Response(serializers.ExportReadyOutput(told).data)
