"""The account routes. Each view makes four moves: scope, validate, call, respond."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.api import serializers
from accounts.api.openapi import BODY_ERRORS
from accounts.identity.authentication import caller, caller_session
from accounts.identity.documents import DISCLAIMER, give_consent
from accounts.identity.sessions import end_own_session, live_sessions
from accounts.models import Consent, Device
from accounts.notifications.devices import forget_device, register_device
from accounts.vocabulary import Platform
from maretech.common.http.errors import NotFound
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, PAGE_PARAMETERS, answers
from maretech.common.http.pagination import MAX_PAGE_SIZE, paginate


def validated(serializer_class: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


class AnonymousView(APIView):
    """For everybody. A bad token does no harm here: somebody whose session ended must be able to sign in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class SessionsView(APIView):
    @extend_schema(operation_id="sessions", tags=["accounts"], responses=answers({200: serializers.SessionsOutput}))
    def get(self, request: Request) -> Response:
        """List the sessions.

        Returns where the account is signed in, the session used last first, at most 100. `last_used_at` is exact to 15
        minutes.
        """
        sessions = live_sessions(user=caller(request))[:MAX_PAGE_SIZE]
        current = caller_session(request)
        listed = [
            {
                "id": session.pk,
                "created_at": session.created_at,
                "last_used_at": session.refreshed_at,
                "user_agent": session.user_agent,
                "current": session == current,
            }
            for session in sessions
        ]
        return Response(serializers.SessionsOutput({"sessions": listed}).data)


class SessionView(APIView):
    @extend_schema(
        operation_id="auth_me_sessions_destroy", tags=["accounts"], responses=answers({204: None}, errors=(404,))
    )
    def delete(self, request: Request, session_id: uuid.UUID) -> Response:
        """End a session.

        The tokens of the session stop at once, and its devices get no more pushes. The own session may be ended too.
        """
        end_own_session(user=caller(request), session_id=session_id)
        return Response(status=204)


class ConsentsView(APIView):
    @extend_schema(
        operation_id="auth_me_consents_create",
        tags=["accounts"],
        parameters=[IDEMPOTENCY_KEY],
        request=serializers.ConsentInput,
        responses=answers({201: serializers.ConsentOutput}, errors=(*BODY_ERRORS, 409, 422)),
    )
    def post(self, request: Request) -> Response:
        """Accept a document.

        Records that the owner accepts this version of a document. Accepting it again returns the first time.
        """
        given = validated(serializers.ConsentInput, request)

        def effect() -> Outcome:
            return Outcome(201, {"consent_id": give_consent(user=caller(request), **given).pk})

        return run_idempotent(request, effect=effect, present=self._present)

    def _present(self, reference: dict[str, Any]) -> dict[str, Any]:
        return serializers.ConsentOutput(Consent.objects.get(pk=reference["consent_id"])).data


class DevicesView(APIView):
    @extend_schema(
        operation_id="devices_list",
        tags=["accounts"],
        parameters=PAGE_PARAMETERS,
        responses=answers({200: serializers.DevicePageOutput}, errors=(400,)),
    )
    def get(self, request: Request) -> Response:
        """List the devices.

        Returns the devices that get the account's pushes, newest first.
        """
        page = paginate(Device.objects.filter(user=caller(request)), request)
        results = serializers.DeviceOutput(page.rows, many=True).data
        return Response({"results": results, "next": page.next, "previous": page.previous})

    @extend_schema(
        operation_id="auth_me_devices_create",
        tags=["accounts"],
        parameters=[IDEMPOTENCY_KEY],
        request=serializers.DeviceInput,
        responses=answers({201: serializers.DeviceOutput}, errors=(*BODY_ERRORS, 404, 409, 422)),
    )
    def post(self, request: Request) -> Response:
        """Register a device for push.

        Sends this owner's notifications to the device. Registering the same token again returns the same device.
        """
        given = validated(serializers.DeviceInput, request)
        platform, push_token = Platform(given["platform"]), given["push_token"]

        def effect() -> Outcome:
            device = register_device(session=caller_session(request), platform=platform, push_token=push_token)
            return Outcome(201, {"device_id": str(device.pk)})

        def present(reference: dict[str, Any]) -> dict[str, Any]:
            device = Device.objects.filter(pk=reference["device_id"], user=caller(request)).first()
            if device is None:  # registered under this key, and forgotten or in other hands since
                raise NotFound
            return serializers.DeviceOutput(device).data

        return run_idempotent(request, effect=effect, present=present)


class DeviceView(APIView):
    @extend_schema(
        operation_id="auth_me_devices_destroy", tags=["accounts"], responses=answers({204: None}, errors=(404,))
    )
    def delete(self, request: Request, device_id: uuid.UUID) -> Response:
        """Remove a device.

        Stops notifications to this device.
        """
        forget_device(user=caller(request), device_id=device_id)
        return Response(status=204)


class DisclaimerView(AnonymousView):
    @extend_schema(
        operation_id="documents_disclaimer_retrieve",
        tags=["documents"],
        auth=[],
        responses=answers({200: serializers.DocumentOutput}, signed_in=False),
    )
    def get(self, request: Request) -> Response:
        """Read the disclaimer.

        Returns the current text and its version, which `POST /auth/me/consents` accepts.
        """
        return Response(serializers.DocumentOutput(DISCLAIMER).data)
