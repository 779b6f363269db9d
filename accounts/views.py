"""The account routes. Each view makes four moves: scope, validate, call, respond."""

import uuid
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts import serializers
from accounts.authentication import caller, caller_session
from accounts.choices import EndReason, Platform
from accounts.devices import forget_device, register_device
from accounts.documents import DISCLAIMER, give_consent
from accounts.models import Consent, Device, Session
from accounts.passwords import change_password, confirm_reset, request_reset
from accounts.registration import register_owner
from accounts.sessions import end_session, refresh_session, sign_in
from accounts.tokens import tokens_of
from maretech.common.errors import NotFound
from maretech.common.idempotency import Outcome, run_once
from maretech.common.openapi import IDEMPOTENCY_KEY, answers

BODY_ERRORS = (400, 413, 415)


def validated(serializer_class: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def signed_in(session: Session) -> dict[str, Any]:
    return serializers.SignedInOutput({"user": session.user, "token": tokens_of(session)}).data


class AnonymousView(APIView):
    """For everybody. A bad token does no harm here: somebody whose session ended must be able to sign in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class CredentialsView(AnonymousView):
    rate_limit: ClassVar[str] = "credentials"


class RegisterView(CredentialsView):
    @extend_schema(
        tags=["accounts"],
        auth=[],
        request=serializers.CredentialsInput,
        responses=answers({201: serializers.SignedInOutput}, errors=(*BODY_ERRORS, 409), signed_in=False),
    )
    def post(self, request: Request) -> Response:
        """Register an account.

        Opens an account and signs in. A taken address gets 409 `EMAIL_TAKEN`; a weak password gets 400 with the
        broken rules under `fields`.
        """
        session = register_owner(**validated(serializers.CredentialsInput, request))
        return Response(signed_in(session), status=201)


class LoginView(CredentialsView):
    @extend_schema(
        tags=["accounts"],
        auth=[],
        request=serializers.CredentialsInput,
        responses=answers({200: serializers.SignedInOutput}, errors=(*BODY_ERRORS, 401), signed_in=False),
    )
    def post(self, request: Request) -> Response:
        """Sign in.

        Starts a new session. A wrong pair gets the same answer in the same time, whether or not the address has an
        account.
        """
        session = sign_in(**validated(serializers.CredentialsInput, request))
        return Response(signed_in(session))


class RefreshView(AnonymousView):
    @extend_schema(
        tags=["accounts"],
        auth=[],
        request=serializers.RefreshInput,
        responses=answers({200: serializers.RefreshedOutput}, errors=(*BODY_ERRORS, 401), signed_in=False),
    )
    def post(self, request: Request) -> Response:
        """Refresh the tokens.

        Exchanges the refresh token for the next pair. Send the same token again when the answer was lost: it gets the
        same successor until that was used. Presenting the old token after that ends the session.
        """
        session = refresh_session(**validated(serializers.RefreshInput, request))
        return Response(serializers.RefreshedOutput({"token": tokens_of(session)}).data)


class LogoutView(APIView):
    @extend_schema(tags=["accounts"], request=None, responses=answers({204: None}))
    def post(self, request: Request) -> Response:
        """Sign out.

        Ends this session: both its tokens stop at once. Other sessions go on.
        """
        end_session(session=caller_session(request), reason=EndReason.LOGGED_OUT)
        return Response(status=204)


class MeView(APIView):
    @extend_schema(tags=["accounts"], responses=answers({200: serializers.MeOutput}))
    def get(self, request: Request) -> Response:
        """Show the account.

        Returns the account, its consents and the current session. Apps call it to restore a session at start.
        """
        user = caller(request)
        consents = Consent.objects.filter(user=user).order_by("given_at", "id")
        me = {"id": user.pk, "email": user.email, "created_at": user.created_at, "consents": consents}
        return Response(serializers.MeOutput({**me, "session": caller_session(request)}).data)


class ConsentsView(APIView):
    @extend_schema(
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

        return run_once(request, effect=effect, present=self._present)

    def _present(self, reference: dict[str, Any]) -> dict[str, Any]:
        return serializers.ConsentOutput(Consent.objects.get(pk=reference["consent_id"])).data


class DevicesView(APIView):
    @extend_schema(
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
            device = register_device(user=caller(request), platform=platform, push_token=push_token)
            return Outcome(201, {"device_id": str(device.pk)})

        return run_once(request, effect=effect, present=self._present)

    def _present(self, reference: dict[str, Any]) -> dict[str, Any]:
        device = Device.objects.filter(pk=reference["device_id"]).first()
        if device is None:  # registered under this key and forgotten since
            raise NotFound
        return serializers.DeviceOutput(device).data


class DeviceView(APIView):
    @extend_schema(tags=["accounts"], responses=answers({204: None}, errors=(404,)))
    def delete(self, request: Request, device_id: uuid.UUID) -> Response:
        """Remove a device.

        Stops notifications to this device.
        """
        forget_device(user=caller(request), device_id=device_id)
        return Response(status=204)


class PasswordResetView(CredentialsView):
    @extend_schema(
        tags=["accounts"],
        auth=[],
        request=serializers.ResetRequestInput,
        responses=answers({202: None}, errors=BODY_ERRORS, signed_in=False),
    )
    def post(self, request: Request) -> Response:
        """Ask for a password reset code.

        Mails a six-digit code to the address. The answer is the same whether or not the address has an account.
        """
        request_reset(**validated(serializers.ResetRequestInput, request))
        return Response(status=202)


class PasswordResetConfirmView(CredentialsView):
    @extend_schema(
        tags=["accounts"],
        auth=[],
        request=serializers.ResetConfirmInput,
        responses=answers({204: None}, errors=BODY_ERRORS, signed_in=False),
    )
    def post(self, request: Request) -> Response:
        """Set a new password with a code.

        Takes the mailed code once, sets the password and ends all sessions. After too many wrong tries ask for a new
        code.
        """
        confirm_reset(**validated(serializers.ResetConfirmInput, request))
        return Response(status=204)


class PasswordChangeView(APIView):
    rate_limit: ClassVar[str] = "credentials"

    @extend_schema(
        tags=["accounts"],
        request=serializers.PasswordChangeInput,
        responses=answers({204: None}, errors=BODY_ERRORS),
    )
    def post(self, request: Request) -> Response:
        """Change the password.

        Sets a new password. All other sessions end; this one goes on.
        """
        change_password(session=caller_session(request), **validated(serializers.PasswordChangeInput, request))
        return Response(status=204)


class DisclaimerView(AnonymousView):
    @extend_schema(
        tags=["documents"],
        auth=[],
        responses=answers({200: serializers.DocumentOutput}, signed_in=False),
    )
    def get(self, request: Request) -> Response:
        """Read the disclaimer.

        Returns the current text and its version, which `POST /auth/me/consents` accepts.
        """
        return Response(serializers.DocumentOutput(DISCLAIMER).data)
