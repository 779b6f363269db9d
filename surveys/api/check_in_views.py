"""A surveyor checks an owner in."""

from typing import Final

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from maretech.common.http.openapi import responses
from maretech.common.http.viewsets import APIViewSet
from surveys.api.serializers import ScanInput, ScanOutput
from surveys.check_ins.scanning import scan
from surveys.directory.surveyors import require_surveyor
from surveys.vocabulary import CheckInResult

MESSAGES: Final = {
    CheckInResult.CHECKED_IN: "Checked in.",
    CheckInResult.DUPLICATE: "This appointment is checked in already.",
    CheckInResult.UNPAID: "This appointment is not paid.",
    CheckInResult.NOT_FOUND: "This is not the code of an appointment of yours for now.",
    CheckInResult.WRONG_PLACE: "This appointment is at another place.",
    CheckInResult.EXPIRED: "This code has expired. Scan the one that the owner sees now.",
}


class CheckInViewSet(APIViewSet):
    serializer_class = ScanInput

    @extend_schema(
        operation_id="check_in_appointment",
        responses=responses({200: ScanOutput}, errors=(400, 403, 413, 415)),
    )
    def create(self, request: Request) -> Response:
        """Check an owner in.

        For a surveyor, who scans the owner's code; 403 `FORBIDDEN` for other users. Every scan is logged with its
        result; of two scans at once one is `CHECKED_IN` and the other `DUPLICATE`. Not found is also the code of
        another surveyor's appointment, of a cancelled one, and of one that starts in more than 12 hours.
        """
        body = self.validated_body()
        row = scan(surveyor=require_surveyor(caller(request)), **body)
        message = MESSAGES[CheckInResult(row.result)]
        found = {"result": row.result, "message": message, "appointment_id": row.appointment_id}
        return Response(ScanOutput(found).data)
