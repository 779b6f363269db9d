"""The address of an account: its verification and its change."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.openapi import BODY_ERRORS
from accounts.api.serializers import CodeInput, EmailChangeInput
from accounts.identity.authentication import caller_session
from accounts.identity.verification import confirm_address, request_change, resend_code
from maretech.common.http.openapi import responses
from maretech.common.http.viewsets import APIViewSet


class EmailViewSet(APIViewSet):
    throttle_scope: ClassVar[str] = "credentials"

    @extend_schema(
        operation_id="verify_email",
        tags=["accounts"],
        responses=responses({204: None}, errors=(*BODY_ERRORS, 409)),
    )
    @action(methods=["post"], detail=False, serializer_class=CodeInput)
    def verify(self, request: Request) -> Response:
        """Verify the address.

        Takes the newest mailed code. It verifies the address of the account or, after a request to change it, makes the
        new address the account's. A wrong code gets 400 and costs one of five tries. 409 `EMAIL_TAKEN` if
        another account took the new address meanwhile.
        """
        confirm_address(session=caller_session(request), **self.validated_body())
        return Response(status=204)

    @extend_schema(
        operation_id="resend_email_code",
        tags=["accounts"],
        request=None,
        responses=responses({202: None}),
    )
    @action(methods=["post"], detail=False, url_path="verify/resend")
    def verify_resend(self, request: Request) -> Response:
        """Mail another code.

        Mails a code to the address that waits for verification; the previous code stops working. Mails nothing if no
        address waits. An account gets at most 10 codes a day.
        """
        resend_code(session=caller_session(request))
        return Response(status=202)

    @extend_schema(
        operation_id="change_email",
        tags=["accounts"],
        responses=responses({202: None}, errors=BODY_ERRORS),
    )
    @action(methods=["post"], detail=False, serializer_class=EmailChangeInput)
    def change(self, request: Request) -> Response:
        """Change the address.

        Mails a code to the new address and a notice to the old one, which stays until the code is entered. The answer
        is the same whether or not the new address has an account. A wrong password gets 401.
        """
        request_change(session=caller_session(request), **self.validated_body())
        return Response(status=202)
