"""Passwords: reset by mail, and change."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.openapi import BODY_ERRORS
from accounts.api.serializers import PasswordChangeInput, ResetConfirmInput, ResetRequestInput
from accounts.identity.authentication import caller_session
from accounts.identity.passwords import change_password, confirm_reset, request_reset
from maretech.common.http.openapi import responses
from maretech.common.http.viewsets import OPEN, APIViewSet


class PasswordViewSet(APIViewSet):
    throttle_scope: ClassVar[str] = "credentials"

    @extend_schema(
        operation_id="request_password_reset",
        tags=["accounts"],
        auth=[],
        responses=responses({202: None}, errors=BODY_ERRORS, signed_in=False),
    )
    @action(methods=["post"], detail=False, serializer_class=ResetRequestInput, **OPEN)
    def reset(self, request: Request) -> Response:
        """Ask for a password reset code.

        Mails a six-digit code to the address. The answer is the same whether or not the address has an account.
        """
        request_reset(**self.validated_body())
        return Response(status=202)

    @extend_schema(
        operation_id="confirm_password_reset",
        tags=["accounts"],
        auth=[],
        responses=responses({204: None}, errors=BODY_ERRORS, signed_in=False),
    )
    @action(methods=["post"], detail=False, url_path="reset/confirm", serializer_class=ResetConfirmInput, **OPEN)
    def reset_confirm(self, request: Request) -> Response:
        """Set a new password with a code.

        Takes the mailed code once, sets the password and ends all sessions. After too many wrong tries ask for a new
        code.
        """
        confirm_reset(**self.validated_body())
        return Response(status=204)

    @extend_schema(
        operation_id="change_password",
        tags=["accounts"],
        responses=responses({204: None}, errors=BODY_ERRORS),
    )
    @action(methods=["post"], detail=False, serializer_class=PasswordChangeInput)
    def change(self, request: Request) -> Response:
        """Change the password.

        Sets a new password. All other sessions end; this one goes on.
        """
        change_password(session=caller_session(request), **self.validated_body())
        return Response(status=204)
