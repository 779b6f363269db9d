"""Step-up: a session confirms by a code who is acting."""

from typing import ClassVar

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.openapi import BODY_ERRORS
from accounts.api.serializers import CodeInput, StepUpOpenOutput, StepUpOutput
from accounts.identity.authentication import caller_session
from accounts.identity.step_up import request_step_up, verify_step_up
from maretech.common.http.openapi import responses
from maretech.common.http.viewsets import APIViewSet


class StepUpViewSet(APIViewSet):
    throttle_scope: ClassVar[str] = "credentials"
    serializer_class = StepUpOutput

    @extend_schema(
        operation_id="request_step_up",
        tags=["accounts"],
        request=None,
        responses=responses({202: StepUpOutput}, errors=(403,)),
    )
    def create(self, request: Request) -> Response:
        """Ask for a step-up code.

        Some purchases answer 403 with `reason` `STEP_UP_REQUIRED`: ask for a code here, enter it below, and repeat the
        purchase. A user with an authenticator app takes the code from it; any other gets one by mail, and needs a
        verified address for it (403 with `reason` `EMAIL_UNVERIFIED`). For some hours after a change of the address no
        code goes by mail: without an app, this and the purchase answer 403 with `reason` `EMAIL_CHANGED`, and
        `available_at` says until when. The code is for this session only, and replaces its earlier one. An account gets
        at most 10 codes a day.
        """
        row = request_step_up(session=caller_session(request))
        what_happens = {
            "channel": row.channel,
            "code_minutes": settings.RESET_CODE_MINUTES,
            "tries": settings.RESET_CODE_TRIES,
        }
        return Response(StepUpOutput(what_happens).data, status=202)

    @extend_schema(
        operation_id="verify_step_up",
        tags=["accounts"],
        responses=responses({200: StepUpOpenOutput}, errors=BODY_ERRORS),
    )
    @action(methods=["post"], detail=False, serializer_class=CodeInput)
    def verify(self, request: Request) -> Response:
        """Enter a step-up code.

        The right code opens this session for some minutes, and works once. A wrong code gets 400 and costs one of five
        tries; after those ask for a new code. Signing out ends it.
        """
        expires_at = verify_step_up(session=caller_session(request), **self.validated_body())
        return Response(StepUpOpenOutput({"expires_at": expires_at}).data)
